// One person's vote on one digest.
import type { Channel } from '../model/channel.ts';
import type { Instant } from '../model/instant.ts';
import type { Digest } from '../sealed-spec/declarative-spec.ts';

/** Services where people have accounts (people.yaml, `accounts`: the keys are pinned by the contract). */
export const ACCOUNT_SERVICES = ['telegram', 'slack', 'gitea', 'github', 'gitlab', 'oidc'] as const;
export type AccountService = (typeof ACCOUNT_SERVICES)[number];

/** Services whose login names are the same in either case. */
export const CASELESS_ACCOUNTS: ReadonlySet<AccountService> = new Set<AccountService>(['gitea', 'github', 'gitlab']);

/** How it was known who spoke: by a token of people.yaml, a session of the console, or an account that the service itself vouches for. */
export type VoteProof =
  | { readonly kind: 'token' }
  /**
   * A login to the console: the beginning of the session's hash, the account at the issuer (null: a one-time link), and when the
   * person was last asked who they are (null: the issuer does not say).
   */
  | {
      readonly kind: 'session';
      readonly session: string;
      readonly account: string | null;
      readonly proven: Instant | null;
    }
  /** `message`: the id of the message or comment at the service; read twice, it is known by it. */
  | {
      readonly kind: 'account';
      readonly account: string;
      /** The service's own number for it, which outlives a change of the name; absent: it told none. */
      readonly accountId?: string;
      readonly message: string;
    };

export interface Vote {
  readonly person: string;
  readonly channel: Channel;
  readonly decision: 'approve' | 'reject';
  readonly digest: Digest;
  /** RFC 3339. */
  readonly at: string;
  readonly reason: string | null;
  /** Teams that the person was in when it was cast; absent: none. */
  readonly teams?: readonly string[];
  /** When the proposal was first shown to the person by this way; absent: not known. */
  readonly shownAt?: string;
  /** A yes so soon after it was shown that it can hardly have been read; absent: not so, or not known. */
  readonly hasty?: true;
  /** Absent in votes of before it was kept. */
  readonly proof?: VoteProof;
}

/** True when both were read from the same message of the same service. */
export function isSameMessage(one: Pick<Vote, 'channel' | 'proof'>, other: Pick<Vote, 'channel' | 'proof'>): boolean {
  const [a, b] = [one.proof, other.proof];
  if (a?.kind !== 'account' || b?.kind !== 'account') return false;
  return one.channel === other.channel && a.message === b.message;
}

/** Its vote was taken back: what is read again (by a restart, another gate, a second delivery) brings no vote back. */
export function isTakenBack(withdrawn: readonly Vote[] | undefined, cast: Pick<Vote, 'channel' | 'proof'>): boolean {
  return (withdrawn ?? []).some((vote) => isSameMessage(vote, cast));
}
