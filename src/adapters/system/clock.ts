// The machine's clock. It must never be used below the doors but through its port.
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
