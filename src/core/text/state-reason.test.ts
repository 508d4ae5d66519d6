import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Stage, setStage } from '../../../test/support/memory-gate.ts';
import { whyOf } from './state-reason.ts';

const why = async (play: (stage: Stage) => Promise<unknown>): Promise<string> => {
  const stage = setStage();
  await play(stage);
  const end = await stage.read('p-1');
  return `${end.state}: ${whyOf(end, end.state, 'en')}`;
};
const sick = (stage: Stage, health: 'slow' | 'broken'): void => {
  const web = stage.cluster.workloads.get('dev/web');
  assert.ok(web);
  web.health = health;
};

test('what was rolled back says why it was, not that it is healthy as approved', async () => {
  const said = await why(async (stage) => {
    await stage.proposeText('scale dev/web 5');
    sick(stage, 'slow');
    await stage.pass(200);
  });
  assert.match(said, /^rolled-back: /);
  assert.doesNotMatch(said, /as approved and healthy/);
});

test('a rollback that failed says why there was one, and why it failed', async () => {
  const said = await why(async (stage) => {
    await stage.proposeText('scale dev/web 5');
    sick(stage, 'broken');
    await stage.pass(200);
  });
  assert.match(said, /^rollback-failed: Pods do not start .* The rollback: Pods do not start /);
});

test('a rejection says who and what they said', async () => {
  const said = await why(async (stage) => {
    await stage.proposeText('scale production/web 5');
    await stage.vote('p-1', 'ben', 'reject');
  });
  assert.equal(said, 'rejected: ben');
});

test('a refusal of the API server is told in its words', async () => {
  const said = await why(async (stage) => {
    stage.cluster.troubles.write.push('refused');
    await stage.proposeText('scale dev/web 5');
    await stage.pass(5);
  });
  assert.equal(said, 'failed: admission webhook said no');
});
