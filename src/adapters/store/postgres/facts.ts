// What a PostgreSQL database says of itself that decides whether what it has acknowledged can be lost.
import pg from 'pg';
import type { StoreFacts } from '../../../ports/store-facts.ts';
import { connectionStringOf } from './connection-string.ts';
import { databaseError } from './errors.ts';

/** Asks once, and changes nothing. Throws AdapterError. */
export async function databaseFacts(url: string): Promise<StoreFacts> {
  const client = clientOf(url);
  try {
    await client.connect();
    const began = performance.now();
    const { rows } = await client.query<Row>(FACTS);
    const roundTripMs = performance.now() - began;
    const [row] = rows;
    if (row === undefined) throw new Error('the database said nothing of itself');
    const passesNotices = await keepsConnection(url, client);
    return {
      version: row.version,
      synchronousCommit: row.synchronous_commit,
      standbys: row.standbys,
      isolation: row.isolation,
      isReadOnly: row.is_standby || row.read_only === 'on',
      passesNotices,
      roundTripMs,
      clockMs: Math.floor(Number(row.now)),
    };
  } catch (error) {
    throw databaseError(error);
  } finally {
    client.end().catch(() => {});
  }
}

/** Not connected yet; the files of its certificates are read already. Throws AdapterError. */
const clientOf = (url: string): pg.Client => {
  try {
    const client = new pg.Client({
      connectionString: connectionStringOf(url),
      connectionTimeoutMillis: 5000,
      query_timeout: 5000,
    });
    client.on('error', () => {});
    return client;
  } catch (error) {
    throw databaseError(error);
  }
};

/** A pooler gives the connection that listens to whoever begins a transaction next, and asks the next of the first on another. */
const keepsConnection = async (url: string, client: pg.Client): Promise<boolean> => {
  const other = clientOf(url);
  await other.connect();
  try {
    await client.query('listen blastgate_asked');
    await other.query('begin');
    await other.query('select 1');
    const { rows } = await client.query('select pg_listening_channels()');
    await other.query('unlisten blastgate_asked');
    await other.query('rollback');
    return rows.length > 0;
  } finally {
    other.end().catch(() => {});
  }
};

interface Row {
  readonly version: string;
  readonly synchronous_commit: string;
  readonly standbys: string;
  readonly isolation: string;
  readonly read_only: string;
  readonly is_standby: boolean;
  readonly now: string;
}

const FACTS = `select current_setting('server_version') as version,
  current_setting('synchronous_commit') as synchronous_commit,
  current_setting('synchronous_standby_names') as standbys,
  current_setting('default_transaction_isolation') as isolation,
  current_setting('default_transaction_read_only') as read_only,
  pg_is_in_recovery() as is_standby,
  extract(epoch from clock_timestamp()) * 1000 as now`;
