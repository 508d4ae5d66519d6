// The settings of the store become the store of a running gate, or the trail that is read beside one; the brands are named here.

import type { Copied } from '../adapters/store/queries/copy.ts';
import { openStoreClock } from '../adapters/system/store-clock.ts';
import { within } from '../flow/deadline.ts';
import type { SteadyClock, StoreClock } from '../ports/clock.ts';
import type { Secret } from '../ports/secret.ts';
import type { OpenedTrail, Store } from '../ports/store.ts';
import type { StoreFacts } from '../ports/store-facts.ts';
import type { StorePlace } from './settings/store.ts';

/** Takes the folder for this process alone, or the database beside other gates. Throws AdapterError, saying what to do. */
export async function openStore(dataDir: string, url: Secret | null = null): Promise<Store> {
  if (url === null) return (await import('../adapters/store/sqlite/thread.ts')).openSqliteThread(dataDir);
  return (await import('../adapters/store/postgres/open.ts')).openPostgresStore(url.reveal());
}

/** The time that all gates on the store agree on; the machine's where this one is alone. Throws AdapterError. */
export async function openClock({ replicas }: Store, machine: SteadyClock): Promise<StoreClock> {
  if (replicas === undefined) return { ...machine, keep: async () => {} };
  const signal = within('store', new AbortController().signal);
  return openStoreClock((until) => replicas.time(until), machine, signal);
}

/** The trail alone, also while gates run on it. Throws AdapterError. */
export async function openTrail(dataDir: string, url: Secret | null = null): Promise<OpenedTrail> {
  if (url === null) return (await import('../adapters/store/sqlite/open.ts')).openSqliteTrail(dataDir);
  return (await import('../adapters/store/postgres/open.ts')).openPostgresTrail(url.reveal());
}

/** Everything of one store into another that is empty; no gate may run on either. Throws AdapterError. */
export async function copyStore(from: StorePlace, to: StorePlace, signal: AbortSignal): Promise<Copied> {
  const [{ copyTables }, source] = await Promise.all([import('../adapters/store/queries/copy.ts'), openTables(from)]);
  try {
    const target = await openTables(to);
    try {
      const { hidden } = source.store;
      return await copyTables({ db: source.db, hidden }, { ...target, hidden: target.store.hidden }, signal);
    } finally {
      await target.store.close();
    }
  } finally {
    await source.store.close();
  }
}

const openTables = async ({ dataDir, storeUrl }: StorePlace) =>
  storeUrl === null
    ? (await import('../adapters/store/sqlite/open.ts')).openSqliteTables(dataDir)
    : (await import('../adapters/store/postgres/open.ts')).openPostgresTables(storeUrl.reveal(), { listening: 'off' });

/** What the database says of itself. Throws AdapterError. */
export async function readStoreFacts(url: Secret): Promise<StoreFacts> {
  return (await import('../adapters/store/postgres/facts.ts')).databaseFacts(url.reveal());
}
