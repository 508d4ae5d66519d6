// When the first lease in a table runs out.
import type { Kysely } from 'kysely';
import type { Instant } from '../../../core/model/instant.ts';
import type { PgTables } from './tables.ts';

/** The first end after `now` among the leases that are held; null: none is. */
export async function nextLeaseEnd(
  db: Kysely<PgTables>,
  table: 'remediations' | 'outbox',
  now: Instant,
): Promise<Instant | null> {
  const row = await db
    .selectFrom(table)
    .select('lease_until')
    .where('lease_until', '>', now)
    .orderBy('lease_until')
    .limit(1)
    .executeTakeFirst();
  return row?.lease_until ?? null;
}
