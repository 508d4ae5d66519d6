// The chat on Telegram: our verbs.
import { Api } from 'grammy';
import { z } from 'zod';
import { cut } from '../../../core/text/escape.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { CardPlaces, Chat, ChatCard, ChatUpdate } from '../../../ports/chat.ts';
import type { Secret } from '../../../ports/secret.ts';
import type { WebhookSource } from '../../../ports/webhook.ts';
import { readPeerUrl } from '../../peer-url.ts';
import { toAdapterError } from './errors.ts';
import { type TelegramHook, telegramHook } from './hook.ts';
import { splitMessage } from './split.ts';
import { ALLOWED_UPDATES, pressData, readUpdates } from './updates.ts';

export interface TelegramOptions {
  /** TELEGRAM_API_ROOT; https://api.telegram.org when left out. */
  readonly apiRoot?: string;
  readonly token: Secret;
  /** TELEGRAM_CHAT_ID: the chats that are told, and in which votes count. */
  readonly chats: readonly string[];
  /** How long Telegram holds a poll open; 25 s when left out. */
  readonly pollSeconds?: number;
  /** Telegram sends to this address, with this secret; null or absent: the gate polls. */
  readonly webhook?: { readonly url: string; readonly secret: Secret } | null;
}

const ANSWER_LIMIT = 16 * 1024 * 1024;
/** Unfinished sends that are remembered, so that a repeated send goes only where it has not arrived. */
const REMEMBERED = 500;

/** Bot API, answerCallbackQuery: 0 to 200 characters. */
const ALERT_LIMIT = 200;
const PLAIN = { link_preview_options: { is_disabled: true } } as const;

const me = z.object({ username: z.string().min(1) });
const sentMessage = z.object({ message_id: z.int().positive() });

const keyboardOf = ({ buttons }: ChatCard) => ({
  reply_markup: {
    inline_keyboard:
      buttons === null
        ? []
        : [
            (['approve', 'reject'] as const).map((decision) => ({
              text: buttons[decision],
              callback_data: pressData({ decision, proposal: buttons.proposal, digits: buttons.digits }),
            })),
          ],
  },
});

