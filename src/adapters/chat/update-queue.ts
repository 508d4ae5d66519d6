// Updates that a service sends by itself → what a poll answers: kept until a later offset confirms them.
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ChatUpdate } from '../../ports/chat.ts';

export interface UpdateQueue {
  /**
   * Takes one in; resolves with true when it was handled (a later offset was asked for), with false when it was dropped: the
   * service must send it again. One of the same key is taken in once, and resolves with the first.
   */
  put(update: Omit<ChatUpdate, 'id'> & { readonly key: string }): Promise<boolean>;
  /** As Chat.receive: waits up to `pollMs` for something. Throws AdapterError when stopped. */
  receive(offset: number | null, pollMs: number, signal: AbortSignal): Promise<readonly ChatUpdate[]>;
  /** Ends the poll that waits, with nothing. */
  nudge(): void;
}

/** Keys that are remembered: whatever is sent again within minutes is known. More than can wait, so that none that waits is forgotten. */
const REMEMBERED = 5000;
/** Beyond, the oldest that nobody has handled is dropped: a flood must not eat the memory. */
const MOST_WAITING = 1000;

interface Waiting {
  readonly update: ChatUpdate;
  readonly key: string;
  readonly end: (handled: boolean) => void;
}

/** Ids begin at an instant in milliseconds, so that those of an earlier process are lower. */
export function createUpdateQueue(firstId: number): UpdateQueue {
  let waiting: readonly Waiting[] = [];
  let nextId = firstId;
  let wake: () => void = () => {};
  const known = new Map<string, Promise<boolean>>();
  const dropOldest = (): void => {
    const [oldest, ...others] = waiting;
    if (oldest === undefined || waiting.length <= MOST_WAITING) return;
    waiting = others;
    known.delete(oldest.key);
    oldest.end(false);
  };
  return {
    nudge: () => wake(),
    put: (given) => {
      const earlier = known.get(given.key);
      if (earlier !== undefined) return earlier;
      const update: ChatUpdate = { ...given, id: nextId };
      nextId += 1;
      const handled = new Promise<boolean>((end) => {
        waiting = [...waiting, { update, key: given.key, end }];
      });
      known.set(given.key, handled);
      const [first] = known.keys();
      if (known.size > REMEMBERED && first !== undefined) known.delete(first);
      dropOldest();
      wake();
      return handled;
    },
    receive: async (offset, pollMs, signal) => {
      if (signal.aborted) throw new AdapterError('no-answer', 'The poll was stopped.');
      if (offset !== null) {
        for (const { update, end } of waiting) if (update.id < offset) end(true);
        waiting = waiting.filter(({ update }) => update.id >= offset);
      }
      if (waiting.length === 0) await sleepUntil(signal, pollMs, (woken) => (wake = woken));
      if (signal.aborted) throw new AdapterError('no-answer', 'The poll was stopped.');
      return waiting.map(({ update }) => update);
    },
  };
}

/** false: it was dropped, or not handled in so long. */
export function handledWithin(handled: Promise<boolean>, ms: number): Promise<boolean> {
  const late = new Promise<false>((done) => {
    setTimeout(() => done(false), ms).unref();
  });
  return Promise.race([handled, late]);
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
