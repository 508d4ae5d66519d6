// Writes that share a commit: each stands or falls alone, whatever the others do.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Kysely, sql } from 'kysely';
import { groupCommit, Undone } from '../queries/group-commit.ts';
import type { Tables } from '../queries/tables.ts';
import { NodeSqliteDialect } from './dialect.ts';
import { sqliteFateOf } from './errors.ts';

const never = new AbortController().signal;

const inDatabase = async (
  check: (write: ReturnType<typeof groupCommit>, db: Kysely<Tables>, commits: () => number) => Promise<void>,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-group-'));
  const database = new DatabaseSync(join(folder, 'x.db'));
  database.exec('create table t (n integer unique)');
  let commits = 0;
  const prepare = database.prepare.bind(database);
  database.prepare = (text: string) => {
    const statement = prepare(text);
    if (text !== 'commit') return statement;
    const run = statement.run.bind(statement);
    statement.run = () => {
      commits += 1;
      return run();
    };
    return statement;
  };
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) });
  try {
    await check(groupCommit(db, { fateOf: sqliteFateOf }), db, () => commits);
  } finally {
    await db.destroy();
    rmSync(folder, { recursive: true });
  }
};

const numbers = async (db: Kysely<Tables>): Promise<readonly number[]> =>
  (await sql<{ n: number }>`select n from t order by n`.execute(db)).rows.map(({ n }) => n);

test('writes that wait together are committed together', () =>
  inDatabase(async (write, db, commits) => {
    await Promise.all([1, 2, 3, 4, 5].map((n) => write((trx) => sql`insert into t values (${n})`.execute(trx), never)));
    assert.deepEqual(await numbers(db), [1, 2, 3, 4, 5]);
    assert.equal(commits(), 1);
  }));

test('one that undoes itself takes nothing with it', () =>
  inDatabase(async (write, db) => {
    const ends = await Promise.allSettled(
      [1, 2, 3].map((n) =>
        write(async (trx) => {
          await sql`insert into t values (${n})`.execute(trx);
          if (n === 2) throw new Undone('not this one');
          return n;
        }, never),
      ),
    );
    assert.deepEqual(
      ends.map((end) => (end.status === 'fulfilled' ? end.value : String(end.reason))),
      [1, 'Error: not this one', 3],
    );
    assert.deepEqual(await numbers(db), [1, 3]);
  }));

test('what breaks one breaks only that one: the others are run again, once each', () =>
  inDatabase(async (write, db) => {
    const ends = await Promise.allSettled(
      [1, 2, 1, 3].map((n) => write((trx) => sql`insert into t values (${n})`.execute(trx), never)),
    );
    assert.deepEqual(
      ends.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await numbers(db), [1, 2, 3]);
  }));

test('nothing is told before it is committed', () =>
  inDatabase(async (write, _, commits) => {
    const seen: number[] = [];
    await Promise.all(
      [1, 2].map(async (n) => {
        await write((trx) => sql`insert into t values (${n})`.execute(trx), never);
        seen.push(commits());
      }),
    );
    assert.deepEqual(seen, [1, 1]);
  }));

test('who gave up before it began is not run', () =>
  inDatabase(async (write, db) => {
    const gone = new AbortController();
    const late = write((trx) => sql`insert into t values (1)`.execute(trx), gone.signal);
    gone.abort();
    await assert.rejects(late);
    await write((trx) => sql`insert into t values (2)`.execute(trx), never);
    assert.deepEqual(await numbers(db), [2]);
  }));
