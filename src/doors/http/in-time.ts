// An answer of the store for an address that is asked every few seconds: late is as bad as none.
import { setTimeout as pause } from 'node:timers/promises';
import { AdapterError } from '../../ports/adapter-error.ts';

/** Milliseconds. Together shorter than Prometheus waits for a scrape, and a probe for its answer. */
const PATIENCE_MS = 3_000;

/**
 * The answer, or an AdapterError (`no-answer`) when it takes longer, whether the store hears the signal or not: one that waits for a
 * connection to a frozen database hears it late.
 */
export async function inTime<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const tooLate = async (): Promise<never> => {
    await pause(PATIENCE_MS, undefined, { signal: over.signal });
    throw new AdapterError(
      'no-answer',
      `The store gave no answer within ${PATIENCE_MS / 1000} s: check the database, its disk and the network.`,
    );
  };
  const answer = ask(AbortSignal.timeout(PATIENCE_MS));
  try {
    return await Promise.race([answer, tooLate()]);
  } finally {
    over.abort();
    answer.catch(() => {});
  }
}
