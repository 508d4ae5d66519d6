// A gate whose trail is pruned at any moment beside one whose trail is not: whatever is asked of both, they decide alike.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { openSqliteStore } from '../../src/adapters/store/sqlite/open.ts';
import { plusSeconds } from '../../src/core/model/instant.ts';
import type { AuditLine } from '../../src/core/remediation/audit-line.ts';
import { verifyTrail } from '../../src/core/remediation/replay.ts';
import { nowOf } from '../../src/flow/transition.ts';
import type { Pruned } from '../../src/ports/store.ts';
import { memoryStore } from '../fakes/store.ts';
import { type Stage, setStage } from '../support/memory-gate.ts';

const never = new AbortController().signal;
/** What failed within it makes a difference to the score. */
const MEMORY_SECONDS = 7 * 24 * 3600;

const incident = fc.integer({ min: 1, max: 4 }).map((n) => `INC-${n}`);
type Act =
  | { readonly kind: 'propose'; readonly incident: string; readonly text: string }
  | { readonly kind: 'vote'; readonly who: string; readonly decision: 'approve' | 'reject' }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'health'; readonly of: string; readonly is: 'fine' | 'broken' }
  | { readonly kind: 'prune'; readonly back: number };
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    kind: fc.constant('propose' as const),
    incident,
    text: fc.constantFrom(
      'scale dev/web 5',
      'scale dev/web 2',
      'scale production/web 5',
      'scale production/web 0',
      'scale dev/api 4',
    ),
  }),
  fc.record({
    kind: fc.constant('vote' as const),
    who: fc.constantFrom('ben', 'cho'),
    decision: fc.constantFrom('approve' as const, 'approve' as const, 'reject' as const),
  }),
  fc.record({
    kind: fc.constant('pass' as const),
    seconds: fc.constantFrom(30, 120, 6 * 3600, 30 * 24 * 3600),
  }),
  fc.record({
    kind: fc.constant('health' as const),
    of: fc.constantFrom('dev/web', 'production/web'),
    is: fc.constantFrom('fine' as const, 'broken' as const),
  }),
  fc.record({ kind: fc.constant('prune' as const), back: fc.nat(5) }),
);

/** What it answered, as far as anybody can see it. */
const play = async (stage: Stage, one: Act, prunes: boolean): Promise<unknown> => {
  switch (one.kind) {
    case 'propose': {
      const proposed = await stage.proposeText(one.text, one.incident);
      // Heads and the numbers of lines are those of another trail: pruning writes lines of its own.
      const ofTrail: ReadonlySet<string> = new Set(['head', 'seq']);
      return JSON.parse(JSON.stringify(proposed, (key, value: unknown) => (ofTrail.has(key) ? undefined : value)));
    }
    case 'vote': {
      const waiting = await stage.store.remediations.page(
        { state: 'awaiting-approval', incident: null },
        { limit: 9, before: null },
        never,
      );
      const [newest] = waiting.remediations;
      if (newest === undefined) return null;
      const result = await stage.vote(newest.id, one.who, one.decision);
      return result.ok ? result.vote : result.refusal;
    }
    case 'pass':
      if (one.seconds > 24 * 3600) {
        stage.clock.pass(one.seconds);
        await stage.settle();
      } else await stage.pass(one.seconds);
      return stage.tell();
    case 'health': {
      const workload = stage.cluster.workloads.get(one.of);
      assert.ok(workload);
      workload.health = one.is;
      return null;
    }
    case 'prune':
      if (prunes) await prune(stage, one.back);
      return null;
    default:
      return one satisfies never;
  }
};

let removed = 0;
const prune = async (stage: Stage, back: number): Promise<Pruned | null> => {
  const lines = await stage.store.trail.lines(0, 10_000, never);
  const line = lines.at(-1 - back);
  if (line === undefined) return null;
  const now = nowOf(stage.gate);
  const order = {
    through: { seq: line.seq, hash: line.hash },
    remembered: plusSeconds(now, -MEMORY_SECONDS),
    at: now,
    who: 'ana',
  };
  const pruned = await stage.store.trail.prune(order, never);
  removed += pruned?.remediations ?? 0;
  return pruned;
};

