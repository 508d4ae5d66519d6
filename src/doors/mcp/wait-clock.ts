// Time as a wait needs it, handed in so that tests need none.
import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitClock {
  /** Whole milliseconds that only grow. */
  readonly now: () => number;
  /** A signal that ends after so many milliseconds. */
  readonly deadline: (ms: number) => AbortSignal;
  /** Resolves after so many milliseconds, or as soon as the signal ends. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const SYSTEM_WAIT_CLOCK: WaitClock = {
  now: () => Math.floor(performance.now()),
  deadline: (ms) => AbortSignal.timeout(ms),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
