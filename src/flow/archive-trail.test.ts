// Old lines are in the archive before they are out of the store, whatever happens in between.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setStage } from '../../test/support/memory-gate.ts';
import { hashOfLine } from '../adapters/store/chain.ts';
import type { AuditLine } from '../core/remediation/audit-line.ts';
import { verifyTrail } from '../core/remediation/replay.ts';
import type { Store } from '../ports/store.ts';
import { archiveTrail, BrokenChain, keepRetention, newestTime } from './archive-trail.ts';

const DAY = 24 * 3600;

/** One that ended long ago, one that ended lately, one that is open. */
const played = async () => {
  const stage = setStage();
  await stage.proposeText('scale dev/web 5', 'INC-old');
  await stage.pass(60);
  stage.clock.pass(20 * DAY);
  await stage.proposeText('scale dev/api 5', 'INC-lately');
  await stage.pass(60);
  await stage.proposeText('scale production/web 0', 'INC-open');
  await stage.tell();
  const archived: AuditLine[] = [];
  const archive = { append: async (lines: readonly AuditLine[]) => void archived.push(...lines) };
  const archiving = { store: stage.store, clock: stage.clock, archive, hashOf: hashOfLine, who: 'retention' };
  return { stage, archived, archiving };
};

const incidents = async (store: Store, never: AbortSignal): Promise<readonly string[]> =>
  (await store.trail.snapshot(never)).kept.map(({ remediation }) => remediation.incident).toSorted();

const faults = async (store: Store, never: AbortSignal) => {
  const { head, kept } = await store.trail.snapshot(never);
  return verifyTrail({ lines: await store.trail.lines(0, 1000, never), head, kept, known: [], hashOf: hashOfLine });
};

test('what is over goes, what scores look at or is open stays, and the archive has every line', async () => {
  const { stage, archived, archiving } = await played();
  const before = await stage.store.trail.lines(0, 1000, stage.never);
  const now = new Date(stage.clock.now() + 1).toISOString();
  const done = await archiveTrail(archiving, now, stage.never);
  assert.deepEqual(archived, before);
  assert.equal(done.archived, before.length);
  assert.equal(done.remediations, 1);
  assert.deepEqual(await incidents(stage.store, stage.never), ['INC-lately', 'INC-open']);
  assert.deepEqual(await faults(stage.store, stage.never), []);
  await stage.vote('p-3', 'ben');
  assert.deepEqual(await faults(stage.store, stage.never), [], 'what is open goes on');
});

test('lines of that instant or later stay', async () => {
  const { stage, archived, archiving } = await played();
  const before = new Date(stage.clock.now() - DAY * 1000).toISOString();
  const done = await archiveTrail(archiving, before, stage.never);
  assert.ok(archived.length > 0);
  assert.ok(archived.every(({ deed }) => deed.kind === 'note' || deed.proposal === 'p-1'));
  assert.equal(done.through?.seq, archived.at(-1)?.seq);
  const again = await archiveTrail(archiving, before, stage.never);
  assert.deepEqual(again, { archived: 0, lines: 0, remediations: 0, damaged: [], through: null });
});

test('a crash after the archive and before the store: both are whole, and the next time puts them in again', async () => {
  const { stage, archived, archiving } = await played();
  const trail = { ...stage.store.trail, prune: async () => Promise.reject(new Error('killed')) };
  const now = new Date(stage.clock.now() + 1).toISOString();
  await assert.rejects(archiveTrail({ ...archiving, store: { trail } }, now, stage.never), /killed/);
  const first = archived.length;
  assert.equal((await stage.store.trail.lines(0, 1000, stage.never)).length, first);
  await archiveTrail(archiving, now, stage.never);
  assert.deepEqual(archived.slice(first), archived.slice(0, first));
});

test('two at once: whoever is late finds that another was at it, and no broken chain', async () => {
  for (const late of ['checkpoint', 'lines', 'prune'] as const) {
    const { stage, archiving: own } = await played();
    const { trail } = stage.store;
    const now = new Date(stage.clock.now() + 1).toISOString();
    let isFirst = true;
    const beaten = async (): Promise<void> => {
      if (!isFirst) return;
      isFirst = false;
      await archiveTrail(own, now, stage.never);
    };
    const raced = {
      ...trail,
      checkpoint: async (signal: AbortSignal) => {
        const found = await trail.checkpoint(signal);
        if (late === 'checkpoint') await beaten();
        return found;
      },
      lines: async (...asked: Parameters<typeof trail.lines>) => {
        const found = await trail.lines(...asked);
        if (late === 'lines') await beaten();
        return found;
      },
      prune: async (...asked: Parameters<typeof trail.prune>) => {
        if (late === 'prune') await beaten();
        return trail.prune(...asked);
      },
    };
    const done = await archiveTrail({ ...own, store: { trail: raced } }, now, stage.never);
    assert.equal(done.through, null, late);
  }
});