/** What everybody sees of a gate, whatever was archived. */
const seen = async ({ store, cluster }: Stage) => {
  const summary = await store.history.summary(never);
  const tallies = await store.history.tallies(never);
  return {
    writes: cluster.writes,
    paused: await store.controls.paused(null, never),
    tallies: tallies
      .filter(({ count }) => count !== 0)
      .map((one) => JSON.stringify(one))
      .toSorted(),
    summary: summary.map(({ action, target, runs, succeeded, rolledBack, failed }) => ({
      action,
      target,
      runs,
      succeeded,
      rolledBack,
      failed,
    })),
  };
};

test('whatever is pruned whenever, the gate decides as if nothing were gone, and its record is whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 40 }), async (acts) => {
      const folder = mkdtempSync(join(tmpdir(), 'blastgate-prune-'));
      const store = await openSqliteStore(folder);
      const [whole, pruned] = [setStage(memoryStore()), setStage(store)];
      for (const one of acts) {
        assert.deepEqual(await play(pruned, one, true), await play(whole, one, false), JSON.stringify(one));
        assert.deepEqual(await seen(pruned), await seen(whole), JSON.stringify(one));
        const { derived, ...evidence } = await pruned.store.trail.snapshot(never);
        const lines = await pruned.store.trail.lines(0, 10_000, never);
        const faults = verifyTrail({
          ...evidence,
          lines,
          known: [],
          hashOf: hashOfLine,
          ...(derived === null ? {} : { derived }),
        });
        assert.deepEqual(faults, [], JSON.stringify(one));
      }
      await store.close();
      rmSync(folder, { recursive: true });
    }),
    { numRuns: Number(process.env['PRUNE_RUNS'] ?? 6), seed: 20261127 },
  );
  assert.ok(removed > 5, `only ${removed} remediations were pruned: the test slept`);
});

/** What another hand does to the database of a gate that stands still. */
const FORGERIES: readonly (readonly [what: string, forge: (db: DatabaseSync, lines: readonly AuditLine[]) => void])[] =
  [
    [
      'rewrote and hashed anew a line that stayed',
      (db, [first]) => {
        assert.ok(first?.deed.kind === 'step');
        const deed = { ...first.deed, record: { ...first.deed.record, at: '2026-01-01T00:00:01.000Z' } };
        const forged = { ...first, deed };
        db.prepare('update audit set line = ?, hash = ? where seq = ?').run(
          JSON.stringify(deed),
          hashOfLine(forged),
          first.seq,
        );
      },
    ],
    [
      'took out a line that stayed',
      (db, [first]) => void db.prepare('delete from audit where seq = ?').run(first?.seq ?? 0),
    ],
    [
      'changed what the archived ones count for',
      (db) => db.exec("update carried set count = count + 5, label = replace(label, 'failed', 'succeeded')"),
    ],
  ];
for (const [what, forge] of FORGERIES)
  test(`somebody ${what}: the next checkpoint is not sealed over it`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'blastgate-prune-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const first = await openSqliteStore(folder);
    const stage = setStage(first);
    await stage.proposeText('scale production/web 0', 'INC-open');
    await stage.proposeText('scale dev/web 5', 'INC-over');
    await stage.pass(600);
    await stage.tell();
    stage.clock.pass(30 * 24 * 3600);
    await prune(stage, 0);
    const lines = await first.trail.lines(0, 1000, never);
    assert.ok(((await first.trail.checkpoint(never))?.through.seq ?? 0) > 0);
    await first.close();
    const db = new DatabaseSync(join(folder, 'blastgate.db'));
    forge(db, lines);
    db.close();
    const store = await openSqliteStore(folder);
    await store.trail.append({ kind: 'note', at: nowOf(stage.gate), what: 'logged-in', who: 'ana', about: 'x' }, never);
    await assert.rejects(prune({ ...stage, store }, 0), { name: 'AdapterError', reason: 'corrupt' });
    const { derived, ...evidence } = await store.trail.snapshot(never);
    assert.ok(derived);
    const now = await store.trail.lines(0, 1000, never);
    assert.notDeepEqual(verifyTrail({ ...evidence, lines: now, derived, known: [], hashOf: hashOfLine }), []);
    await store.close();
  });

