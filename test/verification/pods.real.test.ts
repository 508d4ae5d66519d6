// Pods that nothing brings back, on a real control plane: their deletion succeeds when they are gone, and promises no other.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { type Neighbourhood, until } from '../support/cluster-under-test.ts';
import { type GateOn, openGateOn, story } from './gate-on.ts';

const NAMESPACE = 'returning';

describe('the deletion of a pod', { concurrency: true }, () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let on: GateOn;
  before(async () => {
    plane = await sharedControlPlane();
    ({ shop, on } = await openGateOn(plane, NAMESPACE));
  });
  after(() => plane?.stop());

  test('that has finished', async () => {
    await shop.ask('POST', `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'nightly' },
      spec: {
        completions: 2,
        parallelism: 2,
        template: {
          metadata: { labels: { app: 'nightly' } },
          spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a:1' }] },
        },
      },
    });
    await until('the job is done', async () => {
      const pods = await shop.list('pods', 'app=nightly');
      return pods.length === 2 && pods.every((pod) => pod.status.phase === 'Succeeded');
    });
    const end = await on.run('kubectl delete pods --field-selector=status.phase=Succeeded');
    assert.equal(end.state, 'succeeded', story(end));
    assert.equal(end.verdict?.code, 'as-approved');
    assert.match(end.spec.rollbackPlan.none ?? '', /^None is needed: the pod has finished/);
    assert.doesNotMatch(end.spec.targetState, /brought up another/);
  });

  test('of a Job under way', async () => {
    const owner = await shop.ask('POST', `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'long' },
      spec: {
        template: {
          metadata: { labels: { app: 'long' } },
          spec: { restartPolicy: 'Never', nodeSelector: { no: 'such' }, containers: [{ name: 'a', image: 'a:1' }] },
        },
      },
    });
    assert.ok(owner.metadata.uid);
    const [pod] = await until('its pod', async () => {
      const pods = await shop.list('pods', 'app=long');
      return pods.length === 1 ? pods : null;
    });
    const end = await on.run(`kubectl delete pod ${pod.metadata.name}`);
    assert.equal(end.state, 'succeeded', story(end));
  });

  for (const [what, apiVersion, kind] of [
    ['a kind of its own', 'example.com/v1', 'Widget'],
    ['a kind that is called like a built-in one', 'apps.kruise.io/v1beta1', 'StatefulSet'],
  ] as const)
    test(`of ${what}`, async () => {
      const name = `of-${kind.toLowerCase()}`;
      const uid = '5d1b8b1c-4b1e-4f0e-9d3a-0a8f0c1d2e3f';
      await shop.ask('POST', `/api/v1/namespaces/${NAMESPACE}/pods`, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name,
          labels: { app: name },
          ownerReferences: [{ apiVersion, kind, name: 'x', uid, controller: true }],
        },
        spec: { containers: [{ name: 'web', image: 'web:1' }] },
      });
      const end = await on.run(`kubectl delete pod ${name}`);
      assert.equal(end.state, 'succeeded', story(end));
      assert.match(end.spec.rollbackPlan.none ?? '', /starts another pod is not known/);
      assert.equal(end.spec.targetState, `pod/${name} -n ${NAMESPACE} no longer exists`);
    });
});
