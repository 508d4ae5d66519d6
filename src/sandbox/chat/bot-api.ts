// The part of Telegram's Bot API that a gate needs, answered as Telegram answers it.
import type { BotMessage, Button, Conversation } from './conversation.ts';

export type Parameters = { readonly [key: string]: unknown };

export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

const MESSAGE_LIMIT = 4096;
const LONGEST_POLL_SECONDS = 50;

export const ok = (result: unknown): Answer => ({ status: 200, json: { ok: true, result } });
export const refuse = (status: number, description: string, parameters?: Parameters): Answer => ({
  status,
  json: { ok: false, error_code: status, description, ...(parameters === undefined ? {} : { parameters }) },
});

/** A whole number given as such or as text, as Telegram takes both. */
export const whole = (value: unknown, otherwise: number): number => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : otherwise;
};

interface Poll {
  readonly end: (answer: Answer) => void;
  readonly look: () => void;
}

/** Bot API: callback data is 1 to 64 bytes. null: a button that Telegram would not take. */
const keyboardIn = (markup: unknown): readonly Button[] | null => {
  const given = typeof markup === 'string' ? (JSON.parse(markup) as unknown) : markup;
  const rows =
    (given as { readonly inline_keyboard?: readonly (readonly Button[])[] } | undefined)?.inline_keyboard ?? [];
  const buttons = rows.flat().map(({ text, callback_data }) => ({ text, callback_data }));
  const isFit = buttons.every(
    ({ text, callback_data: data }) =>
      text !== '' && data !== undefined && data !== '' && Buffer.byteLength(data) <= 64,
  );
  return isFit ? buttons : null;
};

export class BotApi {
  readonly #conversation: Conversation;
  readonly #botName: string;
  readonly #heard: (message: BotMessage) => void;
  #poll: Poll | null = null;

  /** `heard` is told of every message that the bot sends. */
  constructor(conversation: Conversation, botName: string, heard: (message: BotMessage) => void) {
    this.#conversation = conversation;
    this.#botName = botName;
    this.#heard = heard;
    conversation.onUpdate = () => this.#poll?.look();
  }

  polls(): number {
    return this.#poll === null ? 0 : 1;
  }

  endPolls(): void {
    this.#poll?.end(ok([]));
  }

  async answer(method: string, given: Parameters, gone: AbortSignal): Promise<Answer> {
    switch (method) {
      case 'getMe':
        return ok({
          id: 1,
          is_bot: true,
          first_name: 'Blastgate',
          username: this.#botName,
          can_join_groups: true,
          can_read_all_group_messages: false,
          supports_inline_queries: false,
        });
      case 'getUpdates':
        return this.#getUpdates(given, gone);
      case 'sendMessage':
        return this.#sendMessage(given);
      case 'editMessageText':
        return this.#editMessage(given);
      case 'answerCallbackQuery':
        return this.#answerCallback(given);
      case 'setWebhook':
        return this.#setWebhook(given);
      default:
        return refuse(404, 'Not Found: method not found');
    }
  }

  /** One poll at a time: a newer one ends the older with 409, as Telegram does. */
  #getUpdates(given: Parameters, gone: AbortSignal): Promise<Answer> {
    const conflict =
      'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';
    this.#poll?.end(refuse(409, conflict));
    const types = Array.isArray(given['allowed_updates']) ? given['allowed_updates'].map(String) : [];
    const limit = Math.min(Math.max(whole(given['limit'], 100), 1), 100);
    const seconds = Math.min(Math.max(whole(given['timeout'], 0), 0), LONGEST_POLL_SECONDS);
    let offset = whole(given['offset'], 0);
    return new Promise((resolve) => {
      const end = (answer: Answer): void => {
        clearTimeout(timer);
        if (this.#poll === own) this.#poll = null;
        resolve(answer);
      };
      const look = (): void => {
        const found = this.#conversation.take(offset, limit, types);
        offset = Math.max(offset, 0);
        if (found.length > 0) end(ok(found));
      };
      const timer = setTimeout(() => end(ok([])), seconds * 1000);
      const own = { end, look };
      this.#poll = own;
      gone.addEventListener('abort', () => end(ok([])), { once: true });
      look();
    });
  }

  #sendMessage(given: Parameters): Answer {
    const text = given['text'];
    const chat = whole(given['chat_id'], Number.NaN);
    if (given['chat_id'] === undefined) return refuse(400, 'Bad Request: chat_id is empty');
    if (!this.#conversation.knows(chat)) return refuse(400, 'Bad Request: chat not found');
    if (given['parse_mode'] !== undefined) return refuse(400, 'Bad Request: the sandbox takes plain text only');
    if (typeof text !== 'string' || text.trim() === '') return refuse(400, 'Bad Request: message text is empty');
    if (text.length > MESSAGE_LIMIT) return refuse(400, 'Bad Request: message is too long');
    if (!text.isWellFormed()) return refuse(400, 'Bad Request: strings must be encoded in UTF-8');
    const keyboard = keyboardIn(given['reply_markup']);
    if (keyboard === null) return refuse(400, 'Bad Request: BUTTON_DATA_INVALID');
    const message = this.#conversation.botSays(chat, text, keyboard);
    this.#heard(message);
    const date = Math.floor(Date.now() / 1000);
    return ok({ message_id: message.messageId, date, chat: this.#conversation.chatAsJson(chat), text });
  }

  #editMessage(given: Parameters): Answer {
    const [chat, id] = [whole(given['chat_id'], Number.NaN), whole(given['message_id'], Number.NaN)];
    const text = given['text'];
    if (typeof text !== 'string' || text.trim() === '') return refuse(400, 'Bad Request: message text is empty');
    if (text.length > MESSAGE_LIMIT) return refuse(400, 'Bad Request: message is too long');
    const keyboard = keyboardIn(given['reply_markup']);
    if (keyboard === null) return refuse(400, 'Bad Request: BUTTON_DATA_INVALID');
    const before = this.#conversation.find(chat, id);
    if (before === undefined) return refuse(400, 'Bad Request: message to edit not found');
    if (before.text === text && JSON.stringify(before.buttons) === JSON.stringify(keyboard))
      return refuse(
        400,
        'Bad Request: message is not modified: specified new message content and reply markup are exactly the same',
      );
    this.#conversation.edit(chat, id, text, keyboard);
    return ok({ message_id: id, chat: this.#conversation.chatAsJson(chat), text });
  }

  #answerCallback(given: Parameters): Answer {
    const [id, text] = [given['callback_query_id'], given['text'] ?? ''];
    if (typeof text !== 'string' || text.length > 200) return refuse(400, 'Bad Request: MESSAGE_TOO_LONG');
    return this.#conversation.answerPress(String(id), text)
      ? ok(true)
      : refuse(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
  }

  #setWebhook(given: Parameters): Answer {
    const [url, secret = ''] = [given['url'], given['secret_token']];
    if (typeof url !== 'string' || typeof secret !== 'string' || !/^[A-Za-z0-9_-]{0,256}$/.test(secret))
      return refuse(400, 'Bad Request: bad webhook');
    this.#conversation.webhook = { url, secret };
    return ok(true);
  }
}
