// What Slack sends to /hooks/slack: signed with the app's secret, at most five minutes old (api.slack.com, "Verifying requests").

import { createHmac } from 'node:crypto';
import type { Secret } from '../../../ports/secret.ts';
import { type Delivery, type Received, tooMany, type WebhookSource } from '../../../ports/webhook.ts';
import { jsonOf } from '../../answer-text.ts';
import { isSameSecret } from '../../same-secret.ts';

const VALID_SECONDS = 300;
/** Slack shows an error to whoever pressed after three seconds. */
const ANSWER_WITHIN_MS = 2500;
const AGAIN_SECONDS = 5;

/**
 * Hears one payload that was sent at `sent` (milliseconds); resolves when it was handled, with false when it was dropped. null: it
 * is nothing for the gate.
 */
export type Hear = (kind: 'interactive' | 'slash_commands', payload: unknown, sent: number) => Promise<boolean> | null;

export function slackHook(secret: Secret, hear: Hear, now: () => number): WebhookSource {
  return {
    path: '/hooks/slack',
    receive: async (delivery, admit) => {
      const refused = unproven(delivery, secret, now());
      if (refused !== null) return refused;
      const seconds = admit();
      if (seconds !== null) return tooMany(seconds);
      const text = new TextDecoder().decode(delivery.body);
      const isJson = (delivery.headers.get('content-type') ?? '').includes('json');
      if (isJson) return challenged(text);
      // What is signed says when it was sent: a delivery that comes late, or again, is of then.
      const stamp = Number(delivery.headers.get('x-slack-request-timestamp')) * 1000;
      return heard(new URLSearchParams(text), hear, Math.min(stamp, now()));
    },
  };
}

const unproven = ({ headers, body }: Delivery, secret: Secret, now: number): Received | null => {
  const [signature, stamp] = [headers.get('x-slack-signature'), headers.get('x-slack-request-timestamp')];
  if (signature === null || stamp === null || !/^\d{1,12}$/.test(stamp))
    return { kind: 'refused', status: 401, why: 'signature or timestamp is missing' };
  if (Math.abs(now / 1000 - Number(stamp)) > VALID_SECONDS)
    return { kind: 'refused', status: 401, why: 'the timestamp is older than five minutes, or of the future' };
  const expected = createHmac('sha256', secret.reveal()).update(`v0:${stamp}:`).update(body).digest('hex');
  return isSameSecret(signature, `v0=${expected}`)
    ? null
    : { kind: 'refused', status: 401, why: 'the signature is wrong' };
};

/** Slack asks once whether the address is the app's. */
const challenged = (text: string): Received => {
  const asked = jsonOf(text) as { readonly type?: unknown; readonly challenge?: unknown } | null;
  return asked?.type === 'url_verification' && typeof asked.challenge === 'string'
    ? { kind: 'accepted', reply: { contentType: 'text/plain; charset=utf-8', body: asked.challenge } }
    : { kind: 'accepted', reply: null };
};

const heard = async (form: URLSearchParams, hear: Hear, sent: number): Promise<Received> => {
  const payload = form.get('payload');
  const handled =
    payload === null
      ? hear('slash_commands', Object.fromEntries(form), sent)
      : hear('interactive', jsonOf(payload), sent);
  if (handled === null) return { kind: 'refused', status: 400, why: 'the body is nothing that the gate hears' };
  // Slack does not send it again: what still waits is heard all the same, only what was dropped is said to be lost.
  const dropped = await Promise.race([handled.then((end) => !end), laterNo(ANSWER_WITHIN_MS)]);
  if (dropped) return { kind: 'later', status: 503, retryAfterSeconds: AGAIN_SECONDS };
  return { kind: 'accepted', reply: { contentType: 'text/plain; charset=utf-8', body: '' } };
};

const laterNo = (ms: number): Promise<false> =>
  new Promise((done) => {
    setTimeout(() => done(false), ms).unref();
  });
