import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClock } from '../../../test/fakes/clock.ts';
import { memoryLog } from '../../../test/fakes/log.ts';
import { memoryStore } from '../../../test/fakes/store.ts';
import { proposed, START } from '../../../test/support/a-remediation.ts';
import type { Store } from '../../ports/store.ts';
import { lookAtHead } from './watch-head.ts';

const never = new AbortController().signal;
const note = (about: string) => ({ kind: 'note', at: START, what: 'x', who: null, about }) as const;

const filled = async (...abouts: readonly string[]): Promise<Store> => {
  const store = memoryStore();
  for (const about of abouts) await store.trail.append(note(about), never);
  return store;
};
const look = async (store: Store, known: Awaited<ReturnType<Store['trail']['head']>>) => {
  const log = memoryLog();
  const head = await lookAtHead({ store, clock: fakeClock(), log }, known, never);
  return { head, log, isPaused: await store.controls.paused(null, never) };
};

test('a trail that goes on is followed', async () => {
  const store = await filled('1', '2');
  const known = await store.trail.head(never);
  await store.remediations.save([proposed('scale dev/web 5')], never);
  const { head, isPaused } = await look(store, known);
  assert.deepEqual([head, isPaused], [await store.trail.head(never), false]);
});

test('a trail that ends before the line that was known pauses the gate and says from which line', async () => {
  const known = await (await filled('1', '2', '3')).trail.head(never);
  const shorter = await filled('1', '2');
  const { head, log, isPaused } = await look(shorter, known);
  assert.equal(isPaused, true);
  assert.deepEqual(log.lines, [{ level: 'error', event: 'history_lost', fields: { known: 3, head: 2 } }]);
  const [line] = await shorter.trail.lines(2, 1, never);
  assert.match(JSON.stringify(line), /history lost: line 3 was [0-9a-f]{12}, the store ends at line 2/);
  assert.deepEqual((await look(shorter, head)).head, head, 'it is said once');
});

test('a trail that has another line in the place of the known one is another trail, however long', async () => {
  const known = await (await filled('1', '2', '3')).trail.head(never);
  const other = await filled('1', '2', 'three', '4', '5');
  assert.equal((await look(other, known)).isPaused, true);
  const emptied = await filled();
  assert.equal((await look(emptied, known)).isPaused, true);
});

test('a known line that was archived is not lost; what the checkpoint does not stand for is', async () => {
  const store = await filled('1', '2', '3');
  const known = await store.trail.head(never);
  assert.ok(known);
  const pruned = await store.trail.prune({ through: known, remembered: START, at: START, who: 'retention' }, never);
  assert.ok(pruned !== null && pruned.lines === 3);
  const { head, log, isPaused } = await look(store, known);
  assert.deepEqual([head, isPaused, log.lines], [pruned.head, false, []]);
  assert.equal((await look(store, { seq: 2, hash: 'whatever was archived' })).isPaused, false);
  assert.equal((await look(store, { seq: 3, hash: 'another' })).isPaused, true);
});

test('a store that went back behind a checkpoint, and went on from there, is another trail', async () => {
  const store = await filled('1', '2', '3');
  const through = await store.trail.head(never);
  assert.ok(through);
  await store.trail.prune({ through, remembered: START, at: START, who: 'retention' }, never);
  for (const about of ['5', '6']) await store.trail.append(note(about), never);
  assert.equal((await look(store, { seq: 5, hash: 'another' })).isPaused, true);
});
