// Counts of what grows, in SQL: changed within the transaction of what they count, read in one look.
import type { Kysely, Transaction } from 'kysely';
import type { Tally } from '../../../ports/store.ts';
import { prepared } from './prepared.ts';
import type { Tables } from './tables.ts';

/** Adds `by` to a count, from 0 where there is none. */
export async function count(
  trx: Transaction<Tables>,
  kind: Tables['tallies']['kind'],
  label: string,
  by: 1 | -1,
): Promise<void> {
  await addTo(trx, { kind, label, by });
}

const addTo = prepared((db, { kind, label, by }: Omit<Tables['tallies'], 'count'> & { readonly by: number }) =>
  db
    .insertInto('tallies')
    .values({ kind, label, count: by })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'label']).doUpdateSet((set) => ({ count: set('tallies.count', '+', by) })),
    ),
);

/** Every count that is not 0. */
export async function readTallies(db: Kysely<Tables>): Promise<readonly Tally[]> {
  const rows = await db
    .selectFrom('tallies')
    .select(['kind', 'label', 'count'])
    .where('count', '!=', 0)
    .orderBy('kind')
    .orderBy('label')
    .execute();
  return rows.map(({ kind, label, count: many }) => ({ kind, label, count: many }));
}
