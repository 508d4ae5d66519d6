// What others do to a workload that the gate watches, on a real control plane: an autoscaler, a pause, what stays behind.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { whyOf } from '../../src/core/text/state-reason.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { type Neighbourhood, until } from '../support/cluster-under-test.ts';
import { type GateOn, openGateOn, story } from './gate-on.ts';

const NAMESPACE = 'others';

describe('what others do', { concurrency: true }, () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let on: GateOn;
  before(async () => {
    plane = await sharedControlPlane();
    ({ shop, on } = await openGateOn(plane, NAMESPACE));
  });
  after(() => plane?.stop());

  const deploy = (name: string, replicas: number, spec: object = {}): Promise<void> =>
    shop.deploy({ kind: 'Deployment', name, image: 'web:1', replicas, spec });
  const autoscale = (name: string, minReplicas: number, maxReplicas: number) =>
    shop.ask('POST', `/apis/autoscaling/v2/namespaces/${NAMESPACE}/horizontalpodautoscalers`, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name },
      spec: { minReplicas, maxReplicas, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name } },
    });

  for (const [what, replicas] of [
    ['below its least', 2],
    ['above its most', 20],
  ] as const)
    test(`a scale to ${replicas} is ${what} of an autoscaler: refused; of one that comes meanwhile: it is named`, async () => {
      const name = `hpa-${replicas}`;
      const command = `kubectl scale deployment ${name} --replicas=${replicas}`;
      await deploy(name, 4);
      const end = await on.run(command, () => autoscale(name, 4, 12));
      assert.ok(['rolled-back', 'handed-over'].includes(end.state), story(end));
      assert.equal(end.verdict?.code, 'autoscaled');
      assert.match(whyOf(end, end.state, 'en') ?? '', new RegExp(`horizontalpodautoscaler/${name} keeps 4 to 12`));
      await shop.patch('deployments', name, { spec: { replicas: 4 } });
      await until('four replicas', async () => (await shop.read('deployments', name)).spec.replicas === 4);
      assert.deepEqual(
        (await on.refusals(command)).map(({ code }) => code),
        ['autoscaler-bounds'],
      );
    });

  test('an autoscaler rests at 0', async () => {
    await deploy('hpa-0', 4);
    await autoscale('hpa-0', 4, 12);
    const end = await on.run('kubectl scale deployment hpa-0 --replicas=0');
    assert.equal(end.state, 'succeeded', story(end));
    assert.equal(end.verdict?.code, 'as-approved');
  });

  test('a person who changes the replicas meanwhile is named', async () => {
    await deploy('meddled', 2);
    const path = `${shop.path('deployments', 'meddled')}?fieldManager=ana-by-hand`;
    const change = () => shop.ask('PATCH', path, { spec: { replicas: 7 } }, 'application/merge-patch+json');
    const end = await on.run('kubectl scale deployment meddled --replicas=3', change);
    assert.equal(end.state, 'handed-over', story(end));
    assert.match(whyOf(end, end.state, 'en') ?? '', /somebody else changed it .*ana-by-hand.*ana-by-hand changed it/);
    assert.equal((await shop.read('deployments', 'meddled')).spec.replicas, 7);
  });

  test('a new image of a paused rollout is taken, and no pod is waited for', async () => {
    await deploy('paused', 2);
    await shop.patch('deployments', 'paused', { spec: { paused: true } });
    assert.deepEqual(
      (await on.refusals('kubectl rollout restart deployment paused')).map(({ code }) => code),
      ['rollout-paused'],
    );
    const end = await on.run('kubectl set image deployment/paused web=web:crash');
    assert.equal(end.state, 'succeeded', story(end));
    assert.equal(end.verdict?.code, 'rollout-held');
    assert.equal((await shop.list('pods', 'app=paused')).length, 2);
  });

  test('a rollout that goes on meanwhile is judged by its pods', async () => {
    await deploy('resumed', 2);
    await shop.patch('deployments', 'resumed', { spec: { paused: true } });
    const resume = () => shop.patch('deployments', 'resumed', { spec: { paused: false } });
    const end = await on.run('kubectl set image deployment/resumed web=web:crash', resume);
    assert.equal(end.state, 'rolled-back', story(end));
  });

  test('what is so already is refused', async () => {
    await deploy('same', 2);
    for (const command of [
      'kubectl scale deployment same --replicas=2',
      'kubectl set image deployment/same web=web:1',
      'kubectl rollout undo deployment/same --to-revision=1',
    ])
      assert.deepEqual(
        (await on.refusals(command)).map(({ code }) => code),
        ['nothing-to-do'],
        command,
      );
  });

  test('claims that stay after a StatefulSet was scaled back are named', async () => {
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await shop.deploy({
      kind: 'StatefulSet',
      name: 'left',
      image: 'web:1',
      replicas: 0,
      spec: { volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: claim }] },
    });
    const end = await on.run('kubectl scale statefulset left --replicas=1');
    assert.equal(end.state, 'rolled-back', story(end));
    assert.deepEqual(
      [end.backVerdict?.code, end.backVerdict?.subject],
      ['left-over', 'persistentvolumeclaim/d-left-0'],
    );
    assert.match(whyOf(end, end.state, 'en') ?? '', /claims of the others stay: persistentvolumeclaim\/d-left-0/);
    await until('the claim stays', async () =>
      shop.ask('GET', `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims/d-left-0`),
    );
  });
});
