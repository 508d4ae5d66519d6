// Behaviours of a cluster: what the server does to an object on the way in and out.
import assert from 'node:assert/strict';
import { type Behaviour, configMap, deployment, MERGE, ok, pod, refused } from '../behaviour.ts';

export const WRITES: readonly Behaviour[] = [
  {
    area: 'writes',
    name: 'generation counts changes of the spec and nothing else',
    check: async ({ create, call, path }) => {
      const made = await create('apps/v1', 'deployments', deployment('web', { replicas: 0 }));
      const where = path('apps/v1', 'deployments', '/web');
      const labelled = ok(await call('PATCH', where, { body: { metadata: { labels: { a: 'b' } } }, type: MERGE }));
      const scaled = ok(await call('PATCH', where, { body: { spec: { replicas: 1 } }, type: MERGE }));
      assert.deepEqual(
        [made, labelled, scaled].map((one) => one.metadata.generation),
        [1, 1, 2],
      );
    },
  },
  {
    area: 'writes',
    name: 'spec and status are written apart',
    check: async ({ create, call, path }) => {
      await create('policy/v1', 'poddisruptionbudgets', {
        kind: 'PodDisruptionBudget',
        metadata: { name: 'keep' },
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'none' } } },
      });
      const where = path('policy/v1', 'poddisruptionbudgets', '/keep');
      const body = { spec: { minAvailable: 2 }, status: { currentHealthy: 77 } };
      const main = ok(await call('PATCH', where, { body, type: MERGE }));
      assert.deepEqual([main.spec.minAvailable, main.status.currentHealthy === 77], [2, false]);
      const status = ok(
        await call('PATCH', `${where}/status`, {
          body: { spec: { minAvailable: 9 }, status: { currentHealthy: 77 } },
          type: MERGE,
        }),
      );
      assert.deepEqual([status.spec.minAvailable, status.status.currentHealthy], [2, 77]);
    },
  },
  {
    area: 'writes',
    name: 'generateName makes a name of five more letters',
    check: async ({ create }) => {
      const made = await create('v1', 'configmaps', { kind: 'ConfigMap', metadata: { generateName: 'job-' } });
      assert.match(made.metadata.name, /^job-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    },
  },
  {
    area: 'writes',
    name: 'defaults of a pod are filled in',
    check: async ({ create }) => {
      const { spec, status } = await create('v1', 'pods', pod('lone'));
      assert.deepEqual(
        [
          spec.restartPolicy,
          spec.dnsPolicy,
          spec.schedulerName,
          spec.serviceAccountName,
          spec.containers[0].imagePullPolicy,
          spec.tolerations.length,
          status.phase,
          status.qosClass,
        ],
        ['Always', 'ClusterFirst', 'default-scheduler', 'default', 'IfNotPresent', 2, 'Pending', 'BestEffort'],
      );
    },
  },
  {
    area: 'writes',
    name: 'a finalizer keeps an object until it is taken away',
    check: async ({ create, call, path }) => {
      await create('v1', 'configmaps', configMap('held', {}, { finalizers: ['example.com/hold'] }));
      const where = path('v1', 'configmaps', '/held');
      const marked = ok(await call('DELETE', where));
      assert.equal(marked.kind, 'ConfigMap');
      assert.equal(typeof marked.metadata.deletionTimestamp, 'string');
      ok(await call('PATCH', where, { body: { metadata: { finalizers: null } }, type: MERGE }));
      refused(await call('GET', where), 404, 'NotFound', 'configmaps "held" not found');
    },
  },
  {
    area: 'writes',
    name: 'deletecollection takes what the selector names',
    check: async ({ create, call, path }) => {
      await create('v1', 'configmaps', configMap('a', {}, { labels: { go: 'yes' } }));
      await create('v1', 'configmaps', configMap('b', {}, { labels: { go: 'no' } }));
      const answer = ok(await call('DELETE', `${path('v1', 'configmaps')}?labelSelector=go%3Dyes`));
      assert.deepEqual(
        [answer.kind, answer.items.map((one: { metadata: { name: string } }) => one.metadata.name)],
        ['ConfigMapList', ['a']],
      );
      const left = ok(await call('GET', `${path('v1', 'configmaps')}?labelSelector=go`));
      assert.deepEqual(
        left.items.map((one: { metadata: { name: string } }) => one.metadata.name),
        ['b'],
      );
    },
  },
];