/** What another hand does to the rows of what is over, before it is archived. */
const ROWS: readonly (readonly [what: string, forge: string])[] = [
  [
    'who voted, in the row',
    `update remediations set body = replace(body, '"healer"', '"heeler"') where incident = 'INC-over'`,
  ],
  [
    'how it ended, in row and column',
    `update remediations set body = replace(body, 'succeeded', 'failed'), state = 'failed' where incident = 'INC-over'`,
  ],
  ['the column that is counted', `update remediations set state = 'rejected' where incident = 'INC-over'`],
  ['the row, so that it cannot be read', `update remediations set body = substr(body, 2) where incident = 'INC-over'`],
  ['the outcome', `update outcomes set body = replace(body, 'succeeded', 'failed') where incident = 'INC-over'`],
  ['the column of the outcome', `update outcomes set state = 'failed' where incident = 'INC-over'`],
  [
    'a line, whose hash stays',
    `update audit set line = replace(line, '"healer"', '"heeler"') where incident = 'INC-over'`,
  ],
  [
    'a line that is missing',
    `delete from audit where seq = (select max(seq) - 1 from audit where incident = 'INC-over')`,
  ],
];
for (const [what, forge] of ROWS)
  test(`somebody changed ${what}: the incident stays and is told, others go`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'blastgate-prune-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const first = await openSqliteStore(folder);
    const stage = setStage(first);
    await stage.proposeText('scale dev/web 5', 'INC-over');
    await stage.pass(600);
    await stage.proposeText('scale dev/api 5', 'INC-other');
    await stage.vote('p-2', 'ben');
    await stage.pass(600);
    await stage.tell();
    const ended = await first.history.outcomes({ limit: 9, before: null }, never);
    assert.deepEqual(
      ended.outcomes.map(({ state }) => state),
      ['succeeded', 'succeeded'],
    );
    stage.clock.pass(30 * 24 * 3600);
    await first.close();
    const db = new DatabaseSync(join(folder, 'blastgate.db'));
    assert.ok(Number(db.prepare(forge).run().changes) > 0);
    db.close();
    const store = await openSqliteStore(folder);
    const tallies = async () =>
      (await store.history.tallies(never)).filter(({ kind, label }) => kind === 'outcomes' && /failed/.test(label));
    const before = await tallies();
    const pruned = await prune({ ...stage, store }, 0);
    assert.deepEqual([pruned?.remediations, pruned?.damaged], [1, ['INC-over']]);
    assert.deepEqual(await tallies(), before, 'nothing false is carried');
    const { derived, ...evidence } = await store.trail.snapshot(never);
    assert.ok(derived);
    const now = await store.trail.lines(0, 1000, never);
    const faults = verifyTrail({ ...evidence, lines: now, derived, known: [], hashOf: hashOfLine });
    // Columns of outcomes are compared with nothing but here.
    if (!forge.startsWith('update outcomes set state')) assert.notDeepEqual(faults, [], 'it is found still');
    await store.close();
  });

test('a hidden value that an older version kept stays, though a newer one was kept for what is over', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-prune-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const store = await openSqliteStore(folder);
  const stage = setStage(store);
  await stage.proposeText('scale dev/web 5', 'INC-over');
  const { spec } = await stage.read('p-1');
  await store.hidden.keep(new Map([[spec.digest, 'hunter2']]), null, never);
  await store.hidden.keep(new Map([[spec.digest, 'hunter2']]), 'INC-over', never);
  await stage.pass(600);
  await stage.tell();
  stage.clock.pass(30 * 24 * 3600);
  assert.equal((await prune(stage, 0))?.remediations, 1);
  assert.equal((await store.hidden.reveal([spec.digest], never)).get(spec.digest), 'hunter2');
  await store.close();
});
