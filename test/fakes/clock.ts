// A clock that stands still until it is told the time, for tests.
import type { SteadyClock } from '../../src/ports/clock.ts';

export interface FakeClock extends SteadyClock {
  /** Moves on and wakes whoever's time has come. */
  pass(seconds: number): void;
  /** Sets the date without any time going by, as a time service does; wakes nobody. */
  jump(seconds: number): void;
  /** How many sleep now. */
  sleepers(): number;
}

/** Starts at 2026-01-01T00:00:00Z unless told otherwise. */
export const fakeClock = (startMs: number = Date.parse('2026-01-01T00:00:00.000Z')): FakeClock => {
  let elapsed = 0;
  let date = startMs;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => date,
    elapsed: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const sleeper = { until: elapsed + ms, wake: resolve };
        sleepers.add(sleeper);
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          resolve();
        });
      }),
    pass: (seconds) => {
      elapsed += seconds * 1000;
      date += seconds * 1000;
      for (const sleeper of sleepers) {
        if (sleeper.until > elapsed) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
    jump: (seconds) => {
      date += seconds * 1000;
    },
    sleepers: () => sleepers.size,
  };
};
