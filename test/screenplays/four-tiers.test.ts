import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setStage } from './stage.ts';

test('auto runs by itself, converges, and is remembered once', async () => {
  const stage = setStage();
  const proposed = await stage.proposeText('scale dev/web 5');
  assert.ok(proposed.ok);
  assert.equal(proposed.remediation.state, 'approved');
  await stage.pass(15);
  assert.equal((await stage.read('p-1')).state, 'succeeded');
  assert.deepEqual(stage.cluster.writes, ['forward deployment/web 3→5']);
  const outcomes = await stage.store.memory.outcomes(null, stage.never);
  assert.deepEqual(
    outcomes.map(({ key, state, rolled_back, tier }) => ({ key, state, rolled_back, tier })),
    [{ key: 'declarative:INC-1', state: 'succeeded', rolled_back: false, tier: 'auto' }],
  );
});
