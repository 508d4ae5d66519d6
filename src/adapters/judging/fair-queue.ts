// Questions wait for one thread: in turn among those who ask, and never more than a bounded number.
import type { Turn } from '../../ports/judging.ts';

/** How many may wait: of one caller, and in all. */
export interface QueueLimits {
  readonly perCaller: number;
  readonly inAll: number;
}

export interface FairQueue {
  /** Runs the work when its turn comes; null when it may not wait, is no longer wanted, or the queue is closed. */
  run<T>(turn: Turn, work: () => Promise<T>): Promise<T | null>;
  /** Refuses what waits, and all that comes. */
  close(): void;
}

interface Waiting {
  begin(): Promise<void>;
  refuse(): void;
}

/** A queue in front of something that does one thing at a time. */
export function createFairQueue({ perCaller, inAll }: QueueLimits): FairQueue {
  /** Callers in the order of their turns: whoever had one goes to the end. */
  const callers = new Map<string, Waiting[]>();
  let waits = 0;
  let busy = false;
  let closed = false;

  const takeNext = (): Waiting | null => {
    for (const [caller, its] of callers) {
      const next = its.shift();
      callers.delete(caller);
      if (its.length > 0) callers.set(caller, its);
      if (next === undefined) continue;
      waits -= 1;
      return next;
    }
    return null;
  };
  const goOn = (): void => {
    if (busy) return;
    const next = takeNext();
    if (next === null) return;
    busy = true;
    void next.begin().finally(() => {
      busy = false;
      goOn();
    });
  };
  const leave = (caller: string, one: Waiting): boolean => {
    const its = callers.get(caller);
    const at = its?.indexOf(one) ?? -1;
    if (its === undefined || at < 0) return false;
    its.splice(at, 1);
    waits -= 1;
    return true;
  };

  return {
    run: ({ caller, signal }, work) =>
      new Promise((done, fail) => {
        const its = callers.get(caller) ?? [];
        if (closed || signal.aborted || waits >= inAll || its.length >= perCaller) {
          done(null);
          return;
        }
        const unwanted = (): void => {
          if (leave(caller, one)) done(null);
        };
        const one: Waiting = {
          begin: async () => {
            signal.removeEventListener('abort', unwanted);
            try {
              done(await work());
            } catch (error) {
              fail(error);
            }
          },
          refuse: () => done(null),
        };
        signal.addEventListener('abort', unwanted, { once: true });
        its.push(one);
        callers.set(caller, its);
        waits += 1;
        goOn();
      }),
    close: () => {
      closed = true;
      for (const its of callers.values()) for (const one of its) one.refuse();
      callers.clear();
      waits = 0;
    },
  };
}
