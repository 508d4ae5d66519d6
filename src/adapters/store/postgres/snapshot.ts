// How PostgreSQL is asked about one moment, and about its own tables.
import { type Kysely, sql } from 'kysely';
import type { SnapshotAccess } from '../queries/derived-tables.ts';
import type { Tables } from '../queries/tables.ts';
import { tryAgain } from './again.ts';

export const PG_SNAPSHOT: SnapshotAccess = { atOneMoment, hasColumn };

async function atOneMoment<T>(db: Kysely<Tables>, read: (one: Kysely<Tables>) => Promise<T>): Promise<T> {
  return tryAgain(() => db.transaction().setIsolationLevel('repeatable read').execute(read));
}

async function hasColumn(db: Kysely<Tables>, table: keyof Tables, column: string): Promise<boolean> {
  const { rows } = await sql`select 1 from information_schema.columns
    where table_schema = current_schema() and table_name = ${table} and column_name = ${column}`.execute(db);
  return rows.length > 0;
}
