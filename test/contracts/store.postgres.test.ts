// The store's contract on a real PostgreSQL: as it is, through PgBouncer in transaction mode, as engines have it that are always
// SERIALIZABLE and know neither LISTEN nor SKIP LOCKED, and on the tables of the next version.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openPostgresStore, openPostgresTrail, type PgOptions } from '../../src/adapters/store/postgres/open.ts';
import { openHeadProof, readHeadProof } from '../../src/doors/head-proof.ts';
import { difficultPool } from '../support/difficult-pool.ts';
import { startPostgres } from '../support/postgres.ts';
import { storeContract } from './store.contract.ts';
import { pruneContract } from './store-prune.contract.ts';

const database = await startPostgres();
after(() => database.stop());

/** What a next version may have added, by the rule of src/adapters/store/postgres/schema.ts. */
const NEXT_VERSION = `
  insert into migrations values ('900-expand-next');
  alter table remediations add column next_thing text, add column next_count integer not null default 7;
  alter table audit add column next_thing text;
  alter table outbox add column next_thing text;
  alter table outcomes add column next_thing text;
  alter table tallies add column next_thing text;
  alter table holds add column next_thing text;
  alter table hidden add column next_thing text;
  alter table shadow_counts add column next_thing text;
  alter table gate add column next_thing text;
  create table next_table (id integer primary key)`;

/** All of them before the first test, since hooks run when there is no test left. */
const [plain, pooled, serializable, nextVersion] = [
  await database.fresh(),
  await database.fresh(),
  await database.fresh(),
  await database.fresh(),
];
await (await openPostgresStore(nextVersion)).close();
await database.ask(nextVersion, NEXT_VERSION);

/** One database for each suite, emptied for each promise. */
const suite = (name: string, url: string, options: PgOptions = {}, through = (one: string) => one): void => {
  for (const contract of [storeContract, pruneContract])
    contract(name, async () => openPostgresStore(through(await database.emptied(url)), { time: 'caller', ...options }));
};

suite('postgres', plain);
suite('postgres through a pooler', pooled, {}, (url) => database.pooled(url));
suite('postgres with what the next version adds', nextVersion);
const difficult = difficultPool({ refuseOneOf: 30 });
suite('an engine that is always serializable and refuses one statement of 30', serializable, {
  isolation: 'serializable',
  pool: (...asked) => difficult.make(...asked),
});

test('that engine refused many, and was asked for nothing that it lacks but once at each opening whether it knows notices', () => {
  assert.ok(difficult.refused() > 50, `only ${difficult.refused()} were refused: the test slept`);
  assert.deepEqual([...new Set(difficult.forbidden)], ['select pg_notify($1, $2)']);
  assert.ok(difficult.forbidden.length <= difficult.pools(), `${difficult.forbidden.length} times`);
});

test('beside a gate the trail is read with what proves its heads and whether it is paused, and nothing is written', async () => {
  const url = await database.fresh();
  const [store, beside] = [await openPostgresStore(url), openPostgresTrail(url)];
  const never = new AbortController().signal;
  const { prove } = await openHeadProof(store.controls);
  const entry = { kind: 'note', at: '2026-01-01T00:00:00.000Z', what: 'paused', who: 'ana', about: '' } as const;
  await store.controls.setPaused('paused', entry, never);
  const head = await beside.trail.head(never);
  assert.ok(head);
  const proof = await readHeadProof(beside.controls, never);
  assert.equal(proof?.prove(head), prove(head), 'the same key');
  assert.notEqual(prove({ ...head, seq: 2 }), prove(head));
  assert.equal(await beside.controls.paused(null, never), true);
  await Promise.all([store.close(), beside.close()]);
});

test('a version that is left behind is refused, and says so', async () => {
  const url = await database.fresh();
  await (await openPostgresStore(url)).close();
  await database.ask(url, "insert into migrations values ('901-contract-next')");
  await assert.rejects(openPostgresStore(url), { name: 'AdapterError', reason: 'newer', message: /run the newer one/ });
});

for (const [name, settings] of [
  ['as it is', ''],
  ['where each transaction is SERIALIZABLE', '?options=-c%20default_transaction_isolation=serializable'],
] as const)
  test(`gates that start at once on an empty database make its tables once, and share one key: ${name}`, async () => {
    const url = `${await database.fresh()}${settings}`;
    const stores = await Promise.all(Array.from({ length: 8 }, () => openPostgresStore(url)));
    const never = new AbortController().signal;
    await stores[0]?.hidden.keep(new Map([['h', 'secret']]), 'INC-1', never);
    for (const store of stores) assert.deepEqual(await store.hidden.reveal(['h'], never), new Map([['h', 'secret']]));
    const keys = await Promise.all(stores.map(({ controls }, i) => controls.keepCursor('hash-key', `key-${i}`, never)));
    assert.equal(new Set(keys).size, 1, 'what is hashed by one is known by all');
    await Promise.all(stores.map((store) => store.close()));
    assert.deepEqual(await database.ask(url, "select count(*)::int as n from migrations where name like '001-%'"), [
      { n: 1 },
    ]);
  });
