// What comes while a write is rehearsed: a pause, and the loss of a right.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAST, setStage } from '../support/memory-gate.ts';

test('a pause that is stored while the write is rehearsed holds it', async () => {
  const stage = setStage();
  const rehearse = stage.cluster.dryRun.bind(stage.cluster);
  let rehearsed = 0;
  const deed = { kind: 'note', at: '2026-01-01T00:00:00.000Z', what: 'paused', who: 'ana', about: '' } as const;
  stage.cluster.dryRun = async (...args) => {
    const answer = await rehearse(...args);
    rehearsed += 1;
    await stage.store.controls.setPaused('paused', deed, stage.never);
    return answer;
  };
  const made = await stage.proposeText('scale production/web 5');
  assert.ok(made.ok);
  await stage.vote('p-1', 'ben');
  await stage.vote('p-1', 'cho');
  await stage.pass(30);
  assert.ok(rehearsed > 0);
  assert.equal((await stage.read('p-1')).state, 'approved');
  assert.deepEqual(stage.cluster.writes, []);
});

test('a right that goes while the write is rehearsed counts no more', async () => {
  const stage = setStage();
  const rehearse = stage.cluster.dryRun.bind(stage.cluster);
  stage.cluster.dryRun = async (...args) => {
    const answer = await rehearse(...args);
    stage.setPeople({ ...CAST, people: CAST.people.filter(({ id }) => id !== 'ben') });
    return answer;
  };
  const made = await stage.proposeText('scale production/web 5');
  assert.ok(made.ok);
  await stage.vote('p-1', 'ben');
  await stage.pass(30);
  assert.equal((await stage.read('p-1')).state, 'stale');
  assert.deepEqual(stage.cluster.writes, []);
});
