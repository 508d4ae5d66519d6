// The store's clock, read now and then, carried on by the machine's count of elapsed time: gates beside each other agree on it.
import type { SteadyClock, StoreClock } from '../../ports/clock.ts';

/** Milliseconds between two readings, and how many make one: the one that was answered fastest counts. */
const [EVERY_MS, READINGS] = [30_000, 3];

/** Reads the time first; throws what `read` throws. The machine's date is never asked, so that setting it changes nothing. */
export async function openStoreClock(
  read: (signal: AbortSignal) => Promise<number>,
  machine: SteadyClock,
  signal: AbortSignal,
): Promise<StoreClock> {
  const measured = async (until: AbortSignal): Promise<number> => {
    let best = { took: Number.POSITIVE_INFINITY, offset: 0 };
    for (let i = 0; i < READINGS; i += 1) {
      const began = machine.elapsed();
      const time = await read(until);
      const took = machine.elapsed() - began;
      if (took < best.took) best = { took, offset: time + took / 2 - machine.elapsed() };
    }
    return best.offset;
  };
  let offset = await measured(signal);
  return {
    now: () => Math.floor(machine.elapsed() + offset),
    elapsed: () => machine.elapsed(),
    sleep: (ms, until) => machine.sleep(ms, until),
    keep: async (until) => {
      while (!until.aborted) {
        await machine.sleep(EVERY_MS, until);
        if (until.aborted) return;
        try {
          offset = await measured(until);
        } catch {
          // The next reading comes.
        }
      }
    },
  };
}
