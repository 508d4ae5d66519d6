// The time by which claims run out: the database's, since the clocks of the gates beside each other differ.
import { type Kysely, sql } from 'kysely';
import { type Instant, instant, plusSeconds, secondsBetween } from '../../../core/model/instant.ts';

/** `database`: what a caller takes for now is not believed. `caller`: it is (tests set the time). */
export type TimeSource = 'database' | 'caller';

/** Milliseconds since the epoch, by the database's clock at this moment, also late in a transaction. */
export async function databaseTime<T>(db: Kysely<T>): Promise<number> {
  const { rows } = await sql<{
    now: number;
  }>`select (extract(epoch from clock_timestamp()) * 1000)::double precision as now`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('the database told no time (this is a bug)');
  return Math.floor(row.now);
}

/** A span of the caller's in the time that counts. */
export async function timed<T>(
  db: Kysely<T>,
  source: TimeSource,
  span: { readonly now: Instant; readonly until: Instant },
): Promise<{ readonly now: Instant; readonly until: Instant }> {
  if (source === 'caller') return span;
  const now = instant(await databaseTime(db));
  return { now, until: plusSeconds(now, secondsBetween(span.now, span.until)) };
}