test('an archive that takes nothing leaves the store as it is', async () => {
  const { stage, archiving } = await played();
  const archive = { append: async () => Promise.reject(new Error('ENOSPC')) };
  const lines = await stage.store.trail.lines(0, 1000, stage.never);
  const now = new Date(stage.clock.now() + 1).toISOString();
  await assert.rejects(archiveTrail({ ...archiving, archive }, now, stage.never), /ENOSPC/);
  assert.deepEqual(await stage.store.trail.lines(0, 1000, stage.never), lines);
});

test('nothing from a broken line on is archived', async () => {
  const { stage, archived, archiving } = await played();
  const trail = {
    ...stage.store.trail,
    lines: async (after: number, limit: number, signal: AbortSignal) =>
      (await stage.store.trail.lines(after, limit, signal)).filter(({ seq }) => seq !== 2),
  };
  const now = new Date(stage.clock.now() + 1).toISOString();
  await assert.rejects(archiveTrail({ ...archiving, store: { trail } }, now, stage.never), BrokenChain);
  assert.deepEqual(archived, []);
});

test('a gate archives at once and each day, and a day that fails is made up for', async () => {
  const { stage, archived, archiving } = await played();
  const over = new AbortController();
  let opened = 0;
  const retention = {
    days: 10,
    known: { newest: null, age: () => 0 },
    hashOf: hashOfLine,
    open: async () => {
      opened += 1;
      if (opened === 1) throw new Error('no disk');
      return archiving.archive;
    },
  };
  const { store, clock, log } = stage.gate;
  const days: number[] = [];
  const sleep = async (milliseconds: number) => {
    days.push(milliseconds);
    if (days.length === 2) over.abort();
  };
  await keepRetention({ store, log, clock: { ...clock, now: () => clock.now(), sleep } }, retention, over.signal);
  assert.deepEqual(days, [DAY * 1000, DAY * 1000]);
  assert.ok(archived.length > 0);
  assert.equal(await store.remediations.read('p-1', stage.never), null);
});

/** Which incidents are left after so many days of retention, with a clock that is set to `now`. */
const keptBy = async (now: (at: number, round: number) => number, { rounds = 1, age = 0 } = {}) => {
  const { stage, archiving } = await played();
  await stage.vote('p-2', 'ben', 'reject');
  await stage.tell();
  const { store, clock, log } = stage.gate;
  const over = new AbortController();
  let round = 0;
  const sleep = async () => {
    round += 1;
    if (round >= rounds) over.abort();
  };
  const retention = {
    days: 8,
    hashOf: hashOfLine,
    open: async () => archiving.archive,
    known: { newest: await newestTime(store, stage.never), age: () => age },
  };
  const set = { ...clock, now: () => now(clock.now(), round), sleep };
  await keepRetention({ store, log, clock: set }, retention, over.signal);
  const isTold = stage.log.lines.some(({ event }) => event === 'clock_far_ahead');
  return { left: await incidents(store, stage.never), isTold };
};
const YEARS = 3000 * DAY * 1000;

test('a clock that was set years ahead before this start takes out what is old by the newest line alone, and is told', async () => {
  const { left, isTold } = await keptBy((at) => at + YEARS);
  assert.deepEqual(left, ['INC-lately', 'INC-open']);
  assert.equal(isTold, true);
});

test('one that is set ahead while the gate runs takes out nothing more', async () => {
  const { left } = await keptBy((at, round) => (round === 0 ? at : at + YEARS), { rounds: 3 });
  assert.deepEqual(left, ['INC-lately', 'INC-open']);
});

test('a clock a little ahead of the newest line is believed, and days go by', async () => {
  assert.deepEqual(await keptBy((at) => at + 2 * DAY * 1000), {
    left: ['INC-lately', 'INC-open'],
    isTold: false,
  });
  const later = await keptBy((at, round) => at + round * DAY * 1000, { rounds: 12 });
  assert.deepEqual(later, { left: ['INC-open'], isTold: false });
});

test('a gate that takes this over weeks after its start is no clock that is ahead', async () => {
  const age = 30 * DAY * 1000;
  assert.deepEqual(await keptBy((at) => at + age, { age }), { left: ['INC-open'], isTold: false });
  assert.deepEqual(await keptBy((at) => at + age + YEARS, { age }), { left: ['INC-open'], isTold: true });
});
