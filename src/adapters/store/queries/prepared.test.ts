import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import fc from 'fast-check';
import { Kysely } from 'kysely';
import { NodeSqliteDialect } from '../sqlite/dialect.ts';
import { prepared } from './prepared.ts';
import type { Tables } from './tables.ts';

const withTable = (): Kysely<Tables> => {
  const database = new DatabaseSync(':memory:');
  database.exec('create table marks (name text primary key, value text)');
  return new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) });
};

const put = prepared((db, row: { readonly name: string; readonly value: string }) =>
  db.insertInto('marks').values(row),
);

interface Asked {
  readonly names: readonly string[];
  readonly least: string;
}

const query = (db: Kysely<Tables>, { names, least }: Asked, order: 'asc' | 'desc') =>
  db
    .selectFrom('marks')
    .select('name')
    .where('name', 'in', [...names])
    .where('value', '>=', least)
    .orderBy('name', order);
const named = prepared(
  (db, values: { readonly names: readonly string[]; readonly least: string }, order: 'asc' | 'desc') =>
    query(db, values, order),
);

const namesOf = async (db: Kysely<Tables>, names: readonly string[]): Promise<readonly string[]> =>
  (await named(db, { names, least: '' }, 'asc')).rows.map(({ name }) => name);

test('run with whatever values, lists and shapes one after the other, it answers as a query that is built for each', async () => {
  const db = withTable();
  for (let i = 0; i < 9; i += 1) await put(db, { name: `m${i}`, value: String(8 - i) });
  const name = fc.integer({ min: 0, max: 9 }).map((i) => `m${i}`);
  const asked = fc.record({
    names: fc.array(name, { maxLength: 5 }),
    least: fc.integer({ min: 0, max: 9 }).map(String),
    order: fc.constantFrom('asc' as const, 'desc' as const),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ order, ...values }) => {
      const { rows } = await named(db, values, order);
      assert.deepEqual(rows, await query(db, values, order).execute());
    }),
  );
});

test('each database has its own text, and a list of any length is found', async () => {
  const [one, other] = [withTable(), withTable()];
  await put(one, { name: 'a', value: '1' });
  await put(other, { name: 'b', value: '1' });
  for (const [db, found] of [
    [one, 'a'],
    [other, 'b'],
    [one, 'a'],
  ] as const)
    for (let length = 0; length < 100; length += 1) {
      const names = [...Array.from({ length }, (_, i) => `x${i}`), 'a', 'b'];
      assert.deepEqual(await namesOf(db, names), [found]);
    }
});

test('a value is a value, whatever it looks like', async () => {
  const db = withTable();
  for (const name of ['?', '$1', "'", 'names', '0']) {
    await put(db, { name, value: '"' });
    assert.deepEqual(await namesOf(db, [name]), [name]);
  }
});
