// What Telegram sends to /hooks/telegram by itself, in the place of polling.

import type { Secret } from '../../../ports/secret.ts';
import { type Admit, type Delivery, type Received, tooMany, type WebhookSource } from '../../../ports/webhook.ts';
import { jsonOf } from '../../answer-text.ts';
import { isSameSecret } from '../../same-secret.ts';
import { createUpdateQueue, handledWithin, type UpdateQueue } from '../update-queue.ts';
import { readUpdate } from './updates.ts';

/** Telegram sends again what is not answered with yes: it hears yes when an update was handled, and after so long that it was not. */
const HANDLED_WITHIN_MS = 20_000;
const AGAIN_SECONDS = 5;

export interface TelegramHook {
  readonly url: string;
  readonly secret: Secret;
  readonly source: WebhookSource;
  /** As Chat.receive. */
  readonly heard: UpdateQueue['receive'];
}

export function telegramHook(
  { url, secret }: Pick<TelegramHook, 'url' | 'secret'>,
  chats: ReadonlySet<string>,
  withinMs: number = HANDLED_WITHIN_MS,
): TelegramHook {
  const queue = createUpdateQueue(Date.now());
  const receive = async ({ headers, body }: Delivery, admit: Admit): Promise<Received> => {
    const given = headers.get('x-telegram-bot-api-secret-token');
    if (given === null || !isSameSecret(given, secret.reveal()))
      return { kind: 'refused', status: 401, why: 'x-telegram-bot-api-secret-token is missing or wrong' };
    const seconds = admit();
    if (seconds !== null) return tooMany(seconds);
    const update = readUpdate(jsonOf(new TextDecoder().decode(body)), chats);
    if (update === null) return { kind: 'refused', status: 400, why: 'the body is no update' };
    const handled = await handledWithin(queue.put({ ...update, key: update.key ?? `update ${update.id}` }), withinMs);
    return handled
      ? { kind: 'accepted', reply: null }
      : { kind: 'later', status: 503, retryAfterSeconds: AGAIN_SECONDS };
  };
  return { url, secret, source: { path: '/hooks/telegram', receive }, heard: (...asked) => queue.receive(...asked) };
}
