// The store of a running gate on a thread of its own: neither a slow disk nor a lock of another program stops the gate's.
import { Worker } from 'node:worker_threads';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { Store } from '../../../ports/store.ts';
import { changeText } from '../queries/change-text.ts';
import { needRemediation } from '../queries/readable.ts';
import { eventsIn } from '../queries/trail.ts';
import type { SqliteStore } from './open.ts';
import { copyError, errorOf, type StoreAnswer, type StorePart, type StoreRequest } from './thread-messages.ts';

/** Beside this file, in the sources and in the built package. */
const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './thread-entry.ts' : './thread-entry.js', import.meta.url);

/** As openSqliteStore, and each call is answered by the other thread. Throws AdapterError, saying what to do. */
export async function openSqliteThread(folder: string): Promise<Store> {
  const calls = new Calls(new Worker(ENTRY, { name: 'store', workerData: folder }));
  await calls.opened;
  /** All methods of a part are the other thread's, but for its own. */
  const part = <P extends StorePart>(name: P, own: Partial<Store[P]> = {}): SqliteStore[P] =>
    new Proxy({} as SqliteStore[P], {
      get: (_, method) =>
        typeof method !== 'string' || method === 'then'
          ? undefined
          : (own[method as keyof Store[P]] ?? ((...values: readonly unknown[]) => calls.call(name, method, values))),
    });
  const [remediations, trail] = [part('remediations'), part('trail')];
  return {
    // What is large crosses as text: it is read and written on the gate's thread, once.
    remediations: part('remediations', {
      read: async (id, signal) => {
        const body = await remediations.bodyOf(id, signal);
        return body === null ? null : needRemediation({ id, body });
      },
      save: (changes, signal) => remediations.saveTexts(changes.map(changeText), signal),
    }),
    trail: part('trail', {
      eventsOf: async (proposal, signal) => eventsIn(await trail.stepLines(proposal, signal)),
    }),
    outbox: part('outbox'),
    history: part('history'),
    controls: part('controls'),
    hidden: part('hidden'),
    shadow: part('shadow'),
    sessions: part('sessions'),
    close: () => calls.close(),
  };
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

class Calls {
  readonly opened: Promise<void>;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #waiting: StoreRequest[] = [];
  #last = 0;
  /** Why no call can be answered any more. */
  #over: Error | null = null;

  constructor(worker: Worker) {
    this.#worker = worker;
    const opened = Promise.withResolvers<void>();
    this.opened = opened.promise;
    worker.on('message', (answers: readonly StoreAnswer[]) => {
      for (const answer of answers) {
        if (answer.kind === 'open') opened.resolve();
        else if (answer.kind === 'not-open') opened.reject(errorOf(answer.error));
        else if (answer.kind === 'closed') this.#closed.resolve();
        else this.#settle(answer);
      }
    });
    const ended = (why: string): void => {
      this.#over ??= new AdapterError('no-answer', `The thread of the database ended (${why}): start the gate again.`);
      opened.reject(this.#over);
      this.#closed.resolve();
      for (const { reject } of this.#pending.values()) reject(this.#over);
      this.#pending.clear();
    };
    worker.on('error', (error) => ended(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => ended(`exit code ${code}`));
  }

  /** An aborted call is answered too, so that nobody takes for undone what was done. */
  async call(part: StorePart, method: string, values: readonly unknown[]): Promise<unknown> {
    if (this.#over !== null) throw this.#over;
    const signal = values.at(-1);
    const isSignal = signal instanceof AbortSignal;
    if (isSignal) signal.throwIfAborted();
    this.#last += 1;
    const id = this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { resolve, reject });
    const abort = (): void => this.#ask({ kind: 'abort', id });
    if (isSignal) signal.addEventListener('abort', abort, { once: true });
    this.#ask({ kind: 'call', id, part, method, values: isSignal ? values.slice(0, -1) : values });
    try {
      return await promise;
    } finally {
      if (isSignal) signal.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    if (this.#over !== null) return;
    this.#over = new AdapterError('refused', 'The store is closed.', { reason: 'closed' });
    this.#ask({ kind: 'close' });
    await this.#closed.promise;
    await this.#worker.terminate();
  }

  /** What is asked in one turn travels together: waking a thread costs more than the message. */
  #ask(asked: StoreRequest): void {
    this.#waiting.push(asked);
    if (this.#waiting.length > 1) return;
    setImmediate(() => this.#send(this.#waiting.splice(0)));
  }

  /** What cannot be copied was a bug of the caller: it hears of it, and nobody else. */
  #send(together: readonly StoreRequest[]): void {
    try {
      this.#worker.postMessage(together);
    } catch (error) {
      const [first] = together;
      if (together.length > 1) for (const one of together) this.#send([one]);
      else if (first?.kind === 'call') this.#settle({ kind: 'error', id: first.id, error: copyError(error) });
    }
  }

  #settle(answer: Extract<StoreAnswer, { readonly id: number }>): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (answer.kind === 'value') pending?.resolve(answer.value);
    else pending?.reject(errorOf(answer.error));
  }
}
