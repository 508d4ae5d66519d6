// The forge where a dual action is reviewed.

export interface ReviewIssue {
  /** At most 255 code points. */
  readonly title: string;
  /** Markdown, safe as it stands; holds the marker. */
  readonly body: string;
  /** Unique text in the body by which an existing issue is found again. */
  readonly marker: string;
  /** RFC 3339; no issue with this marker can be older, so a search need not look further back. */
  readonly notBefore: string;
}

export interface ReviewForge {
  /** Finds the issue with the marker or creates it; throws AdapterError. Run twice: still one issue. */
  ensureReviewIssue(
    issue: ReviewIssue,
    signal: AbortSignal,
  ): Promise<{ readonly issueUrl: string; readonly issueNumber: number }>;
  /** The login of the account that the gate writes as. Throws AdapterError. */
  readLogin(signal: AbortSignal): Promise<string>;
}
