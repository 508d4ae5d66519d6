// A data folder becomes the store of a running gate, or the trail that is read beside one; the brand is named here.
import { openSqliteTrail } from '../adapters/store/sqlite/open.ts';
import { openSqliteThread } from '../adapters/store/sqlite/thread.ts';
import type { Store, Trail } from '../ports/store.ts';

/** Takes the folder for this process alone. Throws AdapterError, saying what to do. */
export function openStore(dataDir: string): Promise<Store> {
  return openSqliteThread(dataDir);
}

/** The trail alone, read-only, also while a gate runs on the folder. Throws AdapterError. */
export function openTrail(dataDir: string): { readonly trail: Trail; close(): Promise<void> } {
  return openSqliteTrail(dataDir);
}
