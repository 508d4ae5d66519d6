// Bad templates of StatefulSets and DaemonSets on a real control plane: the rollback heals by itself, and so does a fix.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { createClusterReader } from '../../src/adapters/cluster/reader.ts';
import { createClusterWriter } from '../../src/adapters/cluster/writer.ts';
import { lookOf } from '../../src/core/remediation/look-of.ts';
import { judgeLooks } from '../../src/core/remediation/verdict.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { type Neighbourhood, until, watchedOf } from '../support/cluster-under-test.ts';
import { type GateOn, gateOn, openGateOn, story } from './gate-on.ts';

const NAMESPACE = 'templates';

describe('a bad template', { concurrency: true }, () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let on: GateOn;
  before(async () => {
    plane = await sharedControlPlane();
    ({ shop, on } = await openGateOn(plane, NAMESPACE));
  });
  after(() => plane?.stop());
  const gateClient = () => openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null });

  /** Volumes for the claims of a StatefulSet, bound to them by name. */
  const volumes = async (name: string, count: number): Promise<void> => {
    for (let ordinal = 0; ordinal < count; ordinal += 1)
      await shop.ask('POST', '/api/v1/persistentvolumes', {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `${NAMESPACE}-${name}-${ordinal}` },
        spec: {
          capacity: { storage: '1Gi' },
          accessModes: ['ReadWriteOnce'],
          hostPath: { path: `/tmp/${name}` },
          claimRef: { namespace: NAMESPACE, name: `d-${name}-${ordinal}` },
        },
      });
  };
  const claims = {
    volumeClaimTemplates: [
      {
        metadata: { name: 'd' },
        spec: { storageClassName: '', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  };
  const images = async (name: string): Promise<readonly string[]> =>
    (await shop.list('pods', `app=${name}`)).map((pod) => pod.spec.containers[0].image);
  const stateful = (name: string, spec: object = {}, replicas = 3): Promise<void> =>
    shop.deploy({ kind: 'StatefulSet', name, image: 'web:1', replicas, spec });
  /** Somebody else's change that gets stuck at the highest ordinal. */
  const breakBy = async (name: string, image: string): Promise<void> => {
    await shop.setImage('statefulsets', name, image);
    await until('the broken pod', async () => (await images(name)).includes(image));
  };

  for (const fate of ['crash', 'missing'] as const)
    for (const kept of ['without', 'with'] as const)
      test(`of a StatefulSet ${kept} volumes, ${fate}: the stuck pod is deleted after the template is back`, async () => {
        const name = `${fate}-${kept}`;
        if (kept === 'with') await volumes(name, 3);
        await stateful(name, kept === 'with' ? claims : {});
        const end = await on.run(`kubectl set image statefulset/${name} web=web:${fate}`);
        assert.equal(end.state, 'rolled-back', story(end));
        assert.deepEqual(
          end.spec.rollbackPlan.steps.map(({ verb, resource }) => `${verb} ${resource}`),
          ['patch statefulsets', 'delete pods'],
        );
        assert.deepEqual(await images(name), ['web:1', 'web:1', 'web:1']);
        await shop.atRest('statefulsets', name);
      });

  test('of a StatefulSet whose pods are never scheduled: only its own pod is deleted', async () => {
    const pod = (nodeSelector: object | null) => ({
      spec: { template: { spec: { nodeSelector, containers: [{ name: 'web', image: 'web:1' }] } } },
    });
    await stateful('pending', {}, 0);
    await shop.patch('statefulsets', 'pending', pod({ no: 'such' }));
    await shop.atRest('statefulsets', 'pending');
    await shop.patch('statefulsets', 'pending', { spec: { ...pod(null).spec, replicas: 3 } });
    await shop.atRest('statefulsets', 'pending');
    await shop.ask('POST', `/api/v1/namespaces/${NAMESPACE}/pods`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'unrelated', labels: { app: 'pending', group: 'pending-group' } },
      spec: { nodeSelector: { no: 'such' }, containers: [{ name: 'web', image: 'web:1' }] },
    });
    const end = await on.run('kubectl rollout undo statefulset/pending --to-revision=2');
    assert.equal(end.state, 'rolled-back', story(end));
    assert.match(end.verdict?.subject ?? '', /pod\/pending-2 Unschedulable/);
    await shop.atRest('statefulsets', 'pending');
    assert.equal((await shop.read('pods', 'unrelated')).metadata.deletionTimestamp, undefined);
  });

  test('of a StatefulSet that is stuck already: the fix deletes the stuck pod and succeeds', async () => {
    await stateful('fixed');
    await breakBy('fixed', 'web:crash');
    const end = await on.run('kubectl set image statefulset/fixed web=web:2');
    assert.equal(end.state, 'succeeded', story(end));
    assert.deepEqual(
      end.spec.effects.map(({ verb, resource, name }) => `${verb} ${resource} ${name}`),
      ['patch statefulsets fixed', 'delete pods fixed-2'],
    );
    assert.deepEqual(await images('fixed'), ['web:2', 'web:2', 'web:2']);
  });

  test('of a StatefulSet that was born with it: the fix heals it from its first pod on', async () => {
    await shop.ask('POST', shop.path('statefulsets', '').replace(/\/$/, ''), {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'born' },
      spec: {
        replicas: 2,
        serviceName: 'born',
        selector: { matchLabels: { app: 'born' } },
        template: {
          metadata: { labels: { app: 'born' } },
          spec: { containers: [{ name: 'web', image: 'web:missing' }] },
        },
      },
    });
    await until('the broken pod', async () => (await images('born')).length === 1);
    const end = await on.run('kubectl set image statefulset/born web=web:2');
    assert.equal(end.state, 'succeeded', story(end));
  });

  test('of a StatefulSet that is stuck already: going back to the revision before heals it too', async () => {
    await stateful('undone');
    await breakBy('undone', 'web:missing');
    const end = await on.run('kubectl rollout undo statefulset/undone');
    assert.equal(end.state, 'succeeded', story(end));
    assert.deepEqual(await images('undone'), ['web:1', 'web:1', 'web:1']);
  });

  test('whose stuck pod may not be deleted: the pod and the command are named', async () => {
    await stateful('barred');
    const client = await gateClient();
    const barred: typeof client = {
      ...client,
      send: (request, signal) => {
        if (request.method === 'DELETE') throw new AdapterError('refused', 'pods is forbidden', { status: 403 });
        return client.send(request, signal);
      },
    };
    const gate = gateOn({ reader: createClusterReader(client), writer: createClusterWriter(barred) }, NAMESPACE);
    const end = await gate.run('kubectl set image statefulset/barred web=web:crash');
    assert.equal(end.state, 'rollback-failed', story(end));
    assert.match(end.back?.why ?? '', /kubectl delete pod barred-2 -n templates/);
  });

  test('of a StatefulSet that somebody else took back: the pod that stays stuck is named with what to run', async () => {
    await stateful('byhand');
    const scale = await on.seal('kubectl scale statefulset byhand --replicas=4');
    await breakBy('byhand', 'web:crash');
    await shop.setImage('statefulsets', 'byhand', 'web:1');
    const { reader } = on.gate;
    const subject = await until('the pod is named', async () => {
      const samples = await reader.sample(watchedOf(scale, 'back'), AbortSignal.timeout(5000));
      const said = judgeLooks([lookOf(null, 1, samples)], {
        windowSeconds: 6,
        settleSeconds: 2,
        certainAfterSeconds: 4,
      });
      return said.subject !== null && /byhand-2/.test(said.subject) ? said.subject : null;
    });
    assert.match(subject, /; pod\/byhand-2 CrashLoopBackOff: kubectl delete pod byhand-2 -n templates$/);
  });

  for (const [kind, plural] of [
    ['Deployment', 'deployments'],
    ['StatefulSet', 'statefulsets'],
    ['DaemonSet', 'daemonsets'],
  ] as const)
    test(`of a ${kind} that was rolled back: an undo skips it, and naming it counts as history`, async () => {
      const name = `past-${plural}`;
      await shop.deploy({ kind, name, image: 'web:1', replicas: 2 });
      await shop.setImage(plural, name, 'web:2');
      await shop.atRest(plural, name);
      const failed = await on.run(`kubectl set image ${plural}/${name} web=web:crash`);
      assert.equal(failed.state, 'rolled-back', story(failed));
      const named = await on.seal(`kubectl rollout undo ${plural}/${name} --to-revision=3`);
      assert.match(named.targetState, /revision 3 again \(web=web:crash\)/);
      assert.ok(
        named.reasons.some(({ code }) => code === 'history'),
        JSON.stringify(named.reasons),
      );
      const end = await on.run(`kubectl rollout undo ${plural}/${name}`);
      assert.equal(end.state, 'succeeded', story(end));
      assert.match(end.spec.targetState, /again \(web=web:1\)/);
      assert.deepEqual(new Set(await images(name)), new Set(['web:1']));
    });

  test('where only what failed is left to go back to: there is nothing to undo to', async () => {
    await shop.deploy({ kind: 'Deployment', name: 'only', image: 'web:1', replicas: 1 });
    const failed = await on.run('kubectl set image deployment/only web=web:crash');
    assert.equal(failed.state, 'rolled-back', story(failed));
    assert.deepEqual(
      (await on.refusals('kubectl rollout undo deployment/only')).map(({ code, about }) => [code, about]),
      [['not-found', `deployments.apps ${NAMESPACE}/only revision that has not failed`]],
    );
  });

  for (const fate of ['crash', 'missing'] as const)
    test(`of a DaemonSet, ${fate}: its controller replaces the pods itself`, async () => {
      await shop.deploy({ kind: 'DaemonSet', name: `ds-${fate}`, image: 'web:1', replicas: 3 });
      const end = await on.run(`kubectl set image daemonset/ds-${fate} web=web:${fate}`);
      assert.equal(end.state, 'rolled-back', story(end));
      assert.deepEqual(
        end.spec.rollbackPlan.steps.map(({ resource }) => resource),
        ['daemonsets'],
      );
      assert.deepEqual(await images(`ds-${fate}`), ['web:1', 'web:1', 'web:1']);
    });
});
