// What two people read before a dual action runs: title and body of the review issue. It must never show others' words unescaped.
import type { DeclarativeSpec } from './declarative-spec.ts';
import type { Lang } from './words/lang.ts';

/** What the issue is written from; the same input gives the same text. */
export interface ReviewRequest {
  /** The proposal's id: with the digest it makes the marker. */
  readonly proposal: string;
  readonly incident: string;
  readonly spec: DeclarativeSpec;
  /** The proposer's words, shown as such; null where none were given. */
  readonly diagnosis: string | null;
  /** Hash of the newest audit line when the spec was sealed. */
  readonly auditHead: string;
  /** RFC 3339: when the proposal was made, and until when approvals count. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lang: Lang;
}

/** Title (≤ 255 code points), Markdown body and the marker in it, as contract section 6 pins them. */
export interface ReviewIssueText {
  readonly title: string;
  readonly body: string;
  readonly marker: string;
  readonly notBefore: string;
}

/** Writes the issue; pure. */
export const writeReviewIssue = (request: ReviewRequest): ReviewIssueText => {
  const marker = `blastgate-review ${request.proposal} ${request.spec.digest}`;
  return { title: '', body: '', marker, notBefore: request.createdAt };
};
