// How a real control plane's rollouts are judged: as long as they move, by Kubernetes' own verdict, and by what it says is in the way.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Remediation } from '../../src/core/remediation/remediation.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { type Neighbourhood, until } from '../support/cluster-under-test.ts';
import { type GateOn, openGateOn, story } from './gate-on.ts';

/** Seconds without progress after which nothing is waited for where a workload has no deadline of its own. */
const WINDOW = 6;

const APART = (name: string) => [
  { labelSelector: { matchLabels: { app: name } }, topologyKey: 'kubernetes.io/hostname' },
];

describe('a rollout is judged', { concurrency: true }, () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let on: GateOn;
  before(async () => {
    plane = await sharedControlPlane();
    ({ shop, on } = await openGateOn(plane, 'rollouts', WINDOW));
  });
  after(() => plane?.stop());

  const withPod = (name: string, spec: object): object => ({
    template: {
      metadata: { labels: { app: name, group: `${name}-group` } },
      spec: { containers: [{ name: 'web', image: 'web:1' }], ...spec },
    },
  });
  const deploy = (name: string, replicas: number, spec: object = {}): Promise<void> =>
    shop.deploy({ kind: 'Deployment', name, image: 'web:1', replicas, spec });
  /** From the write to the end. */
  const seconds = ({ forward, changedAt }: Remediation): number =>
    (Date.parse(changedAt) - Date.parse(forward?.sentAt ?? '')) / 1000;
  /** From the write to the rollback. */
  const verified = ({ forward, back }: Remediation): number =>
    (Date.parse(back?.intendedAt ?? '') - Date.parse(forward?.sentAt ?? '')) / 1000;
  const imageOf = async (name: string): Promise<string> =>
    (await shop.read('deployments', name)).spec.template.spec.containers[0].image;

  test('slow and healthy, for longer than window and deadline: it succeeds', async () => {
    // Two of eight at a time, each 5 s until it counts: 20 s and more, with 10 s of patience.
    await deploy('slow', 8, {
      minReadySeconds: 5,
      progressDeadlineSeconds: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 2 } },
    });
    const end = await on.run('kubectl set image deployment/slow web=web:2');
    assert.equal(end.state, 'succeeded', story(end));
    assert.ok(seconds(end) > 15, `it took ${seconds(end)} s: nothing was shown`);
  });

  test('by the progress deadline of Kubernetes, and the rollback by a time of its own', async () => {
    // One pod a node, three nodes, none may go first: the fourth is never scheduled.
    await deploy('apart', 3, {
      progressDeadlineSeconds: 15,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      ...withPod('apart', {
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: APART('apart') } },
      }),
    });
    const end = await on.run('kubectl set image deployment/apart web=web:2');
    assert.equal(end.state, 'rolled-back', story(end));
    assert.equal(end.verdict?.code, 'deadline-exceeded');
    assert.match(end.verdict?.subject ?? '', /pod\/apart-\S+ Unschedulable: 0\/\d+ nodes are available/);
    assert.ok(verified(end) >= 14 && verified(end) < 25, `judged after ${verified(end)} s`);
    assert.equal(await imageOf('apart'), 'web:1');
  });

  test('that a quota stops: it is named, long before the deadline', async () => {
    const tight = await openGateOn(plane, 'rollouts-quota', WINDOW);
    await tight.shop.deploy({ kind: 'Deployment', name: 'web', image: 'web:1', replicas: 3 });
    await tight.shop.ask('POST', '/api/v1/namespaces/rollouts-quota/resourcequotas', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'few' },
      spec: { hard: { pods: '3' } },
    });
    await until('the quota counts', async () => {
      const quota = await tight.shop.ask('GET', '/api/v1/namespaces/rollouts-quota/resourcequotas/few');
      return quota.status?.used?.pods === '3';
    });
    const end = await tight.on.run('kubectl scale deployment web --replicas=5');
    assert.equal(end.state, 'rolled-back', story(end));
    assert.match(end.verdict?.subject ?? '', /deployment\/web FailedCreate: .*exceeded quota: few/);
    assert.ok(verified(end) < 30, `judged after ${verified(end)} s`);
  });

  test('that admission stops: it is named, from events where the kind has no condition', async () => {
    const strict = await openGateOn(plane, 'rollouts-admission', WINDOW);
    await strict.shop.deploy({ kind: 'StatefulSet', name: 'db', image: 'web:1', replicas: 1 });
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await strict.shop.ask(
      'PATCH',
      '/api/v1/namespaces/rollouts-admission',
      { metadata: { labels } },
      'application/merge-patch+json',
    );
    const end = await strict.on.run('kubectl scale statefulset db --replicas=2');
    assert.equal(end.state, 'rolled-back', story(end));
    assert.match(end.verdict?.subject ?? '', /statefulset\/db FailedCreate: .*violates PodSecurity/);
  });

  test('that waits for a volume: it is named', async () => {
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await shop.deploy({
      kind: 'StatefulSet',
      name: 'data',
      image: 'web:1',
      replicas: 0,
      spec: { volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: claim }] },
    });
    const end = await on.run('kubectl scale statefulset data --replicas=1');
    assert.equal(end.state, 'rolled-back', story(end));
    assert.match(end.verdict?.subject ?? '', /pod\/data-0 Unschedulable: .*PersistentVolumeClaim/);
  });

  test('whose image cannot be pulled: the image is named', async () => {
    await deploy('pull', 2);
    const end = await on.run('kubectl set image deployment/pull web=web:missing');
    assert.equal(end.state, 'rolled-back', story(end));
    assert.match(end.verdict?.subject ?? '', /ImagePullBackOff: Back-off pulling image "web:missing"/);
  });
});
