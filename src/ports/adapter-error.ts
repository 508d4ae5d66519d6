// The one error that adapters throw: its kind says whether the peer refused, gave no answer, or an invalid one.

import { maskShapes } from '../core/model/secret-shapes.ts';

export type AdapterErrorKind = 'refused' | 'no-answer' | 'invalid-answer';

/** A peer's words lose their secrets here. `status` is the HTTP status where there was one; `retryAfterSeconds` where the peer named a pause. */
export class AdapterError extends Error {
  readonly kind: AdapterErrorKind;
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;
  /** Kubernetes reason (NotFound, Conflict, …) or the peer's own code, null where none. */
  readonly reason: string | null;

  constructor(
    kind: AdapterErrorKind,
    message: string,
    detail: { readonly status?: number; readonly retryAfterSeconds?: number; readonly reason?: string } = {},
  ) {
    super(maskShapes(message));
    this.name = 'AdapterError';
    this.kind = kind;
    this.status = detail.status ?? null;
    this.retryAfterSeconds = detail.retryAfterSeconds ?? null;
    this.reason = detail.reason ?? null;
  }
}
