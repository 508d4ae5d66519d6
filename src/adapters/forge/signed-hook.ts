// Webhooks of a forge → a hint that something was written: it wakes the poller, which alone is believed.
import { createHmac } from 'node:crypto';
import type { Secret } from '../../ports/secret.ts';
import { type Delivery, type Received, tooMany, type WebhookSource } from '../../ports/webhook.ts';
import { isSameSecret } from '../same-secret.ts';

/** How a forge proves that a delivery is its own. */
export type HookProof =
  /** HMAC-SHA256 of the body in hex, behind a prefix. */
  | { readonly kind: 'hmac'; readonly header: string; readonly prefix: string }
  /** The secret itself. */
  | { readonly kind: 'secret'; readonly header: string };

export interface ForgeHookOptions {
  readonly path: string;
  readonly proof: HookProof;
  readonly secret: Secret;
  /** Called for each delivery that is proven, whatever it tells; a replay wakes in vain. */
  readonly wake: () => void;
}

/** A delivery's content is not read: what it says of votes would be taken from whoever has the secret. */
export function forgeHook({ path, proof, secret, wake }: ForgeHookOptions): WebhookSource {
  return {
    path,
    receive: async (delivery, admit) => {
      const refused = unproven(delivery, proof, secret);
      if (refused !== null) return refused;
      const seconds = admit();
      if (seconds !== null) return tooMany(seconds);
      wake();
      return { kind: 'accepted', reply: null };
    },
  };
}

const unproven = ({ headers, body }: Delivery, proof: HookProof, secret: Secret): Received | null => {
  const given = headers.get(proof.header);
  if (given === null) return { kind: 'refused', status: 401, why: `${proof.header} is missing` };
  const expected =
    proof.kind === 'secret'
      ? secret.reveal()
      : `${proof.prefix}${createHmac('sha256', secret.reveal()).update(body).digest('hex')}`;
  return isSameSecret(given, expected) ? null : { kind: 'refused', status: 401, why: `${proof.header} is wrong` };
};
