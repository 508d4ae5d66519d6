// What others send by themselves: a forge that something was written, a chat that somebody pressed a button.

/** As it came: the bytes are what a signature is made over. */
export interface Delivery {
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export type Received =
  /** `why` is for the log alone: whoever sent it learns nothing. */
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 403; readonly why: string }
  | { readonly kind: 'accepted'; readonly reply: { readonly contentType: string; readonly body: string } | null };

/** One address that a service sends to. */
export interface WebhookSource {
  /** "/hooks/x" */
  readonly path: string;
  /** Checks who sent it before anything of it is believed. Never throws. */
  receive(delivery: Delivery): Promise<Received>;
}
