// A chat in memory, for tests.
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { CardPlaces, Chat, ChatCard, ChatUpdate } from '../../src/ports/chat.ts';

export class MemoryChat implements Chat {
  readonly channel = 'telegram';
  readonly brand = 'Telegram';
  readonly commandPrefix = '/';
  readonly #chats: readonly string[];
  #updates: readonly ChatUpdate[] = [];
  #said: readonly { readonly chat: string; readonly text: string }[] = [];
  #failures: readonly AdapterError[] = [];
  #cards: { readonly chat: string; readonly place: string; text: string; buttons: ChatCard['buttons'] }[] = [];
  #nextId = 1;
  #wake = new AbortController();

  constructor(chats: readonly string[] = ['-1001']) {
    this.#chats = chats;
  }

  said(): readonly { readonly chat: string; readonly text: string }[] {
    return this.#said;
  }

  /** Somebody writes; the update's id comes back. */
  say(update: Omit<ChatUpdate, 'id'>): number {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#updates = [...this.#updates, { ...update, id }];
    this.#wake.abort();
    this.#wake = new AbortController();
    return id;
  }

  /** The next calls of any kind fail so, one error each. */
  fail(...errors: readonly AdapterError[]): void {
    this.#failures = [...this.#failures, ...errors];
  }

  async readName(signal: AbortSignal): Promise<string> {
    this.#stumble(signal);
    return 'blastgate_bot';
  }

  async send(text: string, signal: AbortSignal): Promise<void> {
    for (const chat of this.#chats) await this.answer(chat, text, null, signal);
  }

  /** Cards as they stand now. */
  cards(): readonly { readonly chat: string; readonly text: string; readonly buttons: ChatCard['buttons'] }[] {
    return this.#cards;
  }

  async post(card: ChatCard, signal: AbortSignal): Promise<CardPlaces> {
    await this.send(card.text, signal);
    const posted = this.#chats.map((chat) => ({ chat, place: `${this.#cards.length + 1}`, ...card }));
    this.#cards.push(...posted);
    return Object.fromEntries(posted.map(({ chat, place }) => [chat, place]));
  }

  async edit(places: CardPlaces, card: ChatCard, signal: AbortSignal): Promise<void> {
    this.#stumble(signal);
    for (const one of this.#cards)
      if (places[one.chat] === one.place) Object.assign(one, { text: card.text, buttons: card.buttons });
  }

  async answer(chat: string, text: string, _: string | null, signal: AbortSignal): Promise<void> {
    this.#stumble(signal);
    if (text.trim() === '') throw new AdapterError('refused', 'The message is empty.', { status: 400 });
    if (!this.#chats.includes(chat)) throw new AdapterError('refused', 'There is no such chat.', { status: 400 });
    this.#said = [...this.#said, { chat, text }];
  }

  /** Waits for a message without an end: tests stop it by the signal. */
  async receive(offset: number | null, signal: AbortSignal): Promise<readonly ChatUpdate[]> {
    this.#stumble(signal);
    this.#updates = this.#updates.filter(({ id }) => offset === null || id >= offset);
    if (this.#updates.length > 0) return this.#updates;
    const wake = AbortSignal.any([signal, this.#wake.signal]);
    await new Promise<void>((resolve) => wake.addEventListener('abort', () => resolve(), { once: true }));
    this.#stumble(signal);
    return this.#updates;
  }

  #stumble(signal: AbortSignal): void {
    if (signal.aborted) throw new AdapterError('no-answer', 'The call to the chat was stopped.');
    const [failure, ...later] = this.#failures;
    this.#failures = later;
    if (failure !== undefined) throw failure;
  }
}
