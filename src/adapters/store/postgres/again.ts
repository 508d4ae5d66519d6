// Transactions beside the queue of writes that are tried again where others were in the way.
import { setTimeout as sleep } from 'node:timers/promises';
import { pgFateOf } from './errors.ts';

const [MOST_TRIES, PAUSE_MS] = [20, 20];

/** `run` reads all that it needs within its transaction, and does nothing else. Throws what its last try threw. */
export async function tryAgain<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      if (tries >= MOST_TRIES || pgFateOf(error) !== 'again') throw error;
      await sleep(PAUSE_MS * tries);
    }
  }
}
