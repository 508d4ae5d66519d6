// Turns what went wrong with Telegram into the one error of the ports.
import { GrammyError, HttpError } from 'grammy';
import { cut, plainLine } from '../../../core/text/escape.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { Secret } from '../../../ports/secret.ts';

const CONFLICT_WEBHOOK =
  'A webhook is set for this bot: delete it (deleteWebhook), or give the gate a bot of its own in TELEGRAM_BOT_TOKEN.';
const CONFLICT_POLLER =
  'Another program polls this bot: a second gate, or another service with the same token. Stop it, or give the gate a bot of its own in TELEGRAM_BOT_TOKEN.';

const remedyOf = (status: number, description: string, movedTo: unknown): string => {
  if (typeof movedTo === 'number' && Number.isSafeInteger(movedTo))
    return `The group has become another chat: set TELEGRAM_CHAT_ID to ${movedTo}.`;
  switch (status) {
    case 400:
      return /chat not found/i.test(description)
        ? 'Add the bot to this chat, or correct TELEGRAM_CHAT_ID.'
        : 'Report this as a bug.';
    case 401:
    case 404:
      return 'The token is refused: check TELEGRAM_BOT_TOKEN (and TELEGRAM_API_ROOT).';
    case 403:
      return 'Let the bot into the chat again, or correct TELEGRAM_CHAT_ID.';
    case 409:
      return /webhook/i.test(description) ? CONFLICT_WEBHOOK : CONFLICT_POLLER;
    default:
      return 'The gate tries again later.';
  }
};

const refused = (method: string, error: GrammyError, token: Secret): AdapterError => {
  const status = error.error_code;
  if (!Number.isInteger(status))
    return new AdapterError(
      'invalid-answer',
      `Telegram answered ${method} with something else than its API does. Check TELEGRAM_API_ROOT.`,
    );
  const words = cut(plainLine(String(error.description).replaceAll(token.reveal(), '***')), 200);
  const pause = error.parameters.retry_after;
  // A server error says nothing about whether the request was carried out.
  return new AdapterError(
    status >= 500 ? 'invalid-answer' : 'refused',
    `Telegram refused ${method} with ${status} ("${words}"). ${remedyOf(status, words, error.parameters.migrate_to_chat_id)}`,
    { status, ...(pause === undefined ? {} : { retryAfterSeconds: pause }) },
  );
};

/** Names of node-fetch's errors where an answer came, but not one that can be read. */
const UNREADABLE = new Set(['invalid-json', 'max-size', 'no-redirect', 'invalid-redirect', 'unsupported-redirect']);

const unheard = (method: string, { error }: HttpError, signal: AbortSignal): AdapterError => {
  if (signal.aborted) {
    const inTime = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
    return new AdapterError(
      'no-answer',
      inTime ? `Telegram gave no answer to ${method} in time.` : `${method} to Telegram was stopped.`,
    );
  }
  const of = (name: 'type' | 'code'): string | null => {
    const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : null;
    return typeof value === 'string' ? value : null;
  };
  const type = of('type');
  if (type !== null && UNREADABLE.has(type))
    return new AdapterError(
      'invalid-answer',
      `Telegram's answer to ${method} cannot be read (${type}). Check TELEGRAM_API_ROOT, and what stands between.`,
    );
  const code = of('code') ?? 'no code';
  return new AdapterError(
    'no-answer',
    `Telegram did not answer: the connection for ${method} failed (${code}). Check the network and TELEGRAM_API_ROOT.`,
    { reason: code },
  );
};

/** grammY says "answered no" by GrammyError and "never heard" by HttpError; anything else is our own bug and goes on. */
export function toAdapterError(method: string, thrown: unknown, token: Secret, signal: AbortSignal): unknown {
  if (thrown instanceof GrammyError) return refused(method, thrown, token);
  if (thrown instanceof HttpError) return unheard(method, thrown, signal);
  return thrown;
}
