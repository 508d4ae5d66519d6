// The whole comparison: listed, golden and generated commands against the recording server, and a story on a real control
// plane whose audit log is the truth.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generatedSamples } from './generated.ts';
import { goldenSamples } from './golden.ts';
import { findKubectl, runSamples, type Sample } from './kubectl.ts';
import { listedSamples } from './lists.ts';
import { runOnRealCluster } from './real.ts';
import { summary, type Tally, tally } from './report.ts';

const agree = (title: string, result: Tally): void => {
  assert.deepEqual(result.disagreements, [], summary(title, result));
  const not = [...result.notComparable.values()].reduce((all, one) => all + one, 0);
  assert.ok(not <= 0.05 * (result.compared + not), summary(title, result));
};

const SETS: Readonly<Record<string, () => readonly Sample[]>> = {
  'listed commands': () => listedSamples('commands.txt'),
  'golden cases': () => goldenSamples(),
  'generated commands': () => generatedSamples(1000, 1),
};

for (const [title, samples] of Object.entries(SETS))
  test(title, async () => {
    const kubectl = findKubectl();
    assert.ok(kubectl, 'no kubectl: name one by KUBECTL');
    agree(title, tally(await runSamples(kubectl, samples())));
  });

test('a story on a real control plane', async () => {
  agree('story', tally(await runOnRealCluster(listedSamples('story.txt'))));
});
