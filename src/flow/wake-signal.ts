// Wakes the loops at once when there is new work; the timer is only the fallback.
import type { Clock } from '../ports/clock.ts';

/** One for all: an error made for each notice would cost more than the notice. */
const WOKEN = new Error('woken');

export interface WakeSignal {
  /** How often it was notified; pass it to `wait`, so that a notice between looking and waiting is not lost. */
  count(): number;
  notify(): void;
  /** Resolves when it was notified since `count` was `seen`, after `ms`, or when aborted. */
  wait(seen: number, ms: number, signal: AbortSignal): Promise<void>;
}

export function createWakeSignal(clock: Clock): WakeSignal {
  let notices = 0;
  let sleepers = new AbortController();
  return {
    count: () => notices,
    notify: () => {
      notices += 1;
      sleepers.abort(WOKEN);
      sleepers = new AbortController();
    },
    wait: async (seen, ms, signal) => {
      if (notices !== seen || signal.aborted) return;
      await clock.sleep(ms, AbortSignal.any([sleepers.signal, signal]));
    },
  };
}
