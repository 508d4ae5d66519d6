import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/adapters/store/sqlite/open.ts';
import { openSqliteThread } from '../../src/adapters/store/sqlite/thread.ts';
import type { Store } from '../../src/ports/store.ts';
import { memoryStore } from '../fakes/store.ts';
import { storeContract } from './store.contract.ts';
import { pruneContract } from './store-prune.contract.ts';

const inFreshFolder = (open: (folder: string) => Promise<Store>) => async (): Promise<Store> => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-store-'));
  const store = await open(folder);
  return {
    ...store,
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
};

for (const contract of [storeContract, pruneContract]) {
  contract('memory', async () => memoryStore());
  contract('sqlite', inFreshFolder(openSqliteStore));
  contract('sqlite on its own thread', inFreshFolder(openSqliteThread));
}
