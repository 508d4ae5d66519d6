// The one error that adapters throw: it says whether a refusal, nothing, or garbage was heard.

export type AdapterErrorKind = 'refused' | 'no-answer' | 'invalid-answer';

/** `status` is the HTTP status where one was heard; `retryAfterSeconds` where the peer named a pause. */
export class AdapterError extends Error {
  readonly kind: AdapterErrorKind;
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;
  /** Kubernetes reason (NotFound, Conflict, …) or the peer's own code, null where none. */
  readonly reason: string | null;

  constructor(
    heard: AdapterErrorKind,
    message: string,
    detail: { readonly status?: number; readonly retryAfterSeconds?: number; readonly reason?: string } = {},
  ) {
    super(message);
    this.name = 'AdapterError';
    this.kind = heard;
    this.status = detail.status ?? null;
    this.retryAfterSeconds = detail.retryAfterSeconds ?? null;
    this.reason = detail.reason ?? null;
  }
}
