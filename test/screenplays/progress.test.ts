// How long a change is waited for: as long as it moves, and the rollback by a time of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from '../../src/core/remediation/sample.ts';
import { type Stage, setStage } from '../support/memory-gate.ts';

/** From now on looks after the write show five pods, so many of them ready; Kubernetes gives up after 300 s without progress. */
const showing = (stage: Stage, ready: () => number): void => {
  stage.cluster.sample = async ({ isWritten }): Promise<readonly Sample[]> => {
    if (!isWritten) return [];
    return [
      {
        ...{ seen: 'workload', target: 'deployment/web -n dev', uid: 'uid-1', generation: 2, observedGeneration: 2 },
        ...{ desired: 5, replicas: 5, updated: 5, ready: ready(), available: ready() },
        ...{ paused: false, deadlineExceeded: false, troubles: [] },
        rollout: {
          ...{ updatedReady: ready(), progressDeadlineSeconds: 300, minReadySeconds: 0 },
          ...{ exceededSinceWrite: null, refusesPods: false, hindrances: [] },
        },
      },
    ];
  };
};

test('a pod every 250 s, five of them: it succeeds after 20 minutes', async () => {
  const stage = setStage();
  const begun = stage.clock.now();
  await stage.proposeText('scale dev/web 5');
  showing(stage, () => Math.min(5, Math.floor((stage.clock.now() - begun) / 250_000)));
  for (let minute = 0; minute < 20; minute += 1) {
    await stage.pass(60);
    assert.equal((await stage.read('p-1')).state, 'verifying', `minute ${minute}`);
  }
  await stage.pass(120);
  assert.equal((await stage.read('p-1')).state, 'succeeded');
});

test('one that stands still is rolled back after its own deadline, and the rollback has as long again', async () => {
  const stage = setStage();
  await stage.proposeText('scale dev/web 5');
  showing(stage, () => 3);
  await stage.pass(290);
  assert.equal((await stage.read('p-1')).state, 'verifying');
  await stage.pass(40);
  assert.equal((await stage.read('p-1')).state, 'rolling-back');
  await stage.pass(270);
  assert.equal((await stage.read('p-1')).state, 'rolling-back');
  await stage.pass(60);
  const end = await stage.read('p-1');
  assert.equal(end.state, 'rollback-failed');
  assert.deepEqual([end.verdict?.code, end.backVerdict?.code], ['window-over', 'window-over']);
});

test('a watch that an older gate began, whose looks say nothing of progress, goes on', async () => {
  const stage = setStage();
  await stage.proposeText('scale dev/web 5');
  showing(stage, () => 3);
  await stage.pass(20);
  const read = stage.store.remediations.read.bind(stage.store.remediations);
  const before = await read('p-1', stage.never);
  assert.ok(before !== null && before.looks.length > 0);
  for (const look of before.looks) Reflect.deleteProperty(look, 'progress');
  await stage.pass(200);
  assert.equal((await stage.read('p-1')).state, 'verifying');
  await stage.pass(130);
  assert.equal((await stage.read('p-1')).state, 'rolling-back');
});
