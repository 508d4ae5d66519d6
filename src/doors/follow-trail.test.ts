// What metrics and log say of the trail while lines come, while none come, when it breaks, and when it cannot be read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClock } from '../../test/fakes/clock.ts';
import { memoryLog } from '../../test/fakes/log.ts';
import { memoryStore } from '../../test/fakes/store.ts';
import { followTrail } from './follow-trail.ts';
import type { ChainState } from './http/chain-check.ts';

const never = new AbortController().signal;

/** A trail of so many lines when it is first looked at. */
const stage = async (lines: number, first: ChainState | null = { ok: true, lines }) => {
  const store = memoryStore();
  const write = async (more: number): Promise<void> => {
    for (let at = 0; at < more; at += 1)
      await store.trail.append(
        { kind: 'note', at: '2026-01-01T00:00:00.000Z', what: 'x', who: null, about: '' },
        never,
      );
  };
  await write(lines);
  const [clock, log, ending] = [fakeClock(), memoryLog(), new AbortController()];
  let state: ChainState | null | 'fails' = first;
  const check = async () => {
    if (state === 'fails') throw new Error('no database');
    return state;
  };
  const followed = followTrail({ trail: store.trail, check, clock, log });
  const before = followed.text();
  const kept = followed.keep(ending.signal);
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await new Promise((done) => setImmediate(done));
  };
  await settle();
  return {
    log,
    before,
    write,
    set: (to: typeof state) => {
      state = to;
    },
    pass: async (minutes: number): Promise<void> => {
      for (let left = minutes; left > 0; left -= 1) {
        clock.pass(60 * Math.min(1, left));
        await settle();
      }
    },
    /** Line, chain, seconds. */
    says: () =>
      followed
        .text()
        .split('\n')
        .filter((line) => line.startsWith('blastgate'))
        .map((line) => Number(line.split(' ')[1])),
    told: () => log.lines.flatMap(({ event, fields }) => (event === 'audit_head' ? [fields['seq']] : [])),
    end: async () => {
      ending.abort();
      await kept;
    },
  };
};

test('the head is told at the start, then every ten minutes in which lines were written, and not without', async () => {
  const { before, write, pass, says, told, log, end } = await stage(3);
  assert.match(before, /_last_line -1\n.*_chain -1\n.*_untold_seconds 0\n/s, 'nothing was looked at yet');
  assert.deepEqual([says(), told()], [[3, 1, 0], [3]]);
  assert.match(JSON.stringify(log.lines[0]?.fields), /"hash":"[0-9a-f]{64}"/);
  await pass(5);
  await write(2);
  await pass(1);
  assert.deepEqual([says(), told()], [[5, 1, 0], [3]]);
  await pass(3);
  assert.deepEqual(says(), [5, 1, 180]);
  await pass(1);
  assert.deepEqual(
    [says(), told()],
    [
      [5, 1, 0],
      [3, 5],
    ],
  );
  await pass(90);
  assert.deepEqual(
    [says(), told()],
    [
      [5, 1, 0],
      [3, 5],
    ],
  );
  await write(1);
  await pass(1);
  assert.deepEqual(
    [says(), told()],
    [
      [6, 1, 0],
      [3, 5, 6],
    ],
    'after a quiet time at once',
  );
  await end();
});

test('an empty trail has nothing to tell, and one that is not all read yet is told and not called whole', async () => {
  const empty = await stage(0);
  assert.deepEqual([empty.says(), empty.told()], [[0, 1, 0], []]);
  await empty.end();
  const { set, pass, says, told, end } = await stage(2, null);
  assert.deepEqual([says(), told()], [[2, -1, 0], [2]]);
  // Sooner than the next minute.
  set({ ok: true, lines: 2 });
  await pass(1 / 60);
  assert.deepEqual([says(), told()], [[2, 1, 0], [2]]);
  await end();
});

test('a broken chain is said once, and its head is not told any more', async () => {
  const { write, set, pass, says, told, log, end } = await stage(1);
  set({ ok: false, lines: 1 });
  await write(1);
  await pass(75);
  assert.deepEqual([says(), told()], [[2, 0, 74 * 60], [1]]);
  assert.deepEqual(
    log.lines.filter(({ level }) => level === 'error').map(({ event }) => event),
    ['chain_broken'],
  );
  await end();
});

test('a trail that cannot be read counts as not told, until it can', async () => {
  const { write, set, pass, says, told, log, end } = await stage(1);
  set('fails');
  await pass(62);
  assert.deepEqual([says(), told()], [[1, 1, 61 * 60], [1]]);
  assert.equal(log.lines.at(-1)?.event, 'trail_not_looked_at');
  set({ ok: true, lines: 2 });
  await write(1);
  await pass(1);
  assert.deepEqual(
    [says(), told()],
    [
      [2, 1, 0],
      [1, 2],
    ],
  );
  await end();
});
