// The chats that the sandbox Telegram keeps: who said what, and which updates the bot has not confirmed.

/** A person who writes in a chat. */
interface Speaker {
  readonly id: number;
  readonly name: string;
}

/** How a message comes about; only `message` is a person's own fresh word. */
type Nature = 'message' | 'edited' | 'forwarded' | 'anonymous' | 'bot' | 'channel';

export interface Saying {
  readonly from: Speaker;
  readonly text: string;
  /** The first configured chat when left out. */
  readonly chat?: number;
  readonly nature?: Nature;
  /** Seconds since the epoch; now when left out. */
  readonly at?: number;
}

export interface Button {
  readonly text: string;
  readonly callback_data: string;
}

export interface BotMessage {
  readonly chat: number;
  readonly messageId: number;
  readonly text: string;
  /** Those that stand under it now. */
  readonly buttons: readonly Button[];
}

type Json = { readonly [key: string]: unknown };

export interface Update extends Json {
  readonly update_id: number;
}

const ANONYMOUS = { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };

const commandEntities = (text: string): readonly Json[] => {
  const command = /^\/[A-Za-z0-9_]+(?:@[A-Za-z0-9_]+)?/.exec(text)?.[0];
  return command === undefined ? [] : [{ type: 'bot_command', offset: 0, length: command.length }];
};

export class Conversation {
  readonly #chats: readonly number[];
  #nextUpdate = 100_000_001;
  #nextMessage = 1;
  #updates: Update[] = [];
  readonly #said: BotMessage[] = [];
  readonly #presses = new Map<string, string | null>();
  /** Where updates would be sent; null: they are polled. */
  webhook: { readonly url: string; readonly secret: string } | null = null;
  /** Called whenever an update arrives: wakes a long poll. */
  onUpdate: () => void = () => {};

  constructor(chats: readonly number[]) {
    this.#chats = chats;
  }

  knows(chat: number): boolean {
    return this.#chats.includes(chat);
  }

  said(): readonly BotMessage[] {
    return [...this.#said];
  }

  chatAsJson(chat: number): Json {
    return chat < 0
      ? { id: chat, type: 'supergroup', title: `chat ${chat}` }
      : { id: chat, type: 'private', first_name: `user ${chat}` };
  }

  /** A person writes; the update's id comes back. A chat that is not the bot's own is allowed: anybody can write to a bot. */
  say(saying: Saying): number {
    const chat = this.chatAsJson(saying.chat ?? this.#chats[0] ?? 0);
    const nature = saying.nature ?? 'message';
    const date = saying.at ?? Math.floor(Date.now() / 1000);
    const from = { id: saying.from.id, is_bot: nature === 'bot', first_name: saying.from.name };
    const plain: Json = {
      message_id: this.#nextMessage++,
      chat,
      date,
      text: saying.text,
      ...(commandEntities(saying.text).length > 0 ? { entities: commandEntities(saying.text) } : {}),
    };
    const content: { readonly [N in Nature]: Json } = {
      message: { message: { ...plain, from } },
      bot: { message: { ...plain, from } },
      edited: { edited_message: { ...plain, from, edit_date: date } },
      forwarded: { message: { ...plain, from, forward_origin: { type: 'user', sender_user: from, date } } },
      anonymous: { message: { ...plain, from: ANONYMOUS, sender_chat: chat } },
      channel: { channel_post: { ...plain, sender_chat: chat } },
    };
    const update_id = this.#nextUpdate++;
    this.#updates.push({ update_id, ...content[nature] });
    this.onUpdate();
    return update_id;
  }

  /** An update as given, to hear what the bot makes of it. */
  push(content: Json): number {
    const update_id = this.#nextUpdate++;
    this.#updates.push({ ...content, update_id });
    this.onUpdate();
    return update_id;
  }

  /** Forgets what `offset` confirms, then gives what is left; a negative one counts from the end and forgets the rest. */
  take(offset: number, limit: number, types: readonly string[]): readonly Update[] {
    this.#updates =
      offset < 0 ? this.#updates.slice(offset) : this.#updates.filter(({ update_id }) => update_id >= offset);
    return this.#updates.filter((update) => types.length === 0 || types.some((type) => type in update)).slice(0, limit);
  }

  find(chat: number, id: number): BotMessage | undefined {
    return this.#said.find(({ chat: where, messageId }) => where === chat && messageId === id);
  }

  edit(chat: number, id: number, text: string, buttons: readonly Button[]): void {
    const at = this.#said.findIndex(({ chat: where, messageId }) => where === chat && messageId === id);
    const before = this.#said[at];
    if (before !== undefined) this.#said[at] = { ...before, text, buttons };
  }

  /** Somebody presses a button as it once stood; the query's id comes back. */
  press(from: Speaker, chat: number, messageId: number, data: string): string {
    const id = `q${this.#nextUpdate}`;
    this.#presses.set(id, null);
    const sender = { id: from.id, is_bot: false, first_name: from.name };
    const found = this.find(chat, messageId);
    // What the bot cannot read any more comes without its text.
    const shown = found === undefined ? { date: 0 } : { date: 1, text: found.text };
    const message = { message_id: messageId, chat: this.chatAsJson(chat), ...shown };
    this.push({ callback_query: { id, from: sender, message, data, chat_instance: '1' } });
    return id;
  }

  answerPress(id: string, text: string): boolean {
    if (this.#presses.get(id) !== null) return false;
    this.#presses.set(id, text);
    return true;
  }

  /** What whoever pressed was shown; null: nothing yet. */
  shown(id: string): string | null {
    return this.#presses.get(id) ?? null;
  }

  botSays(chat: number, text: string, buttons: readonly Button[] = []): BotMessage {
    const message = { chat, messageId: this.#nextMessage++, text, buttons };
    this.#said.push(message);
    return message;
  }
}
