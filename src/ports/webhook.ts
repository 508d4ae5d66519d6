// What others send by themselves: a forge that something was written, a chat that somebody pressed a button.

/** As it came: the bytes are what a signature is made over. */
export interface Delivery {
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export type Received =
  /** `why` is for the log alone: whoever sent it learns nothing. */
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 403; readonly why: string }
  /** Nothing is lost: whoever sent it sends it again. 429: too many of them; 503: it was not handled in time. */
  | { readonly kind: 'later'; readonly status: 429 | 503; readonly retryAfterSeconds: number }
  | { readonly kind: 'accepted'; readonly reply: { readonly contentType: string; readonly body: string } | null };

/** Counts one delivery of a sender that proved itself: null where it may be heard, else in how many seconds. */
export type Admit = () => number | null;

/** What an adapter says that was not let in. */
export function tooMany(retryAfterSeconds: number): Received {
  return { kind: 'later', status: 429, retryAfterSeconds };
}

/** One address that a service sends to. */
export interface WebhookSource {
  /** "/hooks/x" */
  readonly path: string;
  /** Checks who sent it before anything of it is believed, and only then asks `admit`: a forger uses up nobody's share. Never throws. */
  receive(delivery: Delivery, admit: Admit): Promise<Received>;
}
