// What gates beside each other share in PostgreSQL: the time, who leads what, and a hint that something was stored.
import { type Kysely, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { instant, plusSeconds } from '../../../core/model/instant.ts';
import type { Notice, Replicas } from '../../../ports/store.ts';
import type { Write } from '../queries/group-commit.ts';
import type { Tables } from '../queries/tables.ts';
import { connectionStringOf } from './connection-string.ts';
import { own, type PgTables } from './tables.ts';
import { databaseTime } from './time.ts';

const CHANNEL = 'blastgate_changed';
/** Milliseconds until a listener that lost its connection asks for another; whoever waits looks by itself meanwhile. */
const AGAIN_MS = 2000;

export function pgReplicas(db: Kysely<PgTables>, write: Write, changes: Pick<Replicas, 'onChange'>): Replicas {
  return {
    time: (signal) => {
      signal.throwIfAborted();
      return databaseTime(db);
    },
    lead: (role, holder, seconds, signal) =>
      write(async (trx) => {
        const now = instant(await databaseTime(trx));
        const row = await own(trx).selectFrom('leaders').selectAll().where('role', '=', role).executeTakeFirst();
        if (row !== undefined && row.holder !== holder && row.until > now) return { ok: false, holder: row.holder };
        const term = row?.holder === holder ? row.term : (row?.term ?? 0) + 1;
        const until = plusSeconds(now, seconds);
        await own(trx)
          .insertInto('leaders')
          .values({ role, holder, term, until })
          .onConflict((known) => known.column('role').doUpdateSet({ holder, term, until }))
          .execute();
        return { ok: true, term };
      }, signal),
    resign: (role, holder, signal) =>
      write(async (trx) => {
        await own(trx)
          .updateTable('leaders')
          .set({ until: '' })
          .where('role', '=', role)
          .where('holder', '=', holder)
          .execute();
      }, signal),
    onChange: (listener) => changes.onChange(listener),
  };
}

/** The same writes, each of which tells every gate once it is committed. */
export function announced(write: Write, notice: Notice): Write {
  return (run, signal) =>
    write(async (trx) => {
      const value = await run(trx);
      await announce(trx, notice);
      return value;
    }, signal);
}

/**
 * Whether the engine knows notices: some that speak PostgreSQL do not (CockroachDB; YugabyteDB where they are not switched on),
 * and refuse the whole write that tells of itself. Throws AdapterError.
 */
export async function knowsNotices(db: Kysely<Tables>): Promise<boolean> {
  try {
    await db.transaction().execute((trx) => announce(trx, 'record'));
    return true;
  } catch (error) {
    if (isUnknownHere(error)) return false;
    throw error;
  }
}

/** feature_not_supported, syntax_error, undefined_function (postgresql.org/docs/current/errcodes-appendix.html) */
const UNKNOWN_HERE: ReadonlySet<unknown> = new Set(['0A000', '42601', '42883']);

const isUnknownHere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && UNKNOWN_HERE.has(error.code);

const announce = (trx: Transaction<Tables>, notice: Notice) =>
  sql`select pg_notify(${CHANNEL}, ${notice})`.execute(trx);

/** An older gate says nothing of what kind its notice is. */
const noticeOf = (payload: string | undefined): Notice => (payload === 'record' ? 'record' : 'work');

export interface Changes extends Pick<Replicas, 'onChange'> {
  close(): Promise<void>;
}

/**
 * One connection that only listens. Where the database or a pooler before it does not pass notices on, it is closed and nobody
 * is told: everybody looks by itself within a second anyway.
 */
export function listenForChanges(url: string): Changes {
  const listeners = new Set<(notice: Notice) => void>();
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;
  const tell = (notice: Notice): void => {
    for (const listener of listeners) listener(notice);
  };
  const again = (): void => {
    client = null;
    if (!isClosed) timer = setTimeout(() => void begin(), AGAIN_MS).unref();
  };
  const begin = async (): Promise<void> => {
    let isOver = false;
    const over = (): void => {
      if (isOver) return;
      isOver = true;
      client?.end().catch(() => {});
      again();
    };
    try {
      // It reads the files of its certificates here, one of which may be gone by now.
      const one = new pg.Client({
        connectionString: connectionStringOf(url),
        keepAlive: true,
        connectionTimeoutMillis: 5000,
      });
      client = one;
      one.on('error', over);
      one.on('end', over);
      one.on('notification', ({ payload }) => tell(noticeOf(payload)));
      await one.connect();
      await one.query(`listen ${CHANNEL}`);
      const { rows } = await one.query('select pg_listening_channels() as name');
      if (rows.length === 0) isClosed = true;
      // What happened while nobody listened.
      tell('work');
      if (isClosed) over();
    } catch (error) {
      if (isUnknownHere(error)) isClosed = true;
      over();
    }
  };
  void begin();
  return {
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
