// Writes that wait at the same time share one transaction, and so one wait for the disk; one that refuses is undone alone.
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery, type IsolationLevel, type Kysely, type Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** So many share a commit at most: a batch that fails is run again one by one. */
const LARGEST_BATCH = 64;
/** Milliseconds between two tries while others hold the database. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [5, 200];

/** A write throws it to take back what it did so far; the others of its batch are kept. */
export class Undone extends Error {}

/**
 * Runs a write within a transaction and resolves when it is committed. While others hold the database it waits,
 * until the signal aborts: then nothing was done. A write may be run a second time, after nothing was left of the first.
 */
export type Write = <T>(run: (trx: Transaction<Tables>) => Promise<T>, signal: AbortSignal) => Promise<T>;

interface Waiting {
  readonly run: (trx: Transaction<Tables>) => Promise<unknown>;
  readonly signal: AbortSignal;
  readonly done: (value: unknown) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * What an error of a whole transaction means. `again`: nothing was done, others were in the way. `of-one`: nothing was done,
 * it may be the fault of one write of the batch. `lost`: it may have been done, or nothing can be done now.
 */
export type Fate = 'again' | 'of-one' | 'lost';

/** How a database takes its one writer. */
export interface WriteRules {
  readonly fateOf: (error: unknown) => Fate;
  /** Asked first in each transaction. */
  readonly enter?: (trx: Transaction<Tables>) => Promise<unknown>;
  readonly isolation?: IsolationLevel;
}

/** One queue of writes. */
export function groupCommit(db: Kysely<Tables>, { fateOf, enter, isolation }: WriteRules): Write {
  const queue: Waiting[] = [];
  let [isRunning, alone, pause] = [false, 0, FIRST_PAUSE];
  /** Fewer after each try that met others: a shorter transaction meets fewer. */
  let largest = LARGEST_BATCH;

  const begin = () => (isolation === undefined ? db.transaction() : db.transaction().setIsolationLevel(isolation));
  const nextBatch = (): readonly Waiting[] => {
    const size = alone > 0 ? 1 : largest;
    alone = Math.max(0, alone - 1);
    return queue.splice(0, size);
  };
  /** Whoever waited too long hears why it took so long. */
  const turnAway = (why: unknown): void => {
    for (const late of queue.filter(({ signal }) => signal.aborted)) {
      queue.splice(queue.indexOf(late), 1);
      late.fail(why ?? late.signal.reason);
    }
  };
  const runBatch = async (): Promise<void> => {
    let batch: readonly Waiting[] = [];
    try {
      const ends = await begin().execute(async (trx) => {
        await enter?.(trx);
        turnAway(null);
        batch = nextBatch();
        return runAll(trx, batch);
      });
      [pause, largest] = [FIRST_PAUSE, LARGEST_BATCH];
      for (const end of ends) end();
    } catch (error) {
      const fate = fateOf(error);
      if (fate === 'again') {
        queue.unshift(...batch);
        if (batch.length > 0) largest = Math.ceil(batch.length / 2);
        await sleep(pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
        turnAway(error);
      } else if (fate === 'of-one' && batch.length > 1) {
        queue.unshift(...batch);
        alone = batch.length;
      } else {
        for (const one of batch.length > 0 ? batch : queue.splice(0)) one.fail(error);
      }
    }
  };
  const drain = async (): Promise<void> => {
    isRunning = true;
    while (queue.length > 0) {
      // Requests that have come meanwhile join this batch.
      await nextTurn();
      await runBatch();
    }
    isRunning = false;
  };

  return <T>(run: (trx: Transaction<Tables>) => Promise<T>, signal: AbortSignal): Promise<T> => {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    queue.push({ run, signal, done: (value) => resolve(value as T), fail: reject });
    if (!isRunning) void drain();
    return promise;
  };
}

const [SAVEPOINT, ROLLBACK, RELEASE] = [
  CompiledQuery.raw('savepoint one'),
  CompiledQuery.raw('rollback to one'),
  CompiledQuery.raw('release one'),
];

/** What is to be told once it is committed. Throws when the whole batch must be undone. */
const runAll = async (trx: Transaction<Tables>, batch: readonly Waiting[]): Promise<readonly (() => void)[]> => {
  const ends: (() => void)[] = [];
  for (const { run, done, fail } of batch) {
    if (batch.length > 1) await trx.executeQuery(SAVEPOINT);
    try {
      const value = await run(trx);
      ends.push(() => done(value));
    } catch (error) {
      if (!(error instanceof Undone) || batch.length === 1) throw error;
      await trx.executeQuery(ROLLBACK);
      ends.push(() => fail(error));
    }
    if (batch.length > 1) await trx.executeQuery(RELEASE);
  }
  return ends;
};
