// What one forge must be able to do: single requests, in the words of issues and comments. Everything else stands once, in
// review-forge.ts beside it.
import type { AccountService } from '../../core/approval/vote.ts';
import type { Channel } from '../../core/model/channel.ts';
import type { CommandPrefix } from '../../core/text/answer-doors.ts';
import type { ForgeAccess } from '../../ports/review-forge.ts';

export interface ApiIssue {
  readonly number: number;
  readonly url: string;
  readonly body: string;
  /** null where the forge does not say. */
  readonly author: string | null;
  readonly state: 'open' | 'closed';
  /** Whether a program wrote it; absent where the forge does not say. */
  readonly byProgram?: boolean;
  /** RFC 3339, in UTC with milliseconds. */
  readonly createdAt: string;
  /** The same: when it, or something about it, changed last. */
  readonly updatedAt: string;
}

/** Issues changed since (RFC 3339), of one author where one is named (null: of all). */
export interface IssueFilter {
  readonly since: string;
  readonly author: string | null;
}

export interface ApiComment {
  readonly id: string;
  readonly body: string;
  readonly author: string | null;
  /** Whether a program wrote it; absent where the forge does not say. */
  readonly byProgram?: boolean;
}

/** What a policy wants to be seen of a review issue in lists. */
export interface Decoration {
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

/** A comment with what judging it needs: whose it is by the number that outlives a rename, when it was written and last changed, by the forge's clock (RFC 3339). */
export interface ApiRecentComment extends ApiComment {
  readonly issue: number;
  readonly authorId: string | null;
  /** True where the forge says that a program wrote it. */
  readonly byProgram: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A page of a list; `isLast` where the forge says that nothing follows, null where it does not say. */
export interface ApiPage<T> {
  readonly items: readonly T[];
  readonly isLast: boolean | null;
}

/** Every method is one request, or a few where the forge needs them, and throws AdapterError. Pages are counted from 1. */
export interface ForgeApi {
  readonly channel: AccountService & Channel;
  readonly brand: string;
  readonly commandPrefix: CommandPrefix;
  /** Whose token it is; null where the token may not say. */
  readLogin(signal: AbortSignal): Promise<string | null>;
  /** Open and closed ones, newest first; the list itself, no search index. */
  listIssues(filter: IssueFilter, page: number, signal: AbortSignal): Promise<ApiPage<ApiIssue>>;
  createIssue(title: string, body: string, signal: AbortSignal): Promise<ApiIssue>;
  /** null: there is no such issue (any more). */
  readIssue(number: number, signal: AbortSignal): Promise<ApiIssue | null>;
  /** Another body, and nothing else of it. */
  editIssue(number: number, body: string, signal: AbortSignal): Promise<ApiIssue>;
  closeIssue(number: number, signal: AbortSignal): Promise<void>;
  /** Adds labels and assignees to a new issue; what the forge does not have is left out, and said. */
  decorate(number: number, decoration: Decoration, signal: AbortSignal): Promise<readonly string[]>;
  /** Of one issue, oldest first. */
  listComments(issue: number, page: number, signal: AbortSignal): Promise<ApiPage<ApiComment>>;
  createComment(issue: number, body: string, signal: AbortSignal): Promise<ApiComment>;
  /** null: there is no such comment (any more). */
  readComment(id: string, signal: AbortSignal): Promise<ApiComment | null>;
  editComment(id: string, body: string, signal: AbortSignal): Promise<void>;
  /** Of all issues, written or changed since (RFC 3339); of one issue oldest first. */
  listRecentComments(since: string, page: number, signal: AbortSignal): Promise<ApiPage<ApiRecentComment>>;
  checkAccess(signal: AbortSignal): Promise<ForgeAccess>;
}
