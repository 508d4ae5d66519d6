// The one error that adapters throw: its kind says whether the peer refused, gave no answer, or an invalid one.

import type { ApiReply } from '../core/model/api-reply.ts';
import { maskShapes } from '../core/model/secret-shapes.ts';

export type AdapterErrorKind = 'refused' | 'no-answer' | 'invalid-answer';

/** The longest pause that a peer is granted: it is a peer's word, and everything behind waits for it. */
const MAX_PAUSE_SECONDS = 3600;

/** null for what is no pause (none, negative, no number): then the gate's own counts. */
const pauseOf = (seconds: number | undefined): number | null =>
  seconds === undefined || !(seconds > 0) ? null : Math.min(Math.max(seconds, 1), MAX_PAUSE_SECONDS);

/**
 * A peer's words lose their secrets here. `status` is the HTTP status where there was one; `retryAfterSeconds` (1-3600) where the
 * peer named a pause.
 */
export class AdapterError extends Error {
  readonly kind: AdapterErrorKind;
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;
  /** Kubernetes reason (NotFound, Conflict, …) or the peer's own code, null where none. */
  readonly reason: string | null;
  /** The whole answer of the Kubernetes API where it was a refusal in its own words; it may name what nobody may read. */
  readonly reply: ApiReply | null;

  constructor(
    kind: AdapterErrorKind,
    message: string,
    detail: {
      readonly status?: number;
      readonly retryAfterSeconds?: number;
      readonly reason?: string;
      readonly reply?: ApiReply;
    } = {},
  ) {
    super(maskShapes(message));
    this.name = 'AdapterError';
    this.kind = kind;
    this.status = detail.status ?? null;
    this.retryAfterSeconds = pauseOf(detail.retryAfterSeconds);
    this.reason = detail.reason ?? null;
    this.reply = detail.reply ?? null;
  }
}
