// What Telegram sends to /hooks/telegram by itself, in the place of polling.
import type { Secret } from '../../../ports/secret.ts';
import type { Delivery, Received, WebhookSource } from '../../../ports/webhook.ts';
import { isSameSecret } from '../../same-secret.ts';
import { createUpdateQueue, type UpdateQueue } from '../update-queue.ts';
import { readUpdate } from './updates.ts';

/** Telegram sends again what is not answered: it hears yes when an update was handled, or after so long. */
const HANDLED_WITHIN_MS = 20_000;

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
): TelegramHook {
  const queue = createUpdateQueue(Date.now());
  const receive = async ({ headers, body }: Delivery): Promise<Received> => {
    const given = headers.get('x-telegram-bot-api-secret-token');
    if (given === null || !isSameSecret(given, secret.reveal()))
      return { kind: 'refused', status: 401, why: 'x-telegram-bot-api-secret-token is missing or wrong' };
    const update = readUpdate(jsonOf(body), chats);
    if (update === null) return { kind: 'refused', status: 400, why: 'the body is no update' };
    const handled = queue.put({ ...update, key: update.key ?? `update ${update.id}` });
    await Promise.race([handled, new Promise((done) => setTimeout(done, HANDLED_WITHIN_MS).unref())]);
    return { kind: 'accepted', reply: null };
  };
  return { url, secret, source: { path: '/hooks/telegram', receive }, heard: queue.receive };
}

const jsonOf = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
};
