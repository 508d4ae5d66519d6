// One person's word on one digest.
import type { Digest } from '../sealed-spec/declarative-spec.ts';

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
