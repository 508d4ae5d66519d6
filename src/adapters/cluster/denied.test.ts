import assert from 'node:assert/strict';
import { test } from 'node:test';
import { understand } from '../../core/command/understand.ts';
import { deniedName } from '../../core/model/facts.ts';
import { NO_NEIGHBOURS } from '../../core/model/neighbourhood.ts';
import { effectsOf } from '../../core/model/understanding.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import type { ClusterClient, ClusterRequest } from './client.ts';
import { withDeniedWrites } from './denied.ts';

interface Asked {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

type Answer = 'yes' | 'no' | 'nonsense' | 'gone';

const READER: ClusterReader = {
  readFacts: async () => ({ cluster: 'c', targets: [], neighbourhood: NO_NEIGHBOURS, missing: [] }),
  sample: async () => [],
};

/** A cluster that answers each question about a right as told, and what it was asked. */
const clusterThat = (answers: (asked: Asked) => Answer) => {
  const questions: string[] = [];
  let now = 0;
  const send = async ({ body }: ClusterRequest) => {
    assert.ok(body !== undefined && body !== null);
    // as: the review that the adapter sends.
    const { spec } = body.value as unknown as { readonly spec: { readonly resourceAttributes: Asked } };
    const { resourceAttributes: asked } = spec;
    questions.push(`${asked.verb} ${asked.resource} ${asked.namespace ?? '-'} ${asked.name ?? '-'}`);
    const answer = answers(asked);
    if (answer === 'gone') throw new AdapterError('no-answer', 'the line was cut');
    return answer === 'nonsense' ? { status: {} } : { status: { allowed: answer === 'yes' } };
  };
  // as: nothing else of a client is used.
  const reader = withDeniedWrites(READER, { send } as Partial<ClusterClient> as ClusterClient, () => now);
  const ask = async (line: string): Promise<string> => {
    const surroundings = { namespace: 'shop', files: new Map(), customResources: [], readDocuments: () => null };
    const effects = effectsOf(understand({ kind: 'line', line }, surroundings));
    const { denied } = await reader.readFacts(effects, AbortSignal.timeout(1000));
    return (denied ?? []).map(deniedName).join('; ');
  };
  return {
    ask,
    questions,
    pass: (ms: number): void => {
      now += ms;
    },
  };
};

test('a write that the cluster denies is named', async () => {
  const { ask } = clusterThat(() => 'no');
  assert.equal(await ask('kubectl scale deploy/web --replicas=2'), 'patch deployments.apps/scale in shop');
  assert.equal(await ask('kubectl delete pods -l app=web -A'), 'delete pods in all namespaces');
});

test('a program needs both rights of its stream', async () => {
  const { ask } = clusterThat(() => 'no');
  assert.equal(await ask('kubectl exec web-1 -- true'), 'get pods/exec in shop; create pods/exec in shop');
});

test('a right for objects of one name is a right', async () => {
  const { ask, questions } = clusterThat(({ name }) => (name === 'web' ? 'yes' : 'no'));
  assert.equal(await ask('kubectl rollout restart deploy/web'), '');
  assert.equal(await ask('kubectl rollout restart deploy/api'), 'patch deployments.apps in shop');
  assert.deepEqual(questions, [
    'patch deployments shop -',
    'patch deployments shop web',
    'patch deployments shop -',
    'patch deployments shop api',
  ]);
});

test('a cluster that does not say is no denial', async () => {
  for (const answer of ['nonsense', 'gone', 'yes'] as const)
    assert.equal(await clusterThat(() => answer).ask('kubectl delete pod web-1'), '', answer);
});

test('a right that was held is believed for a minute, one that lacks is asked for each time', async () => {
  let answer: Answer = 'yes';
  const { ask, questions, pass } = clusterThat(() => answer);
  await ask('kubectl delete pod web-1');
  answer = 'no';
  assert.equal(await ask('kubectl delete pod web-2'), '');
  assert.equal(questions.length, 1);
  pass(60_000);
  assert.equal(await ask('kubectl delete pod web-2'), 'delete pods in shop');
  answer = 'yes';
  assert.equal(await ask('kubectl delete pod web-2'), '');
});

test('nobody asks about reads, dry runs, and what the gate could not carry out anyway', async () => {
  const { ask, questions } = clusterThat(() => 'no');
  for (const line of ['kubectl get pods', 'kubectl delete pod web-1 --dry-run=server', 'kubectl attach web-1'])
    assert.equal(await ask(line), '', line);
  assert.deepEqual(questions, []);
});
