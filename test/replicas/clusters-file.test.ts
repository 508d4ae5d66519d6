// clusters.yaml is changed one gate after the other: what is of a cluster that only some of them know is worked on by those alone.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openPostgresStore } from '../../src/adapters/store/postgres/open.ts';
import { plusSeconds } from '../../src/core/model/instant.ts';
import { type Gate, scopeOf } from '../../src/flow/gate.ts';
import { applyEvents, nowOf, save, toStoreChange } from '../../src/flow/transition.ts';
import type { Store } from '../../src/ports/store.ts';
import { type Stage, setStage } from '../support/memory-gate.ts';
import { startPostgres } from '../support/postgres.ts';

const database = await startPostgres();
after(() => database.stop());

/** The gate of the cluster, in a file of these names. */
const nameCluster = ({ gate }: Stage, clusterName: string, names: readonly string[]): void => {
  Object.assign(gate, { clusterName, clusters: () => ({ all: [gate] satisfies Gate[], names }) });
};

/** One gate knows asia, the other does not yet: its first cluster, which has other objects, looks after what it does not know. */
const withTwo = async (check: (asia: Stage, eu: Stage) => Promise<void>, names = ['eu', 'us']): Promise<void> => {
  const url = await database.fresh();
  const open = (): Promise<Store> => openPostgresStore(url, { time: 'caller' });
  const [one, two] = [await open(), await open()];
  const asia = setStage(one);
  const eu = setStage(two, { clock: asia.clock, cluster: setStage().cluster });
  nameCluster(asia, 'asia', ['eu', 'us', 'asia']);
  nameCluster(eu, 'eu', names);
  eu.cluster.workloads.clear();
  try {
    await check(asia, eu);
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
};

const carriesOut = (names?: string[]) => (): Promise<void> =>
  withTwo(async (asia, eu) => {
    await asia.proposeText('scale production/web 5');
    await asia.vote('p-1', 'ben');
    await eu.settle();
    assert.equal((await asia.read('p-1')).state, 'approved');
    await asia.settle();
    for (let seconds = 0; seconds < 30; seconds += 1) {
      asia.clock.pass(1);
      // The other asks first each time.
      await eu.settle();
      await asia.settle();
    }
    assert.equal((await asia.read('p-1')).state, 'succeeded');
    assert.deepEqual([asia.cluster.writes.length, eu.cluster.writes.length], [1, 0]);
  }, names);

test(
  'the gate that does not know the cluster leaves it alone from proposal to end, and the other carries it out',
  carriesOut(),
);
test('so does one that is set up for its own cluster alone', carriesOut(['eu']));

test('what nobody has moved for ten minutes is of a cluster that has left the file, and the first one looks after it', () =>
  withTwo(async (asia, eu) => {
    await asia.proposeText('scale production/web 5');
    await asia.vote('p-1', 'ben');
    await eu.pass(599);
    assert.equal((await eu.read('p-1')).state, 'approved');
    await eu.pass(1);
    assert.deepEqual([(await eu.read('p-1')).state, eu.cluster.writes.length], ['stale', 0]);
  }));

test('a proposal takes no place of one that waits for the same object of a cluster that this gate does not know', () =>
  withTwo(async (asia, eu) => {
    for (const [key, workload] of asia.cluster.workloads) eu.cluster.workloads.set(key, workload);
    Object.assign(eu.gate, { newId: () => 'e-1' });
    await asia.proposeText('scale production/web 5');
    await eu.proposeText('scale production/web 4');
    assert.deepEqual(
      [(await asia.read('p-1')).state, (await eu.read('e-1')).state],
      ['awaiting-approval', 'awaiting-approval'],
    );
  }));

test('what waits for a place behind a long write to a cluster is of those that write there, however long it waits', () =>
  withTwo(async (asia, eu) => {
    await asia.proposeText('scale production/web 5');
    await asia.proposeText('scale production/api 5', 'INC-2');
    await asia.vote('p-1', 'ben');
    await asia.vote('p-2', 'ben');
    const { store, gate, never } = asia;
    const now = nowOf(gate);
    const turn = { lane: 'begun', scope: scopeOf(gate), now, until: plusSeconds(now, 1800), writesAtOnce: 1 } as const;
    const found = await store.remediations.claim(turn, never);
    assert.ok(found.ok);
    const step = applyEvents(found.remediation, [{ event: 'write-intended', direction: 'forward' }], now);
    assert.ok(step.ok);
    await save(gate, [toStoreChange(step, found.claim, 'keep-claim')], never);
    await eu.pass(1200);
    assert.deepEqual([(await eu.read('p-1')).state, (await eu.read('p-2')).state], ['executing', 'approved']);
    await eu.pass(660);
    assert.equal((await eu.read('p-2')).state, 'stale', 'nobody writes there any more');
  }));

test('a cluster that one gate has paused by its name is paused at a gate that looks after no other', () =>
  withTwo(async (asia, eu) => {
    for (const [key, workload] of asia.cluster.workloads) eu.cluster.workloads.set(key, workload);
    Object.assign(eu.gate, { clusters: undefined });
    const at = new Date(asia.clock.now()).toISOString();
    await eu.proposeText('scale production/web 5');
    await eu.vote('p-1', 'ben');
    const note = { kind: 'note', at, what: 'paused', who: 'ana', about: 'the cluster eu', cluster: 'eu' } as const;
    await asia.store.controls.setPaused('paused', note, asia.never);
    await eu.pass(30);
    assert.deepEqual([(await eu.read('p-1')).state, eu.cluster.writes.length], ['approved', 0]);
  }));
