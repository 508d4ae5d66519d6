// The machine's clock.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SteadyClock } from '../../ports/clock.ts';

export const systemClock: SteadyClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, { signal });
    } catch {
      // Aborted: the sleeper was woken.
    }
  },
};
