// Many small actions that nobody was asked about: what ran in the last hour is summed up, on a workload and in all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recentRuns } from '../../src/flow/requests/recent-runs.ts';
import { type Stage, setStage } from '../support/memory-gate.ts';

/** Scales dev/web, six points each time, and lets it run to its end; the tier that it had. */
const runOnce = async (stage: Stage, replicas: number): Promise<string> => {
  const proposed = await stage.proposeText(`scale dev/web ${replicas}`);
  assert.ok(proposed.ok);
  await stage.pass(60);
  return proposed.remediation.spec.tier;
};

test('taking a replica away is no small thing: a person is asked at once', async () => {
  const stage = setStage();
  assert.equal(await runOnce(stage, 4), 'auto');
  assert.equal(await runOnce(stage, 3), 'human', '6 and 25 / 4, rounded up');
});

test('what runs alone on one workload may not pass thirty points in an hour', async () => {
  const stage = setStage();
  const tiers: string[] = [];
  for (const replicas of [4, 5, 6, 7, 8, 9]) tiers.push(await runOnce(stage, replicas));
  assert.deepEqual(tiers, ['auto', 'auto', 'auto', 'auto', 'auto', 'human']);
  const other = await stage.proposeText('scale dev/api 3');
  assert.ok(other.ok);
  assert.equal(other.remediation.spec.tier, 'auto', 'another workload has a budget of its own');
  await stage.pass(3600);
  const later = await stage.proposeText('scale dev/web 10');
  assert.ok(later.ok);
  assert.equal(later.remediation.spec.tier, 'auto', 'an hour later it is forgotten');
});

test('a person who approves spends no budget', async () => {
  const stage = setStage();
  for (const replicas of [4, 5, 6]) {
    const proposed = await stage.proposeText(`scale production/web ${replicas}`);
    assert.ok(proposed.ok);
    await stage.vote(proposed.remediation.id, 'ben');
    await stage.pass(60);
    assert.equal((await stage.read(proposed.remediation.id))?.state, 'succeeded');
  }
  const next = await stage.proposeText('scale production/web 7');
  assert.ok(next.ok);
  assert.equal(
    next.remediation.spec.reasons.some(({ code }) => code === 'budget'),
    false,
  );
});

test('what has been approved and waits to begin is not stopped by its own points', async () => {
  const stage = setStage();
  const proposed = await stage.proposeText('scale dev/web 4');
  assert.ok(proposed.ok);
  await stage.pass(60);
  assert.equal((await stage.read(proposed.remediation.id))?.state, 'succeeded');
});

for (const late of ['what is under way', 'what has ended'] as const)
  test(`a run that ends while it is asked what runs counts once, though the store is slow to say ${late}`, async () => {
    const stage = setStage();
    const { store } = stage;
    const proposed = await stage.proposeText('scale dev/web 4');
    assert.ok(proposed.ok);
    const revisionsIn = store.remediations.revisionsIn.bind(store.remediations);
    const endedSince = store.history.endedSince.bind(store.history);
    const asBefore = (): void => {
      Object.assign(store.remediations, { revisionsIn });
      Object.assign(store.history, { endedSince });
    };
    /** It begins and ends before the store has looked. */
    const slowly =
      <T extends unknown[], R>(ask: (...values: T) => Promise<R>) =>
      async (...values: T): Promise<R> => {
        asBefore();
        await stage.pass(60);
        return ask(...values);
      };
    if (late === 'what has ended') Object.assign(store.history, { endedSince: slowly(endedSince) });
    else Object.assign(store.remediations, { revisionsIn: slowly(revisionsIn) });
    const runs = await recentRuns(stage.gate, null, stage.never);
    assert.equal((await stage.read(proposed.remediation.id)).state, 'succeeded');
    assert.deepEqual(
      runs.map(({ proposal }) => proposal),
      [proposed.remediation.id],
    );
  });
