// The settings of the store → the store, the clock that goes by it, and the key that lies in it.
import { newHashKey } from '../../adapters/system/keyed-hash.ts';
import type { Instant } from '../../core/model/instant.ts';
import { newestTime } from '../../flow/archive-trail.ts';
import { within } from '../../flow/deadline.ts';
import type { SteadyClock, StoreClock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import { keepsWhatItSays } from '../../ports/store-facts.ts';
import { OPEN } from '../open-peers.ts';
import type { Settings } from '../settings.ts';
import { CannotStart } from './cannot-start.ts';

export interface OpenedStorage {
  readonly store: Store;
  readonly clock: StoreClock;
  /** Under it values that may not be shown are told apart: made once, kept with what was hashed by it. */
  readonly hashKey: string;
  /** The time of its newest line, before this start has written one; null: it has none. */
  readonly newest: Instant | null;
}

type StorageSettings = Pick<Settings, 'dataDir' | 'storeUrl' | 'storeRequiresSync'>;

/** Throws CannotStart, or the error of the store. */
export async function openStorage(settings: StorageSettings, machine: SteadyClock): Promise<OpenedStorage> {
  await requireSync(settings);
  const store = await OPEN.store(settings);
  const hashKey = await hashKeyOf(store);
  const newest = await newestTime(store, new AbortController().signal);
  return { store, hashKey, clock: await OPEN.clock(store, machine), newest };
}

/** Throws CannotStart where the database may lose what it has acknowledged, and that was forbidden. */
const requireSync = async ({ storeUrl, storeRequiresSync }: StorageSettings): Promise<void> => {
  if (storeUrl === null || !storeRequiresSync || keepsWhatItSays(await OPEN.storeFacts(storeUrl))) return;
  throw new CannotStart([
    'BLASTGATE_STORE_REQUIRE_SYNC is set, and the database acknowledges what only one machine has: set synchronous_standby_names and synchronous_commit=on there, or do without',
  ]);
};

const HASH_KEY = 'hash-key';

const hashKeyOf = async ({ controls }: Store): Promise<string> => {
  const signal = within('store', new AbortController().signal);
  return (await controls.readCursor(HASH_KEY, signal)) ?? controls.keepCursor(HASH_KEY, newHashKey(), signal);
};
