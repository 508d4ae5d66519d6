// Small named values in SQL: cursors of pollers, switches, the instant of the latest resume.
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** null: it was never written. */
export async function readMark(db: Kysely<Tables>, name: string): Promise<string | null> {
  const row = await db.selectFrom('marks').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value ?? null;
}

export async function writeMark(trx: Transaction<Tables>, name: string, value: string): Promise<void> {
  await trx
    .insertInto('marks')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}
