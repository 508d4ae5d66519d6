// Opens a PostgreSQL database as the store of one gate or of several beside each other.
import { randomBytes } from 'node:crypto';
import { type IsolationLevel, Kysely, sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { Notice, OpenedTrail, Store } from '../../../ports/store.ts';
import { sqlControls } from '../queries/controls.ts';
import { groupCommit, type Write } from '../queries/group-commit.ts';
import { KEY_BYTES, sqlHidden } from '../queries/hidden.ts';
import { sqlHistory } from '../queries/history.ts';
import { sqlSessions } from '../queries/sessions.ts';
import { sqlShadow } from '../queries/shadow.ts';
import type { Tables } from '../queries/tables.ts';
import { sqlTrail } from '../queries/trail.ts';
import { tryAgain } from './again.ts';
import { connectionStringOf } from './connection-string.ts';
import { PgDialect } from './dialect.ts';
import { databaseError, pgFateOf } from './errors.ts';
import { pgOutbox } from './outbox.ts';
import { pgRemediations } from './remediations.ts';
import { announced, type Changes, knowsNotices, listenForChanges, pgReplicas } from './replicas.ts';
import { migratePostgres } from './schema.ts';
import { PG_SNAPSHOT } from './snapshot.ts';
import { own, type PgTables, shared } from './tables.ts';
import type { TimeSource } from './time.ts';

/** Of one gate; one more listens. */
const MOST_CONNECTIONS = 6;
const CONNECT_MS = 5000;

export interface PgOptions {
  readonly time?: TimeSource;
  /** `serializable` for engines that know nothing else; what they refuse is tried again. */
  readonly isolation?: Extract<IsolationLevel, 'read committed' | 'serializable'>;
  /** `off`, or where the engine knows no notices: gates look for what others did each second, and hear of nothing sooner. */
  readonly listening?: 'on' | 'off';
  /** Makes the pool; tests put one between. */
  readonly pool?: (config: pg.PoolConfig) => pg.Pool;
}

const newPool = (config: pg.PoolConfig): pg.Pool => new pg.Pool(config);

const openPool = (url: string, make: NonNullable<PgOptions['pool']>): pg.Pool => {
  const pool = make({
    connectionString: connectionStringOf(url),
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  // A connection that breaks: whoever uses it hears of it by its statement, and the next who asks gets another.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
};

const SILENT: Changes = { onChange: () => () => {}, close: async () => {} };

/** Throws AdapterError, saying what to do. */
export async function openPostgresStore(url: string, options: PgOptions = {}): Promise<Store> {
  return (await openPostgresTables(url, options)).store;
}

/** The same with its tables, for copying them. */
export async function openPostgresTables(
  url: string,
  { time = 'database', isolation = 'read committed', listening = 'on', pool = newPool }: PgOptions = {},
): Promise<{ readonly store: Store; readonly db: Kysely<Tables>; numberOn(trx: Transaction<Tables>): Promise<void> }> {
  const db = new Kysely<PgTables>({ dialect: new PgDialect(openPool(url, pool), pg.types) });
  try {
    await tryAgain(() => migratePostgres(db));
    const all = shared(db);
    const write = groupCommit(all, { fateOf: pgFateOf, enter: takeWriter, isolation });
    const key = await tryAgain(() => sharedKey(db));
    const listens = listening === 'on' && (await tryAgain(() => knowsNotices(all)));
    const told = (notice: Notice): Write => (listens ? announced(write, notice) : write);
    const telling = { work: told('work'), record: told('record') };
    const changes = listens ? listenForChanges(url) : SILENT;
    const store: Store = {
      remediations: pgRemediations(db, { write, telling }, time),
      outbox: pgOutbox(db, write, time),
      history: sqlHistory(all, write),
      controls: sqlControls(all, telling.work),
      trail: sqlTrail(all, write, PG_SNAPSHOT),
      hidden: sqlHidden(all, write, key),
      shadow: sqlShadow(all, write),
      replicas: pgReplicas(db, write, changes),
      close: async () => {
        await changes.close();
        await db.destroy();
      },
      sessions: sqlSessions(all, write),
    };
    return { store, db: all, numberOn };
  } catch (error) {
    await db.destroy();
    throw databaseError(error);
  }
}

/** The trail alone, also while gates run on the database. Throws AdapterError when it is asked. */
export function openPostgresTrail(url: string): OpenedTrail {
  const db = new Kysely<PgTables>({ dialect: new PgDialect(openPool(url, newPool), pg.types) });
  const write = groupCommit(shared(db), { fateOf: pgFateOf, enter: takeWriter });
  const [trail, controls] = [sqlTrail(shared(db), write, PG_SNAPSHOT), sqlControls(shared(db), write)];
  return { trail, controls, close: () => db.destroy() };
}

/**
 * Writers go one by one, each until its transaction ends: what it reads stays true, on every engine. One that stands still in
 * between (a stopped process, a cut network) is ended by the database after 3 s, and holds nobody up for longer. All of it lasts
 * as long as the transaction, so that a pooler may give each transaction another connection.
 */
const takeWriter = async (trx: Transaction<Tables>): Promise<void> => {
  await sql`select set_config('lock_timeout', '8s', true), set_config('statement_timeout', '8s', true),
    set_config('idle_in_transaction_session_timeout', '3s', true)`.execute(trx);
  await own(trx).selectFrom('writer').select('id').where('id', '=', 1).forUpdate().execute();
};

/** The next row of each numbered table gets a number behind the last. */
const numberOn = async (trx: Transaction<Tables>): Promise<void> => {
  for (const [table, column] of [
    ['remediations', 'created'],
    ['outbox', 'id'],
    ['shadow_verdicts', 'seq'],
  ] as const)
    await sql`select setval(pg_get_serial_sequence(${table}, ${column}), max(${sql.id(column)})) from ${sql.table(table)}`.execute(
      trx,
    );
};

const HIDDEN_KEY = 'hidden-key';

/** Made by whoever comes first, the same for all. */
const sharedKey = async (db: Kysely<PgTables>): Promise<Buffer> => {
  await db
    .insertInto('secrets')
    .values({ name: HIDDEN_KEY, value: randomBytes(KEY_BYTES).toString('hex') })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const { value } = await db
    .selectFrom('secrets')
    .select('value')
    .where('name', '=', HIDDEN_KEY)
    .executeTakeFirstOrThrow();
  return Buffer.from(value, 'hex');
};
