import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/adapters/store/sqlite/open.ts';
import { memoryStore } from '../fakes/store.ts';
import { storeContract } from './store.contract.ts';

storeContract('memory', async () => memoryStore());

storeContract('sqlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-store-'));
  const store = await openSqliteStore(folder);
  return {
    ...store,
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
