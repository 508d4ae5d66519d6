// The store's contract on a real PostgreSQL: as it is, and through PgBouncer in transaction mode.
import { after } from 'node:test';
import { openPostgresStore } from '../../src/adapters/store/postgres/open.ts';
import { startPostgres } from '../support/postgres.ts';
import { storeContract } from './store.contract.ts';

const database = await startPostgres();
after(() => database.stop());

storeContract('postgres', async () => openPostgresStore(await database.fresh(), { time: 'caller' }));

storeContract('postgres through a pooler', async () =>
  openPostgresStore(database.pooled(await database.fresh()), { time: 'caller' }),
);
