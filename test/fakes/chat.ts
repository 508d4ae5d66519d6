// A chat in memory, for tests.
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { Chat, ChatUpdate } from '../../src/ports/chat.ts';

export class MemoryChat implements Chat {
  readonly channel = 'telegram';
  readonly brand = 'Telegram';
  readonly #chats: readonly string[];
  #updates: readonly ChatUpdate[] = [];
  #said: readonly { readonly chat: string; readonly text: string }[] = [];
  #failures: readonly AdapterError[] = [];
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
    for (const chat of this.#chats) await this.answer(chat, text, signal);
  }

  async answer(chat: string, text: string, signal: AbortSignal): Promise<void> {
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
