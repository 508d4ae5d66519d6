// Behaviours of a cluster: stateful sets, daemon sets, jobs, and the endpoints of services.
import assert from 'node:assert/strict';
import { type Behaviour, ok, STRATEGIC, template } from '../behaviour.ts';
import type { Json } from '../client.ts';
import { condition, image, rolledOut } from '../rollout.ts';

function set(kind: string, name: string, spec: Json = {}): Json {
  return {
    kind,
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template: template(name), ...spec },
  };
}

export const WORKLOADS: readonly Behaviour[] = [
  {
    area: 'workloads',
    name: 'a stateful set names its pods in order and keeps its history in controller revisions',
    check: async ({ create, call, path, until }) => {
      await create('apps/v1', 'statefulsets', set('StatefulSet', 'db', { replicas: 2, serviceName: 'db' }));
      const where = path('apps/v1', 'statefulsets', '/db');
      const first = await until(
        where,
        (one) => one.status?.readyReplicas === 2 && one.status.currentRevision === one.status.updateRevision,
      );
      const pods = ok(await call('GET', path('v1', 'pods'))).items;
      assert.deepEqual(
        pods.map((one: Json) => one.metadata.name),
        ['db-0', 'db-1'],
      );
      const { labels } = pods[0].metadata;
      assert.deepEqual(
        [
          labels['statefulset.kubernetes.io/pod-name'],
          labels['apps.kubernetes.io/pod-index'],
          labels['controller-revision-hash'],
        ],
        ['db-0', '0', first.status.currentRevision],
      );
      ok(await call('PATCH', where, { body: image('registry.example/app:2'), type: STRATEGIC }));
      const second = await until(
        where,
        (one) =>
          one.status.observedGeneration === one.metadata.generation &&
          one.status.updatedReplicas === 2 &&
          one.status.readyReplicas === 2 &&
          one.status.currentRevision === one.status.updateRevision,
      );
      assert.notEqual(second.status.currentRevision, first.status.currentRevision);
      const { items } = ok(await call('GET', path('apps/v1', 'controllerrevisions')));
      assert.deepEqual(items.map((one: Json) => one.revision).sort(), [1, 2]);
      const [old] = items.filter((one: Json) => one.revision === 1);
      assert.deepEqual(
        [old.metadata.ownerReferences[0].kind, old.data.spec.template.$patch],
        ['StatefulSet', 'replace'],
      );
    },
  },
  {
    area: 'workloads',
    name: 'a daemon set has a pod on every node and replaces them all',
    check: async ({ create, call, path, until }) => {
      const nodes = ok(await call('GET', '/api/v1/nodes')).items.length;
      await create('apps/v1', 'daemonsets', set('DaemonSet', 'agent'));
      const where = path('apps/v1', 'daemonsets', '/agent');
      await until(where, (one) => one.status?.numberReady === nodes && one.status.desiredNumberScheduled === nodes);
      const pods = ok(await call('GET', path('v1', 'pods'))).items;
      assert.equal(new Set(pods.map((one: Json) => one.spec.nodeName)).size, nodes);
      ok(await call('PATCH', where, { body: image('registry.example/app:2'), type: STRATEGIC }));
      const done = await until(
        where,
        (one) =>
          one.status.observedGeneration === one.metadata.generation &&
          one.status.updatedNumberScheduled === nodes &&
          one.status.numberAvailable === nodes,
      );
      assert.deepEqual([done.metadata.generation, done.status.numberMisscheduled], [2, 0]);
    },
  },
  {
    area: 'workloads',
    name: 'a job runs to its end and keeps its pod',
    check: async ({ create, call, path, until }) => {
      const { metadata: _metadata, spec } = template('import');
      const job = await create('batch/v1', 'jobs', {
        kind: 'Job',
        metadata: { name: 'import' },
        spec: { template: { spec: { ...spec, restartPolicy: 'Never' } } },
      });
      assert.deepEqual(job.spec.selector.matchLabels, { 'batch.kubernetes.io/controller-uid': job.metadata.uid });
      const done = await until(
        path('batch/v1', 'jobs', '/import'),
        (one) => condition(one, 'Complete')?.status === 'True',
      );
      assert.deepEqual(
        [done.status.succeeded, done.status.active, typeof done.status.completionTime],
        [1, undefined, 'string'],
      );
      const [only] = ok(await call('GET', `${path('v1', 'pods')}?labelSelector=job-name%3Dimport`)).items;
      assert.deepEqual([only.status.phase, only.metadata.ownerReferences[0].kind], ['Succeeded', 'Job']);
    },
  },
  {
    area: 'services',
    name: 'a service has a cluster address, and its endpoints are the ready pods',
    check: async (scene) => {
      await rolledOut(scene, 'web');
      const { create, path, until } = scene;
      const made = await create('v1', 'services', {
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
      });
      assert.match(made.spec.clusterIP, /^10\./);
      assert.deepEqual(
        [made.spec.clusterIPs, made.spec.type, made.spec.ports[0].targetPort, made.spec.sessionAffinity],
        [[made.spec.clusterIP], 'ClusterIP', 80, 'None'],
      );
      const slices = await until(
        `${path('discovery.k8s.io/v1', 'endpointslices')}?labelSelector=kubernetes.io/service-name%3Dweb`,
        ({ items }) => items[0]?.endpoints?.filter((one: Json) => one.conditions.ready).length === 2,
      );
      const [slice] = slices.items;
      assert.deepEqual(
        [slice.addressType, slice.ports, slice.metadata.ownerReferences[0].kind],
        ['IPv4', [{ name: '', port: 80, protocol: 'TCP' }], 'Service'],
      );
      assert.deepEqual(
        slice.endpoints.map((one: Json) => [one.conditions, one.targetRef.kind]),
        [
          [{ ready: true, serving: true, terminating: false }, 'Pod'],
          [{ ready: true, serving: true, terminating: false }, 'Pod'],
        ],
      );
      const endpoints = await until(
        path('v1', 'endpoints', '/web'),
        (one) => one.subsets?.[0]?.addresses?.length === 2,
      );
      assert.deepEqual(endpoints.subsets[0].ports, [{ port: 80, protocol: 'TCP' }]);
    },
  },
];
