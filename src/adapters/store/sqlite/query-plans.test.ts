// Every query that the store asks of a table that grows finds its rows by an index: SQLite's own plan says so.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { storeContract } from '../../../../test/contracts/store.contract.ts';
import { openSqliteStore } from './open.ts';

const GROWING = ['remediations', 'audit', 'outbox', 'outcomes', 'holds', 'failed_objects', 'shadow_verdicts'];

/** Read whole on purpose, by nothing that a running gate does often: verifying the trail, all outcomes, a migration. */
const WHOLE = [
  /full join/i,
  /^select "id", "digest", "open", "due", "place" from "remediations"$/,
  /^update remediations set (?:place|cluster) =/,
  /^update holds set object =/,
  /^select "proposal", "queue", "message", "settled", "first" from "outbox" order by "id"$/,
  /^select "object", "proposal" from "holds"$/,
  /^insert into (?:tallies|failed_objects)\s+select/,
  /^select "incident", "digest", "body"(?:, "proposal", .*)? from "outcomes"$/,
  /^select \* from "failed_objects"$/,
  /^select "seq", "incident", "event", "latest" from "audit"$/,
  /^update audit set (?:event|latest) =/,
  /sqlite_master/,
];

/** A page of the newest: by the primary key, and no further than its limit. */
const NEWEST = /order by (?:"created"|"seq"|"rowid") desc limit \?(?:\) as "latest" from "gate")?$/;

const asked = new Set<string>();
// oxlint-disable-next-line typescript/unbound-method -- called with its database below
const prepare = DatabaseSync.prototype.prepare;
DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string) {
  asked.add(sql);
  return prepare.call(this, sql);
} as typeof prepare;

const folders: string[] = [];
const fresh = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-plans-'));
  folders.push(folder);
  return folder;
};

storeContract('sqlite, its plans noted', () => openSqliteStore(fresh()));

test('no query scans a table that grows', async () => {
  const folder = fresh();
  await (await openSqliteStore(folder)).close();
  const db = new DatabaseSync(join(folder, 'blastgate.db'));
  const scans: string[] = [];
  let planned = 0;
  for (const sql of asked) {
    if (!/^\s*(?:select|update|delete|insert|with)\b/i.test(sql) || WHOLE.some((one) => one.test(sql))) continue;
    const parameters = Array.from({ length: (sql.match(/\?/g) ?? []).length }, () => null);
    const plan = prepare
      .call(db, `explain query plan ${sql}`)
      .all(...parameters)
      .map(({ detail }) => String(detail));
    planned += 1;
    for (const detail of plan) {
      const table = /^SCAN (?:TABLE )?(\w+)/.exec(detail)?.[1];
      const grows = table !== undefined && GROWING.includes(table) && !/USING (?:COVERING )?INDEX/.test(detail);
      if (grows && !NEWEST.test(sql)) scans.push(`${detail}: ${sql}`);
      if (/TEMP B-TREE FOR ORDER BY/.test(detail)) scans.push(`${detail}: ${sql}`);
    }
  }
  db.close();
  for (const one of folders) rmSync(one, { recursive: true, force: true });
  assert.ok(planned > 20, `only ${planned} queries were noted: the test slept`);
  assert.deepEqual(scans, []);
});