/** It says that already, or nobody can change it any more (deleted, too old): the next news tells it all the same. */
const isNoEdit = (thrown: unknown): boolean =>
  thrown instanceof AdapterError &&
  thrown.kind === 'refused' &&
  thrown.status === 400 &&
  /message (?:is not modified|to edit not found|can't be edited)/i.test(thrown.message);

export class TelegramChat implements Chat {
  readonly channel = 'telegram';
  readonly brand = 'Telegram';
  readonly commandPrefix = '/';
  readonly hook?: WebhookSource;
  readonly #api: Api;
  readonly #token: Secret;
  readonly #chats: ReadonlySet<string>;
  readonly #pollSeconds: number;
  readonly #webhook: TelegramHook | null;
  /** By text: how many of its parts each chat has. */
  readonly #unfinished = new Map<string, Map<string, number>>();
  readonly #said = new Set<string>();

  /** Throws an Error that names the setting that is wrong. */
  constructor({ apiRoot, token, chats, pollSeconds, webhook = null }: TelegramOptions) {
    // It travels in the path of the address.
    if (!/^[\x21-\x7e]+$/.test(token.reveal()) || /[/?#%\\]/.test(token.reveal()))
      throw new Error('TELEGRAM_BOT_TOKEN is not a bot token, which looks like 123456:ABC-DEF.');
    if (chats.length === 0) throw new Error('TELEGRAM_CHAT_ID names no chat.');
    for (const chat of chats) {
      if (!/^-?\d+$/.test(chat) || !Number.isSafeInteger(Number(chat)))
        throw new Error(`TELEGRAM_CHAT_ID must hold numeric ids such as -1001234567890, not "${chat}".`);
    }
    const root = readPeerUrl('TELEGRAM_API_ROOT', apiRoot ?? 'https://api.telegram.org');
    this.#api = new Api(token.reveal(), {
      apiRoot: root,
      timeoutSeconds: 90,
      baseFetchConfig: { redirect: 'error', size: ANSWER_LIMIT },
    });
    this.#token = token;
    this.#chats = new Set(chats);
    this.#pollSeconds = pollSeconds ?? 25;
    this.#webhook = webhook === null ? null : telegramHook(webhook, this.#chats);
    if (this.#webhook !== null) this.hook = this.#webhook.source;
  }

  async readName(signal: AbortSignal): Promise<string> {
    const answer = me.safeParse(await this.#call('getMe', signal, (grammySignal) => this.#api.getMe(grammySignal)));
    if (answer.success) return answer.data.username;
    throw new AdapterError('invalid-answer', 'Telegram does not say who the bot is. Check TELEGRAM_API_ROOT.');
  }

  async send(text: string, signal: AbortSignal): Promise<void> {
    const arrived = this.#unfinished.get(text) ?? new Map<string, number>();
    const parts = splitMessage(text);
    const ends = await Promise.all([...this.#chats].map((chat) => this.#sendTo(chat, parts, arrived, signal)));
    this.#unfinished.delete(text);
    const failures = ends.filter((end) => end !== null);
    if (failures.length === 0) return;
    this.#unfinished.set(text, arrived);
    for (const oldest of this.#unfinished.keys()) {
      if (this.#unfinished.size <= REMEMBERED) break;
      this.#unfinished.delete(oldest);
    }
    throw joined(failures);
  }

  async post(card: ChatCard, signal: AbortSignal): Promise<CardPlaces> {
    const places: Record<string, string> = {};
    for (const chat of this.#chats) {
      const sent = await this.#call('sendMessage', signal, (grammySignal) =>
        this.#api.sendMessage(Number(chat), card.text, { ...PLAIN, ...keyboardOf(card) }, grammySignal),
      );
      const message = sentMessage.safeParse(sent);
      if (!message.success)
        throw new AdapterError(
          'invalid-answer',
          'Telegram does not say which message it sent. Check TELEGRAM_API_ROOT.',
        );
      places[chat] = `${message.data.message_id}`;
    }
    return places;
  }

  async edit(places: CardPlaces, card: ChatCard, signal: AbortSignal): Promise<void> {
    for (const [chat, message] of Object.entries(places)) {
      try {
        await this.#call('editMessageText', signal, (grammySignal) =>
          this.#api.editMessageText(
            Number(chat),
            Number(message),
            card.text,
            { ...PLAIN, ...keyboardOf(card) },
            grammySignal,
          ),
        );
      } catch (thrown) {
        if (!isNoEdit(thrown)) throw thrown;
      }
    }
  }

  async answer(chat: string, text: string, replyTo: string | null, signal: AbortSignal): Promise<void> {
    if (replyTo !== null) {
      const shown = cut(text, ALERT_LIMIT);
      await this.#call('answerCallbackQuery', signal, (grammySignal) =>
        this.#api.answerCallbackQuery(replyTo, { text: shown, show_alert: true }, grammySignal),
      );
      if (shown === text) return;
    }
    for (const part of splitMessage(text)) await this.#sendPart(chat, part, signal);
  }

  async receive(offset: number | null, signal: AbortSignal): Promise<readonly ChatUpdate[]> {
    if (this.#webhook !== null) return this.#receiveSent(this.#webhook, offset, signal);
    const asked = {
      ...(offset === null ? {} : { offset }),
      timeout: this.#pollSeconds,
      allowed_updates: [...ALLOWED_UPDATES],
    };
    const deadline = AbortSignal.any([signal, AbortSignal.timeout((this.#pollSeconds + 15) * 1000)]);
    const answer = await this.#call('getUpdates', deadline, (grammySignal) =>
      this.#api.getUpdates(asked, grammySignal),
    );
    const updates = readUpdates(answer, this.#chats);
    if (updates === null)
      throw new AdapterError(
        'invalid-answer',
        'Telegram answered getUpdates with something else than a list of updates. Check TELEGRAM_API_ROOT.',
      );
    return updates;
  }

  async #receiveSent(hook: TelegramHook, offset: number | null, signal: AbortSignal): Promise<readonly ChatUpdate[]> {
    await this.#once('setWebhook', signal, (grammySignal) =>
      this.#api.setWebhook(
        hook.url,
        { secret_token: hook.secret.reveal(), allowed_updates: [...ALLOWED_UPDATES] },
        grammySignal,
      ),
    );
    return hook.heard(offset, this.#pollSeconds * 1000, signal);
  }

  /** What holds for as long as the gate runs is said once. */
  async #once(
    method: string,
    signal: AbortSignal,
    call: (signal: Parameters<Api['getMe']>[0]) => Promise<unknown>,
  ): Promise<void> {
    if (this.#said.has(method)) return;
    await this.#call(method, signal, call);
    this.#said.add(method);
  }

  /** null when everything has arrived there. */
  async #sendTo(
    chat: string,
    parts: readonly string[],
    arrived: Map<string, number>,
    signal: AbortSignal,
  ): Promise<readonly [chat: string, error: AdapterError] | null> {
    try {
      for (const part of parts.slice(arrived.get(chat) ?? 0)) {
        await this.#sendPart(chat, part, signal);
        arrived.set(chat, (arrived.get(chat) ?? 0) + 1);
      }
      return null;
    } catch (thrown) {
      if (thrown instanceof AdapterError) return [chat, thrown];
      throw thrown;
    }
  }

  async #sendPart(chat: string, text: string, signal: AbortSignal): Promise<void> {
    await this.#call('sendMessage', signal, (grammySignal) =>
      this.#api.sendMessage(Number(chat), text, { link_preview_options: { is_disabled: true } }, grammySignal),
    );
  }

  async #call(
    method: string,
    signal: AbortSignal,
    call: (signal: Parameters<Api['getMe']>[0]) => Promise<unknown>,
  ): Promise<unknown> {
    try {
      // grammY is typed for the signal of an older package, which Node's own satisfies at run time.
      return await call(signal as unknown as Parameters<Api['getMe']>[0]);
    } catch (thrown) {
      throw toAdapterError(method, thrown, this.#token, signal);
    }
  }
}

/** One error for all: a refusal only when each chat refused; the longest pause; every chat named. */
const joined = (failures: readonly (readonly [chat: string, error: AdapterError])[]): AdapterError => {
  const errors = failures.map(([, error]) => error);
  const worst =
    errors.find(({ kind }) => kind !== 'refused') ?? errors.find(({ status }) => status === 429) ?? errors[0];
  const pauses = errors.flatMap(({ retryAfterSeconds }) => (retryAfterSeconds === null ? [] : [retryAfterSeconds]));
  return new AdapterError(
    worst?.kind ?? 'no-answer',
    failures.map(([chat, { message }]) => `Chat ${chat}: ${message}`).join(' '),
    {
      ...(worst?.status == null ? {} : { status: worst.status }),
      ...(pauses.length === 0 ? {} : { retryAfterSeconds: Math.max(...pauses) }),
    },
  );
};
