// Wakes the loops at once when there is new work; the timer is only the fallback.
import type { Clock } from '../ports/clock.ts';

export interface WakeSignal {
  /** How often it has rung; pass it to `wait`, so that a ring between looking and waiting is not lost. */
  count(): number;
  notify(): void;
  /** Resolves when it has rung since `count` was `heard`, after `ms`, or when aborted. */
  wait(heard: number, ms: number, signal: AbortSignal): Promise<void>;
}

export function createWakeSignal(clock: Clock): WakeSignal {
  let rung = 0;
  let sleepers = new AbortController();
  return {
    count: () => rung,
    notify: () => {
      rung += 1;
      sleepers.abort();
      sleepers = new AbortController();
    },
    wait: async (heard, ms, signal) => {
      if (rung !== heard || signal.aborted) return;
      await clock.sleep(ms, AbortSignal.any([sleepers.signal, signal]));
    },
  };
}
