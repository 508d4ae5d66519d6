// A page is read in two questions, sizes before rows: what is added between them pushes nothing off it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { KyselyPlugin } from 'kysely';
import { proposed } from '../../../../test/support/a-remediation.ts';
import { openSqliteTables } from '../sqlite/open.ts';
import { newestOf } from './lines.ts';
import { remediationReads } from './remediations.ts';

const never = new AbortController().signal;

/** Does it once, when the first question has been answered. */
const afterFirst = (act: () => void): KyselyPlugin => {
  let isDone = false;
  return {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      if (!isDone) act();
      isDone = true;
      return result;
    },
  };
};

/** A copy of the newest row, as another gate adds it: `changed` says what of it is another. */
const addLike = (file: string, table: string, place: string, changed: Readonly<Record<string, string>>): void => {
  const database = new DatabaseSync(file);
  const names = database
    .prepare(`select name from pragma_table_info('${table}')`)
    .all()
    .map(({ name }) => String(name));
  const values = names.map((name) => changed[name] ?? name);
  database.exec(
    `insert into ${table} (${names.join()}) select ${values.join()} from ${table} order by ${place} desc limit 1`,
  );
  database.close();
};

for (const limit of [2, 3])
  test(`${limit} of a list of two or more: a proposal made meanwhile takes nobody's place`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'blastgate-page-race-'));
    const { store, db } = await openSqliteTables(folder);
    try {
      for (const id of ['p-1', 'p-2', 'p-3']) {
        const saved = await store.remediations.save([proposed(id, `INC-${id}`)], never);
        assert.ok(saved.ok, id);
      }
      const file = join(folder, 'blastgate.db');
      const [filter, wanted] = [
        { state: null, incident: null },
        { limit, before: null },
      ];
      const before = await store.remediations.page(filter, wanted, never);
      const add = () => addLike(file, 'remediations', 'created', { created: 'created + 1', id: "'p-new'", open: '0' });
      const meanwhile = await remediationReads(db.withPlugin(afterFirst(add))).page(filter, wanted, never);
      assert.equal((await store.remediations.page(filter, { limit: 9, before: null }, never)).unreadable.length, 1);
      assert.deepEqual(meanwhile, before);

      const lines = await newestOf(db, wanted);
      const write = () => addLike(file, 'audit', 'seq', { seq: 'seq + 1' });
      assert.deepEqual(await newestOf(db.withPlugin(afterFirst(write)), wanted), lines);
      assert.notDeepEqual(await newestOf(db, wanted), lines);
    } finally {
      await store.close();
      rmSync(folder, { recursive: true });
    }
  });
