// A few dozen commands of every kind, run by a real kubectl against the recording server: what it sends is what we predict,
// and scores as the command does.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findKubectl, runSamples } from './kubectl.ts';
import { listedSamples } from './lists.ts';
import { summary, tally } from './report.ts';
import { scoreTally } from './request-scores.ts';

/** Every fourth of the list: one kubectl takes a tenth of a second. */
const EVERY = 4;

suite('parity with kubectl', () => {
  const kubectl = findKubectl();
  const why =
    kubectl === null && process.env['CI'] === undefined ? 'no kubectl on this machine: name one by KUBECTL' : false;
  test('what a real kubectl sends is what we predict', { skip: why }, async () => {
    assert.ok(kubectl, 'no kubectl: name one by KUBECTL');
    const samples = listedSamples('commands.txt').filter((_, at) => at % EVERY === 0);
    const runs = await runSamples(kubectl, samples);
    const result = tally(runs);
    assert.ok(result.compared > samples.length * 0.9, summary('too little could be compared', result));
    assert.deepEqual(result.disagreements, []);
    const scores = scoreTally(runs);
    const comparable = scores.rows.get('comparable');
    assert.ok(comparable !== undefined && comparable.same > 14, `too little could be compared: ${comparable?.same}`);
    assert.deepEqual(scores.differ, []);
  });
});
