// What gates on one real PostgreSQL share: who leads, that something was stored, the time; and what a database in trouble says.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { databaseFacts } from '../../src/adapters/store/postgres/facts.ts';
import { openPostgresStore } from '../../src/adapters/store/postgres/open.ts';
import { findingsOf } from '../../src/doors/cli/commands/doctor-database.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { Notice, Store } from '../../src/ports/store.ts';
import { proposed, START } from '../support/a-remediation.ts';
import { startPostgres } from '../support/postgres.ts';

const never = new AbortController().signal;
const database = await startPostgres();
const [url, readOnly, broken] = [await database.fresh(), await database.fresh(), await database.fresh()];
after(() => database.stop());

const inTwo = async (check: (one: Store, two: Store) => Promise<void>): Promise<void> => {
  const [one, two] = [await openPostgresStore(url), await openPostgresStore(url)];
  try {
    await check(one, two);
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
};

test('one has a role until it gives it up or its seconds are over, and each change of hands is a new term', () =>
  inTwo(async ({ replicas: one }, { replicas: two }) => {
    assert.deepEqual(await one?.lead('chat', 'A', 60, never), { ok: true, term: 1 });
    assert.deepEqual(await two?.lead('chat', 'B', 60, never), { ok: false, holder: 'A' });
    assert.deepEqual(await two?.lead('forge', 'B', 60, never), { ok: true, term: 1 }, 'another role');
    assert.deepEqual(await one?.lead('chat', 'A', 60, never), { ok: true, term: 1 });
    await two?.resign('chat', 'B', never);
    assert.equal((await two?.lead('chat', 'B', 60, never))?.ok, false, 'nobody gives up what is another’s');
    await one?.resign('chat', 'A', never);
    assert.deepEqual(await two?.lead('chat', 'B', -1, never), { ok: true, term: 2 });
    assert.deepEqual(await one?.lead('chat', 'A', 60, never), { ok: true, term: 3 }, 'its seconds are over');
    const both = await Promise.all([one?.lead('new', 'A', 60, never), two?.lead('new', 'B', 60, never)]);
    assert.equal(both.filter((answer) => answer?.ok === true).length, 1);
  }));

test('what one stores, the other hears of, and whether there is work in it, and reads', () =>
  inTwo(async (one, two) => {
    const heard: Notice[] = [];
    const stop = two.replicas?.onChange((notice) => heard.push(notice));
    const untilHeard = async (many: number): Promise<void> => {
      while (heard.length < many) await pause(5);
    };
    await untilHeard(1);
    assert.deepEqual(heard.splice(0), ['work'], 'what happened before it listened');
    const [plain, record, work] = ['one', 'two', 'three'].map((name) => proposed(`scale production/${name} 5`, name));
    assert.ok(plain && record && work);
    for (const change of [plain, { ...record, notice: 'record' }, { ...work, notice: 'work' }] as const)
      assert.ok((await one.remediations.save([change], never)).ok);
    await untilHeard(3);
    assert.deepEqual(heard, ['work', 'record', 'work']);
    stop?.();
    assert.equal((await two.remediations.read(plain.after.id, never))?.state, 'awaiting-approval');
  }));

test('of two that save on one revision, or claim one thing, one has it', () =>
  inTwo(async (one, two) => {
    const change = proposed('scale dev/web 5', 'INC-both');
    const saved = await Promise.all([
      one.remediations.save([change], never),
      two.remediations.save([{ ...change, after: { ...change.after, id: 'p-other' } }], never),
    ]);
    assert.equal(saved.filter(({ ok }) => ok).length, 1);
    const turn = { lane: 'begun', scope: { kind: 'all' }, now: START, until: '2099-01-01T00:00:00.000Z' } as const;
    const claims = await Promise.all(
      [one, two, one, two].map((store) => store.remediations.claim({ ...turn, writesAtOnce: 9 }, never)),
    );
    assert.equal(claims.filter(({ ok }) => ok).length, 1);
  }));

test('the time is the database’s', () =>
  inTwo(async ({ replicas }) => {
    const [row] = await database.ask(url, 'select extract(epoch from clock_timestamp())::float8 * 1000 as now');
    const time = (await replicas?.time(never)) ?? 0;
    assert.ok(time >= Number(row?.['now']) - 1 && time < Number(row?.['now']) + 60_000);
  }));

test('a read-only database answers what is asked, and says no to what should be stored', async () => {
  const store = await openPostgresStore(readOnly);
  assert.ok((await store.remediations.save([proposed('scale dev/web 5')], never)).ok);
  await store.close();
  await database.ask(
    readOnly,
    `alter database ${new URL(readOnly).pathname.slice(1)} set default_transaction_read_only = on`,
  );
  const trail = await databaseFacts(readOnly);
  assert.equal(trail.isReadOnly, true);
  const refused = (error: unknown): boolean => error instanceof AdapterError && error.reason === 'read-only';
  await assert.rejects(openPostgresStore(readOnly), refused);
  const findings = findingsOf(trail, { now: trail.clockMs, requiresSync: false });
  assert.equal(findings[0]?.state, 'fail');
});

test('a database that cannot be reached, or lets nobody in, says what to do', async () => {
  const unreachable = new URL(url);
  unreachable.port = '1';
  await assert.rejects(openPostgresStore(unreachable.href), { name: 'AdapterError', reason: 'unreachable' });
  const nowhere = new URL(url);
  nowhere.pathname = '/nosuch';
  await assert.rejects(openPostgresStore(nowhere.href), { name: 'AdapterError', reason: 'cannot-open' });
  const nobody = new URL(url);
  nobody.username = 'nobody_at_all';
  await assert.rejects(openPostgresStore(nobody.href), { name: 'AdapterError', reason: 'no-access' });
  assert.ok(broken.startsWith('postgres://'));
});

test('doctor says what can be lost, and that a pooler passes no notices on', async () => {
  const facts = await databaseFacts(url);
  assert.equal(facts.passesNotices, true);
  assert.equal((await databaseFacts(database.pooled(url))).passesNotices, false);
  const states = (more: Partial<typeof facts>, requiresSync = false, now = facts.clockMs) =>
    findingsOf({ ...facts, roundTripMs: 1, ...more }, { now, requiresSync }).map(({ state }) => state);
  assert.deepEqual(states({ standbys: 'ANY 1 (a, b)' }), ['ok']);
  assert.deepEqual(states({ standbys: '' }), ['ok', 'warn']);
  assert.deepEqual(states({ standbys: '' }, true), ['ok', 'fail']);
  assert.deepEqual(states({ synchronousCommit: 'off', standbys: 'a' }), ['ok', 'warn', 'warn']);
  assert.deepEqual(states({ standbys: 'a', passesNotices: false }), ['ok', 'ok']);
  assert.deepEqual(states({ standbys: 'a', roundTripMs: 80 }), ['ok', 'warn']);
  assert.deepEqual(states({ standbys: 'a' }, false, facts.clockMs + 300_000), ['ok', 'warn']);
});
