// The machine's clock.
import type { SteadyClock } from '../../ports/clock.ts';

export const systemClock: SteadyClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  // Not by timers/promises: it makes an error for each sleeper that is woken, and the loops are woken by every step that is saved.
  sleep: (ms, signal) =>
    new Promise((done) => {
      if (signal.aborted) return done();
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        done();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end, { once: true });
    }),
};
