// The store's own thread: opens the database of a folder and answers calls, each in the order of its commit.
import { parentPort, workerData } from 'node:worker_threads';
import type { Store } from '../../../ports/store.ts';
import { openSqliteStore } from './open.ts';
import { copyError, type StoreAnswer, type StoreRequest } from './thread-messages.ts';

const answers: StoreAnswer[] = [];

/** What is answered in one turn travels together, as what one commit has ended. */
const answer = (one: StoreAnswer): void => {
  answers.push(one);
  if (answers.length === 1) setImmediate(() => parentPort?.postMessage(answers.splice(0)));
};

type Method = (...values: readonly unknown[]) => Promise<unknown>;

const serve = (store: Store): void => {
  const aborts = new Map<number, AbortController>();
  const underWay = new Set<Promise<void>>();
  const call = async ({
    id,
    part,
    method,
    values,
  }: Extract<StoreRequest, { readonly kind: 'call' }>): Promise<void> => {
    const abort = new AbortController();
    aborts.set(id, abort);
    try {
      const run = (store[part] as unknown as Readonly<Record<string, Method>>)[method];
      if (run === undefined) throw new Error(`${part} has no ${method} (this is a bug)`);
      answer({ kind: 'value', id, value: await run(...values, abort.signal) });
    } catch (error) {
      answer({ kind: 'error', id, error: copyError(error) });
    } finally {
      aborts.delete(id);
    }
  };
  const take = (asked: StoreRequest): void => {
    if (asked.kind === 'abort') aborts.get(asked.id)?.abort();
    else if (asked.kind === 'call') {
      const running = call(asked).finally(() => underWay.delete(running));
      underWay.add(running);
    } else {
      void Promise.all(underWay)
        .then(() => store.close())
        .finally(() => answer({ kind: 'closed' }));
    }
  };
  parentPort?.on('message', (asked: readonly StoreRequest[]) => {
    for (const one of asked) take(one);
  });
};

try {
  serve(await openSqliteStore(String(workerData)));
  answer({ kind: 'open' });
} catch (error) {
  answer({ kind: 'not-open', error: copyError(error) });
}
