// `blastgate store copy`: from SQLite to PostgreSQL and back, by the real command; what was hidden and what is due come along.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openPostgresStore } from '../../src/adapters/store/postgres/open.ts';
import { COPIED } from '../../src/adapters/store/queries/copy.ts';
import { openSqliteStore } from '../../src/adapters/store/sqlite/open.ts';
import { storeCommand } from '../../src/doors/cli/commands/store.ts';
import { CommandFailed } from '../../src/doors/terminal/command.ts';
import type { Store } from '../../src/ports/store.ts';
import { following, proposed, START } from '../support/a-remediation.ts';
import { startPostgres } from '../support/postgres.ts';

const never = new AbortController().signal;
const database = await startPostgres();
const folder = mkdtempSync(join(tmpdir(), 'blastgate-copy-'));
after(async () => {
  await database.stop();
  rmSync(folder, { recursive: true });
});

const command = async (...words: readonly string[]): Promise<{ readonly code: number; readonly said: string }> => {
  let said = '';
  const terminal = { env: { BLASTGATE_DATA: join(folder, 'one') }, out: (text: string) => (said += text) };
  const code = await storeCommand.run(
    { words: [...words], values: {} } as unknown as Parameters<typeof storeCommand.run>[0],
    terminal as unknown as Parameters<typeof storeCommand.run>[1],
  );
  return { code, said };
};

/** 150 incidents, some ended, one with a failure; a hidden value, marks, what was observed. */
const fill = async (store: Store): Promise<void> => {
  for (let n = 0; n < 150; n += 1) {
    const change = proposed(n % 3 === 0 ? 'scale dev/web 5' : `scale production/web ${n}`, `INC-${n}`);
    const saved = await store.remediations.save([change], never);
    assert.ok(saved.ok);
    if (n % 3 !== 1) continue;
    const ended = following(change.after, [{ event: 'cancelled', by: 'ana' }], START);
    assert.ok((await store.remediations.save([ended], never)).ok);
  }
  await store.hidden.keep(new Map([['h-1', { password: 'hunter2' }]]), 'INC-1', never);
  await store.controls.writeCursor('chat-offset:bot', '77 x', never);
  await store.controls.setPaused('paused', { kind: 'note', at: START, what: 'paused', who: 'ana', about: '' }, never);
};

/** What whoever opens it can tell of it. */
const seen = async (store: Store) => ({
  head: await store.trail.head(never),
  newest: await store.remediations.page({ state: null, incident: null }, { limit: 9, before: null }, never),
  counts: await store.history.tallies(never),
  hidden: await store.hidden.reveal(['h-1'], never),
  cursor: await store.controls.readCursor('chat-offset:bot', never),
  paused: await store.controls.paused(null, never),
  lines: (await store.trail.lines(100, 50, never)).length,
});

test('everything comes along, there and back, and goes on from there', async () => {
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  const url = await database.fresh();
  const first = await openSqliteStore(one);
  await fill(first);
  const before = await seen(first);
  await first.close();

  const there = await command('copy', 'configured', url);
  assert.equal(there.code, 0);
  assert.match(there.said, /^copied: \d+ rows, 351 lines, head 351:/);
  const second = await openPostgresStore(url);
  assert.deepEqual(await seen(second), before);
  const late = proposed('scale production/api 9', 'INC-late');
  assert.ok((await second.remediations.save([late], never)).ok, 'the next row gets a number behind the last');
  const claimed = await second.remediations.claim(
    { lane: 'asked', scope: { kind: 'all' }, now: START, until: START, writesAtOnce: 9 },
    never,
  );
  assert.ok(claimed.ok, 'what waited for its turn waits here');
  const middle = await seen(second);
  await second.close();

  assert.equal((await command('copy', url, two)).code, 0);
  const third = await openSqliteStore(two);
  assert.deepEqual(await seen(third), middle);
  await third.close();
  for (const place of ['configured', url, two])
    assert.match((await command('check', place)).said, /^whole: 35\d lines/);
});

test('every table and column of the target is copied, but for what each store keeps for itself', async () => {
  const url = await database.fresh();
  await (await openPostgresStore(url, { listening: 'off' })).close();
  const own = /^(?:migrations|writer|leaders|secrets|hidden)\.|\.(?:token|lease_until|taken|rowid)$/;
  const rows = await database.ask(
    url,
    "select table_name || '.' || column_name as it from information_schema.columns where table_schema = 'public'",
  );
  const there = rows.map(({ it }) => String(it)).filter((it) => !own.test(it));
  const copied = COPIED.flatMap(([table, columns]) => columns.map((column) => `${table}.${column}`));
  assert.deepEqual(copied.toSorted(), there.toSorted());
});

test('a target that is not empty, a folder that a gate runs on, and a source that is broken are refused', async () => {
  const url = await database.fresh();
  const refused = (why: RegExp, ...words: readonly string[]) =>
    assert.rejects(command(...words), (error) => error instanceof CommandFailed && why.test(error.message));
  assert.equal((await command('copy', 'configured', url)).code, 0);
  await refused(/not empty/, 'copy', 'configured', url);
  const running = await openSqliteStore(join(folder, 'one'));
  await refused(/Another gate runs/, 'copy', 'configured', await database.fresh());
  await running.close();
  await database.ask(url, "update audit set hash = 'changed' where seq = 16");
  await refused(/the source is broken/, 'copy', url, join(folder, 'three'));
  assert.equal((await command('check', url)).code, 1);
});
