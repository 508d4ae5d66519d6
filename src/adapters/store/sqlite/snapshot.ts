// How SQLite is asked about one moment, and about its own tables.
import { type Kysely, sql } from 'kysely';
import type { SnapshotAccess } from '../queries/derived-tables.ts';
import type { Tables } from '../queries/tables.ts';

export const SQLITE_SNAPSHOT: SnapshotAccess = { atOneMoment, hasColumn };

/** A transaction that locks would be refused on a read-only connection. */
async function atOneMoment<T>(db: Kysely<Tables>, read: (one: Kysely<Tables>) => Promise<T>): Promise<T> {
  return db.connection().execute(async (one) => {
    await sql`begin deferred`.execute(one);
    try {
      return await read(one);
    } finally {
      await sql`commit`.execute(one);
    }
  });
}

async function hasColumn(db: Kysely<Tables>, table: keyof Tables, column: string): Promise<boolean> {
  const { rows } = await sql<{ name: string }>`select name from pragma_table_info(${table})`.execute(db);
  return rows.some(({ name }) => name === column);
}
