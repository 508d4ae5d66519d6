// What Prometheus is told while the store does not answer, and of several clusters.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setStage } from '../../../test/support/memory-gate.ts';
import type { Gate } from '../../flow/gate.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { metricsText } from './metrics.ts';

const never = new AbortController().signal;
const samples = (text: string): readonly string[] => text.split('\n').filter((line) => /^blastgate/.test(line));

test('a store that cannot be reached takes its own lines away: that the gate is up and not ready is still told', async () => {
  const { gate, store } = setStage();
  store.controls.paused = () => Promise.reject(new AdapterError('no-answer', 'The database cannot be reached.'));
  assert.deepEqual(samples(await metricsText(gate, '1', never, 'not ready')), [
    `blastgate_build_info{version="1",node="${process.versions.node}"} 1`,
    'blastgate_info{version="1"} 1',
    'blastgate_ready 0',
  ]);
});

test('so does one that never answers and hears no signal', async () => {
  const { gate, store } = setStage();
  store.history.tallies = () => new Promise(() => {});
  assert.ok(samples(await metricsText(gate, '1', never, 'not ready')).includes('blastgate_ready 0'));
});

test('a bug is no store that is silent', async () => {
  const { gate, store } = setStage();
  store.history.tallies = () => Promise.reject(new TypeError('a bug'));
  await assert.rejects(metricsText(gate, '1', never), TypeError);
});

test('each of several clusters has a pause and a breaker of its own', async () => {
  const { gate, store } = setStage();
  const all = ['eu', 'us'].map(
    (clusterName): Gate => ({ ...gate, clusterName, clusters: () => ({ all, names: ['eu', 'us'] }) }),
  );
  const [eu] = all;
  assert.ok(eu !== undefined);
  const at = '2026-01-01T00:00:00.000Z';
  await store.controls.setPaused(
    'paused',
    { kind: 'note', at, what: 'paused', who: 'ana', about: '', cluster: 'us' },
    never,
  );
  assert.deepEqual(
    samples(await metricsText(eu, '1', never)).filter((line) => /paused|breaker/.test(line)),
    [
      'blastgate_paused 0',
      'blastgate_paused{cluster="eu"} 0',
      'blastgate_paused{cluster="us"} 1',
      'blastgate_breaker_failures{cluster="eu"} 0',
      'blastgate_breaker_failures{cluster="us"} 0',
      'blastgate_breaker_limit{cluster="eu"} 3',
      'blastgate_breaker_limit{cluster="us"} 3',
    ],
  );
});
