// Updates that a service sends by itself → what a poll answers: kept until a later offset confirms them.
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ChatUpdate } from '../../ports/chat.ts';

export interface UpdateQueue {
  /** Takes one in; resolves when it was handled (a later offset was asked for). One of the same key is taken in once. */
  put(update: Omit<ChatUpdate, 'id'> & { readonly key: string }): Promise<void>;
  /** As Chat.receive: waits up to `pollMs` for something. Throws AdapterError when stopped. */
  receive(offset: number | null, pollMs: number, signal: AbortSignal): Promise<readonly ChatUpdate[]>;
}

/** Keys that are remembered: whatever is sent again within minutes is known. */
const REMEMBERED = 5000;
/** Beyond, the oldest that nobody has handled is dropped: a flood must not eat the memory. */
const MOST_WAITING = 1000;

interface Waiting {
  readonly update: ChatUpdate;
  readonly handled: () => void;
}

/** Ids begin at an instant in milliseconds, so that those of an earlier process are lower. */
export function createUpdateQueue(firstId: number): UpdateQueue {
  let waiting: readonly Waiting[] = [];
  let nextId = firstId;
  let wake: () => void = () => {};
  const known = new Set<string>();
  return {
    put: (given) => {
      if (known.has(given.key)) return Promise.resolve();
      if (known.size >= REMEMBERED) known.clear();
      known.add(given.key);
      const update: ChatUpdate = { ...given, id: nextId };
      nextId += 1;
      return new Promise((handled) => {
        waiting = [...waiting, { update, handled }].slice(-MOST_WAITING);
        wake();
      });
    },
    receive: async (offset, pollMs, signal) => {
      if (signal.aborted) throw new AdapterError('no-answer', 'The poll was stopped.');
      if (offset !== null) {
        for (const { update, handled } of waiting) if (update.id < offset) handled();
        waiting = waiting.filter(({ update }) => update.id >= offset);
      }
      if (waiting.length === 0) await sleepUntil(signal, pollMs, (woken) => (wake = woken));
      if (signal.aborted) throw new AdapterError('no-answer', 'The poll was stopped.');
      return waiting.map(({ update }) => update);
    },
  };
}

const sleepUntil = (signal: AbortSignal, ms: number, onWake: (woken: () => void) => void): Promise<void> =>
  new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      onWake(() => {});
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    onWake(end);
  });
