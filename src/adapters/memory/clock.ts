// A clock that stands still until it is told the time, for tests. It must never wait.
import type { Clock } from '../../ports/clock.ts';

export interface FakeClock extends Clock {
  /** Moves on and wakes whoever's time has come. */
  pass(seconds: number): void;
}

/** Starts at 2026-01-01T00:00:00Z unless told otherwise. */
export const fakeClock = (startMs: number = Date.parse('2026-01-01T00:00:00.000Z')): FakeClock => {
  let now = startMs;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const sleeper = { until: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          resolve();
        });
      }),
    pass: (seconds) => {
      now += seconds * 1000;
      for (const sleeper of sleepers) {
        if (sleeper.until > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
  };
};
