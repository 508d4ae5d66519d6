// One person's vote on one digest.
import type { Digest } from '../sealed-spec/declarative-spec.ts';

/** Services where people have accounts (people.yaml, `accounts`: the keys are pinned by the contract). */
export type AccountService = 'telegram' | 'gitea';

/** How a vote came in. */
export type Channel = 'telegram' | 'http';

export interface Vote {
  readonly person: string;
  readonly channel: Channel;
  readonly decision: 'approve' | 'reject';
  readonly digest: Digest;
  /** RFC 3339. */
  readonly at: string;
  readonly reason: string | null;
}
