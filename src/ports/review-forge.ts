// The forge where a dual action is reviewed, and where people may answer by comments.
import type { AccountService } from '../core/approval/vote.ts';
import type { Channel } from '../core/model/channel.ts';
import type { CommandPrefix } from '../core/text/answer-doors.ts';

export interface ReviewIssue {
  /** At most 255 code points. */
  readonly title: string;
  /** Markdown, safe as it stands; holds the marker. */
  readonly body: string;
  /** Unique text in the body by which an existing issue is found again. */
  readonly marker: string;
  /** RFC 3339; no issue with this marker can be older, so a search need not look further back. */
  readonly notBefore: string;
  /** What the policy wants to be seen of it in lists; absent: nothing. */
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
}

export interface IssueAddress {
  readonly issueUrl: string;
  readonly issueNumber: number;
  /** Labels and assignees of a new one that the forge does not have, in words; absent: none was asked for. */
  readonly lacking?: readonly string[];
}

/** An issue as it stands now. */
export interface StandingIssue {
  readonly state: 'open' | 'closed';
  readonly body: string;
  /** RFC 3339, by the forge's clock: when it, or something about it, changed last. */
  readonly updatedAt: string;
}

/** The one comment that the gate keeps up to date; `marker` in its body finds it again. */
export interface StatusComment {
  readonly issueNumber: number;
  readonly marker: string;
  /** Markdown, safe as it stands; holds the marker. */
  readonly body: string;
}

/** An issue of the gate's own account as it stands now: whoever may edit it may have done so, and the author stays. */
export interface OwnIssue {
  readonly issueNumber: number;
  readonly issueUrl: string;
  /** RFC 3339, by the forge's clock. */
  readonly createdAt: string;
  readonly body: string;
}

/** A comment as received; judging it (people, digests, quorum) is done above. */
export interface ReviewComment {
  /** Unique in the repository. */
  readonly id: string;
  readonly issueNumber: number;
  /** The author's login; null where the forge proves none. */
  readonly account: string | null;
  /** The forge's number for it, which outlives a change of the login; null or absent: it told none. */
  readonly accountId?: string | null;
  /** `own`: written by the gate; `edited`: not (provably) as its author first wrote it. */
  readonly nature: 'comment' | 'edited' | 'bot' | 'own';
  /** RFC 3339, by the forge's clock. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly text: string;
}

/** `next` is the number of the page behind this one; null at the end. */
export interface CommentPage {
  readonly comments: readonly ReviewComment[];
  readonly next: number | null;
}

/** Why reviews cannot work there; `remedy` names the forge's own settings. */
export interface ForgeProblem {
  readonly code:
    | 'no-repository'
    | 'issues-off'
    | 'archived'
    | 'may-not-read'
    | 'may-not-write'
    | 'no-answer'
    | 'unclear';
  readonly message: string;
  readonly remedy: string;
}

export interface ForgeAccess {
  /** "sre/reviews", with the address of the forge. */
  readonly repository: string;
  /** The account that the gate writes as; null where the token may not say. */
  readonly login: string | null;
  /** What the token may do there, as far as it was asked. */
  readonly rights: readonly ('read issues' | 'write issues' | 'comment' | 'close')[];
  /** [] when everything that a review needs is there. */
  readonly problems: readonly ForgeProblem[];
}

/** Every method throws AdapterError, but for checkAccess, which says what is wrong. */
export interface ReviewForge {
  /** The service whose accounts are mapped to people, and the channel of their votes. */
  readonly channel: AccountService & Channel;
  /** Its name, as texts for people write it. */
  readonly brand: string;
  /** How a command in a comment must begin, so that the forge leaves it where it is. */
  readonly commandPrefix: CommandPrefix;
  /** Finds the issue with the marker or creates it. Run twice: still one issue. */
  ensureReviewIssue(issue: ReviewIssue, signal: AbortSignal): Promise<IssueAddress>;
  /** The issue with the marker, where one was made; null: there is none. */
  findReviewIssue(issue: Pick<ReviewIssue, 'marker' | 'notBefore'>, signal: AbortSignal): Promise<IssueAddress | null>;
  /**
   * The newest that the gate's own account made, open and closed, newest first, at most `limit`; where the token may not say whose it
   * is, those with the gate's mark. Old ones behind thousands of others are not looked for.
   */
  readOwnIssues(limit: number, signal: AbortSignal): Promise<readonly OwnIssue[]>;
  /** null: it, or its repository, is there no more. */
  readIssue(issueNumber: number, signal: AbortSignal): Promise<StandingIssue | null>;
  /** Puts this text in the place of the issue's body; the issue as it stands then. */
  rewriteIssue(issueNumber: number, body: string, signal: AbortSignal): Promise<StandingIssue>;
  /** Makes the comment, or edits the one with the marker where its text is another. Run twice: still one comment. */
  ensureStatusComment(comment: StatusComment, signal: AbortSignal): Promise<void>;
  /** Run twice, or after a person did it: still closed. */
  closeIssue(issueNumber: number, signal: AbortSignal): Promise<void>;
  /** One page (from 1) of the comments that were written or edited at or after `since` (RFC 3339), oldest first. */
  readComments(since: string, page: number, signal: AbortSignal): Promise<CommentPage>;
  /** Asks what a review needs, and changes nothing. */
  checkAccess(signal: AbortSignal): Promise<ForgeAccess>;
}
