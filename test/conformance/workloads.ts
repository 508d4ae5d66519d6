// Behaviours of the controllers: rollouts and revisions, other workloads, services, budgets and evictions, garbage, namespaces.
import assert from 'node:assert/strict';
import {
  type Behaviour,
  configMap,
  deployment,
  isRolledOut,
  JSON_PATCH,
  MERGE,
  ok,
  pod,
  refused,
  type Scene,
  STRATEGIC,
  template,
} from './behaviour.ts';
import type { Json } from './client.ts';

const REVISION = 'deployment.kubernetes.io/revision';

function image(value: string): Json {
  return { spec: { template: { spec: { containers: [{ name: 'main', image: value }] } } } };
}

function condition(object: Json, type: string): Json {
  return object.status?.conditions?.find((one: Json) => one.type === type);
}

/** Creates a deployment and waits until it has rolled out. */
async function rolledOut({ create, path, until }: Scene, name: string, options: Json = {}): Promise<Json> {
  await create('apps/v1', 'deployments', deployment(name, options));
  return until(path('apps/v1', 'deployments', `/${name}`), isRolledOut);
}

/** Patches a deployment and waits until it has rolled out again. */
async function change({ call, path, until }: Scene, name: string, body: Json, type = STRATEGIC): Promise<Json> {
  const where = path('apps/v1', 'deployments', `/${name}`);
  ok(await call('PATCH', where, { body, type }));
  return until(where, isRolledOut);
}

async function replicaSets({ call, path }: Scene, app: string): Promise<readonly Json[]> {
  const { items } = ok(await call('GET', `${path('apps/v1', 'replicasets')}?labelSelector=app%3D${app}`));
  return [...items].sort((a, b) => Number(a.metadata.annotations[REVISION]) - Number(b.metadata.annotations[REVISION]));
}

const rollouts: readonly Behaviour[] = [
  {
    area: 'rollouts',
    name: 'a deployment makes a replica set with hash, owner and revision, and says that it is complete',
    check: async (scene) => {
      const done = await rolledOut(scene, 'web', { annotations: { 'kubernetes.io/change-cause': 'first' } });
      const [set] = await replicaSets(scene, 'web');
      const hash = set.metadata.labels['pod-template-hash'];
      assert.match(hash, /^[bcdfghjklmnpqrstvwxz2456789]+$/);
      assert.equal(set.metadata.name, `web-${hash}`);
      assert.equal(set.spec.selector.matchLabels['pod-template-hash'], hash);
      const [owner] = set.metadata.ownerReferences;
      assert.deepEqual(owner, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: 'web',
        uid: done.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      });
      const { annotations } = set.metadata;
      assert.deepEqual(
        [
          annotations[REVISION],
          annotations['kubernetes.io/change-cause'],
          annotations['deployment.kubernetes.io/desired-replicas'],
          annotations['deployment.kubernetes.io/max-replicas'],
          done.metadata.annotations[REVISION],
        ],
        ['1', 'first', '2', '3', '1'],
      );
      const settled = await scene.until(
        scene.path('apps/v1', 'deployments', '/web'),
        (one) => condition(one, 'Progressing')?.reason === 'NewReplicaSetAvailable',
      );
      const told = settled.status.conditions.map((one: Json) => [one.type, one.status, one.reason]).sort();
      assert.deepEqual(told, [
        ['Available', 'True', 'MinimumReplicasAvailable'],
        ['Progressing', 'True', 'NewReplicaSetAvailable'],
      ]);
      const { observedGeneration, replicas, updatedReplicas, readyReplicas, availableReplicas, unavailableReplicas } =
        settled.status;
      assert.deepEqual(
        [observedGeneration, replicas, updatedReplicas, readyReplicas, availableReplicas, unavailableReplicas],
        [1, 2, 2, 2, 2, undefined],
      );
    },
  },
  {
    area: 'rollouts',
    name: 'a new template is a new revision, and the old replica set stays empty',
    check: async (scene) => {
      await rolledOut(scene, 'web');
      const done = await change(scene, 'web', image('registry.example/app:2'));
      assert.equal(done.metadata.annotations[REVISION], '2');
      const sets = await replicaSets(scene, 'web');
      assert.deepEqual(
        sets.map((one) => [one.metadata.annotations[REVISION], one.spec.replicas]),
        [
          ['1', 0],
          ['2', 2],
        ],
      );
    },
  },
  {
    area: 'rollouts',
    name: 'going back to an old template makes its replica set the newest revision',
    check: async (scene) => {
      await rolledOut(scene, 'web');
      await change(scene, 'web', image('registry.example/app:2'));
      const [old] = await replicaSets(scene, 'web');
      const { ['pod-template-hash']: _hash, ...labels } = old.spec.template.metadata.labels;
      const value = { ...old.spec.template, metadata: { ...old.spec.template.metadata, labels } };
      const done = await change(scene, 'web', [{ op: 'replace', path: '/spec/template', value }], JSON_PATCH);
      assert.equal(done.metadata.annotations[REVISION], '3');
      const sets = await replicaSets(scene, 'web');
      assert.deepEqual(
        sets.map((one) => [one.metadata.annotations[REVISION], one.spec.replicas]),
        [
          ['2', 0],
          ['3', 2],
        ],
      );
      assert.equal(sets[1].metadata.uid, old.metadata.uid);
      assert.equal(sets[1].metadata.annotations['deployment.kubernetes.io/revision-history'], '1');
    },
  },
  {
    area: 'rollouts',
    name: 'scaling is no new revision',
    check: async (scene) => {
      await rolledOut(scene, 'web');
      const done = await change(scene, 'web', { spec: { replicas: 4 } });
      assert.equal(done.metadata.annotations[REVISION], '1');
      const sets = await replicaSets(scene, 'web');
      assert.deepEqual(
        sets.map((one) => one.spec.replicas),
        [4],
      );
    },
  },
  {
    area: 'rollouts',
    name: 'a paused deployment keeps its pods until it goes on',
    check: async (scene) => {
      await rolledOut(scene, 'web');
      const where = scene.path('apps/v1', 'deployments', '/web');
      ok(await scene.call('PATCH', where, { body: { spec: { paused: true } }, type: MERGE }));
      ok(await scene.call('PATCH', where, { body: image('registry.example/app:2'), type: STRATEGIC }));
      const paused = await scene.until(
        where,
        (one) =>
          one.status.observedGeneration === one.metadata.generation &&
          condition(one, 'Progressing')?.reason === 'DeploymentPaused',
      );
      assert.equal(condition(paused, 'Progressing').status, 'Unknown');
      assert.equal((await replicaSets(scene, 'web')).length, 1);
      const done = await change(scene, 'web', { spec: { paused: false } }, MERGE);
      assert.equal(done.metadata.annotations[REVISION], '2');
    },
  },
  {
    area: 'rollouts',
    name: 'a template that crashes keeps the old pods and misses its deadline',
    check: async (scene) => {
      await rolledOut(scene, 'web', { replicas: 3, spec: { progressDeadlineSeconds: 1 } });
      const where = scene.path('apps/v1', 'deployments', '/web');
      ok(await scene.call('PATCH', where, { body: image('registry.example/crash:1'), type: STRATEGIC }));
      const late = await scene.until(
        where,
        (one) => condition(one, 'Progressing')?.reason === 'ProgressDeadlineExceeded',
      );
      assert.equal(condition(late, 'Progressing').status, 'False');
      assert.match(condition(late, 'Progressing').message, /^ReplicaSet "web-[a-z0-9]+" has timed out progressing\.$/);
      assert.deepEqual(
        [late.status.updatedReplicas, late.status.availableReplicas, late.status.unavailableReplicas],
        [1, 3, 1],
      );
      assert.equal(condition(late, 'Available').status, 'True');
    },
  },
  {
    area: 'rollouts',
    name: 'Recreate ends all old pods before it starts new ones',
    check: async (scene) => {
      await rolledOut(scene, 'web', { spec: { strategy: { type: 'Recreate' } } });
      const before = ok(await scene.call('GET', scene.path('v1', 'pods'))).metadata.resourceVersion;
      await change(scene, 'web', image('registry.example/app:2'));
      const query = `watch=true&resourceVersion=${before}&timeoutSeconds=15`;
      const isEnd = ({ type, object }: Json): boolean =>
        type === 'DELETED' && object.spec.containers[0].image.endsWith(':1');
      const events = await scene.watch(
        `${scene.path('v1', 'pods')}?${query}`,
        (seen) => seen.filter(isEnd).length === 2,
      );
      const lastEnd = events.findLastIndex(isEnd);
      const firstNew = events.findIndex(
        ({ type, object }) => type === 'ADDED' && object.spec.containers[0].image.endsWith(':2'),
      );
      assert.ok(firstNew < 0 || firstNew > lastEnd, JSON.stringify(events.map(({ type }) => type)));
    },
  },
  {
    area: 'rollouts',
    name: 'old revisions beyond the history limit are forgotten',
    check: async (scene) => {
      await rolledOut(scene, 'web', { replicas: 1, spec: { revisionHistoryLimit: 1 } });
      await change(scene, 'web', image('registry.example/app:2'));
      await change(scene, 'web', image('registry.example/app:3'));
      const where = `${scene.path('apps/v1', 'replicasets')}?labelSelector=app%3Dweb`;
      const left = await scene.until(where, (list) => list.items.length === 2);
      assert.deepEqual(left.items.map((one: Json) => one.metadata.annotations[REVISION]).sort(), ['2', '3']);
    },
  },
  {
    area: 'rollouts',
    name: 'a deleted pod is replaced by its replica set',
    check: async (scene) => {
      await rolledOut(scene, 'web', { replicas: 1 });
      const [first] = ok(await scene.call('GET', scene.path('v1', 'pods'))).items;
      const marked = ok(await scene.call('DELETE', scene.path('v1', 'pods', `/${first.metadata.name}`)));
      assert.deepEqual(
        [marked.kind, typeof marked.metadata.deletionTimestamp, marked.metadata.deletionGracePeriodSeconds],
        ['Pod', 'string', 30],
      );
      const after = await scene.until(
        scene.path('v1', 'pods'),
        ({ items }) => items.length === 1 && items[0].metadata.uid !== first.metadata.uid,
      );
      assert.equal(after.items[0].metadata.ownerReferences[0].kind, 'ReplicaSet');
      assert.match(after.items[0].metadata.name, /^web-[a-z0-9]+-[a-z0-9]{5}$/);
    },
  },
];

function set(kind: string, name: string, spec: Json = {}): Json {
  return {
    kind,
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template: template(name), ...spec },
  };
}

const workloads: readonly Behaviour[] = [
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

function budget(name: string, app: string, spec: Json): Json {
  return { kind: 'PodDisruptionBudget', metadata: { name }, spec: { selector: { matchLabels: { app } }, ...spec } };
}

function eviction(name: string, more: Json = {}): Json {
  return { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name }, ...more };
}

const budgets: readonly Behaviour[] = [
  {
    area: 'budgets',
    name: 'a budget counts its healthy pods and says how many may go',
    check: async (scene) => {
      await rolledOut(scene, 'web', { replicas: 3 });
      const table: readonly (readonly [Json, readonly number[]])[] = [
        [{ minAvailable: 2 }, [1, 3, 2, 3]],
        [{ minAvailable: '50%' }, [1, 3, 2, 3]],
        [{ maxUnavailable: 1 }, [1, 3, 2, 3]],
        [{ maxUnavailable: '34%' }, [2, 3, 1, 3]],
        [{ minAvailable: 3 }, [0, 3, 3, 3]],
      ];
      for (const [at, [spec, expected]] of table.entries()) {
        await scene.create('policy/v1', 'poddisruptionbudgets', budget(`b${at}`, 'web', spec));
        const { status } = await scene.until(
          scene.path('policy/v1', 'poddisruptionbudgets', `/b${at}`),
          (one) => one.status?.observedGeneration === 1 && one.status.currentHealthy === 3,
        );
        assert.deepEqual(
          [status.disruptionsAllowed, status.currentHealthy, status.desiredHealthy, status.expectedPods],
          expected,
          JSON.stringify(spec),
        );
        assert.equal(
          condition({ status }, 'DisruptionAllowed').status,
          status.disruptionsAllowed > 0 ? 'True' : 'False',
        );
      }
    },
  },
  {
    area: 'budgets',
    name: 'an eviction that the budget does not allow is 429 and says which budget',
    check: async (scene) => {
      await rolledOut(scene, 'web');
      await scene.create('policy/v1', 'poddisruptionbudgets', budget('keep', 'web', { minAvailable: 2 }));
      await scene.until(
        scene.path('policy/v1', 'poddisruptionbudgets', '/keep'),
        (one) => one.status?.currentHealthy === 2,
      );
      const [first] = ok(await scene.call('GET', scene.path('v1', 'pods'))).items;
      const { name } = first.metadata;
      const answer = await scene.call('POST', scene.path('v1', 'pods', `/${name}/eviction`), { body: eviction(name) });
      refused(answer, 429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.");
      assert.deepEqual(answer.body.details, {
        causes: [
          {
            reason: 'DisruptionBudget',
            message: 'The disruption budget keep needs 2 healthy pods and has 2 currently',
          },
        ],
      });
    },
  },
  {
    area: 'budgets',
    name: 'an eviction that is allowed deletes the pod and spends the budget; a dry run does neither',
    check: async (scene) => {
      await rolledOut(scene, 'web');
      await scene.create('policy/v1', 'poddisruptionbudgets', budget('keep', 'web', { minAvailable: 1 }));
      await scene.until(
        scene.path('policy/v1', 'poddisruptionbudgets', '/keep'),
        (one) => one.status?.disruptionsAllowed === 1,
      );
      const [first] = ok(await scene.call('GET', scene.path('v1', 'pods'))).items;
      const { name, uid } = first.metadata;
      const where = scene.path('v1', 'pods', `/${name}/eviction`);
      ok(await scene.call('POST', where, { body: eviction(name, { deleteOptions: { dryRun: ['All'] } }) }), 201);
      assert.equal(
        ok(await scene.call('GET', scene.path('v1', 'pods', `/${name}`))).metadata.deletionTimestamp,
        undefined,
      );
      const done = ok(await scene.call('POST', where, { body: eviction(name) }), 201);
      assert.deepEqual([done.kind, done.status], ['Status', 'Success']);
      await scene.until(
        scene.path('v1', 'pods'),
        ({ items }) => items.length === 2 && items.every((one: Json) => one.metadata.uid !== uid),
      );
    },
  },
  {
    area: 'budgets',
    name: 'without a budget every pod may be evicted, and a pod that is not there is NotFound',
    check: async ({ create, call, path, until }) => {
      await create('v1', 'pods', pod('lone'));
      await until(path('v1', 'pods', '/lone'), (one) => one.status.phase === 'Running');
      ok(await call('POST', path('v1', 'pods', '/lone/eviction'), { body: eviction('lone') }), 201);
      await until(path('v1', 'pods', '/lone'), (one) => one.code === 404);
      refused(
        await call('POST', path('v1', 'pods', '/lone/eviction'), { body: eviction('lone') }),
        404,
        'NotFound',
        'pods "lone" not found',
      );
    },
  },
  {
    area: 'budgets',
    name: 'two budgets over one pod stop its eviction',
    check: async (scene) => {
      await rolledOut(scene, 'web');
      for (const name of ['one', 'two']) {
        await scene.create('policy/v1', 'poddisruptionbudgets', budget(name, 'web', { minAvailable: 1 }));
        await scene.until(
          scene.path('policy/v1', 'poddisruptionbudgets', `/${name}`),
          (one) => one.status?.disruptionsAllowed === 1,
        );
      }
      const [first] = ok(await scene.call('GET', scene.path('v1', 'pods'))).items;
      const { name } = first.metadata;
      const answer = await scene.call('POST', scene.path('v1', 'pods', `/${name}/eviction`), { body: eviction(name) });
      assert.equal(answer.status, 500, JSON.stringify(answer.body));
      assert.equal(
        answer.body.message,
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      );
    },
  },
];

function ownedBy(owner: Json, name: string): Json {
  const reference = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    blockOwnerDeletion: true,
  };
  return configMap(name, {}, { ownerReferences: [reference] });
}

const garbage: readonly Behaviour[] = [
  {
    area: 'garbage',
    name: 'dependents go after their owner in the background',
    check: async ({ create, call, path, until }) => {
      const owner = await create('v1', 'configmaps', configMap('owner'));
      await create('v1', 'configmaps', ownedBy(owner, 'dependent'));
      const gone = ok(
        await call('DELETE', path('v1', 'configmaps', '/owner'), { body: { propagationPolicy: 'Background' } }),
      );
      assert.equal(gone.status, 'Success');
      await until(path('v1', 'configmaps', '/dependent'), (one) => one.code === 404);
    },
  },
  {
    area: 'garbage',
    name: 'foreground deletion keeps the owner until its dependents are gone',
    check: async ({ create, call, path, until }) => {
      const owner = await create('v1', 'configmaps', configMap('owner'));
      const dependent = ownedBy(owner, 'dependent');
      await create('v1', 'configmaps', {
        ...dependent,
        metadata: { ...dependent.metadata, finalizers: ['example.com/hold'] },
      });
      const marked = ok(
        await call('DELETE', path('v1', 'configmaps', '/owner'), { body: { propagationPolicy: 'Foreground' } }),
      );
      assert.deepEqual(marked.metadata.finalizers, ['foregroundDeletion']);
      await until(path('v1', 'configmaps', '/dependent'), (one) => one.metadata.deletionTimestamp !== undefined);
      ok(await call('GET', path('v1', 'configmaps', '/owner')));
      ok(
        await call('PATCH', path('v1', 'configmaps', '/dependent'), {
          body: { metadata: { finalizers: null } },
          type: MERGE,
        }),
      );
      await until(path('v1', 'configmaps', '/owner'), (one) => one.code === 404);
    },
  },
  {
    area: 'garbage',
    name: 'orphans lose their owner and stay',
    check: async ({ create, call, path, until }) => {
      const owner = await create('v1', 'configmaps', configMap('owner'));
      await create('v1', 'configmaps', ownedBy(owner, 'dependent'));
      await call('DELETE', path('v1', 'configmaps', '/owner'), { body: { propagationPolicy: 'Orphan' } });
      await until(path('v1', 'configmaps', '/owner'), (one) => one.code === 404);
      const left = await until(
        path('v1', 'configmaps', '/dependent'),
        (one) => (one.metadata.ownerReferences ?? []).length === 0,
      );
      assert.equal(left.metadata.deletionTimestamp, undefined);
    },
  },
  {
    area: 'garbage',
    name: 'a deleted deployment takes its replica sets and pods along',
    check: async (scene) => {
      await rolledOut(scene, 'web');
      ok(
        await scene.call('DELETE', scene.path('apps/v1', 'deployments', '/web'), {
          body: { propagationPolicy: 'Background' },
        }),
      );
      await scene.until(scene.path('apps/v1', 'replicasets'), ({ items }) => items.length === 0);
      await scene.until(scene.path('v1', 'pods'), ({ items }) => items.length === 0);
    },
  },
  {
    area: 'garbage',
    name: 'pods of an orphaned replica set live on, and a deployment that fits takes them over',
    check: async (scene) => {
      await rolledOut(scene, 'web');
      const before = ok(await scene.call('GET', scene.path('v1', 'pods')))
        .items.map((one: Json) => one.metadata.uid)
        .sort();
      const where = scene.path('apps/v1', 'deployments', '/web');
      await scene.call('DELETE', where, { body: { propagationPolicy: 'Orphan' } });
      await scene.until(where, (one) => one.code === 404);
      await rolledOut(scene, 'web');
      const after = ok(await scene.call('GET', scene.path('v1', 'pods')))
        .items.map((one: Json) => one.metadata.uid)
        .sort();
      assert.deepEqual(after, before);
    },
  },
];

const namespaces: readonly Behaviour[] = [
  {
    area: 'namespaces',
    name: 'a namespace is made with its label, account and certificate, and takes everything with it',
    check: async ({ call, until, namespace }) => {
      const name = `${namespace}-short`;
      const made = ok(
        await call('POST', '/api/v1/namespaces', { body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } }),
        201,
      );
      assert.deepEqual(
        [made.metadata.labels, made.spec.finalizers, made.status.phase],
        [{ 'kubernetes.io/metadata.name': name }, ['kubernetes'], 'Active'],
      );
      const inside = `/api/v1/namespaces/${name}`;
      await until(`${inside}/serviceaccounts/default`, (one) => one.kind === 'ServiceAccount');
      await until(`${inside}/configmaps/kube-root-ca.crt`, (one) => one.kind === 'ConfigMap');
      ok(
        await call('POST', `${inside}/configmaps`, {
          body: { apiVersion: 'v1', ...configMap('held', {}, { finalizers: ['example.com/hold'] }) },
        }),
        201,
      );
      const marked = ok(await call('DELETE', inside));
      assert.deepEqual([marked.kind, marked.status.phase], ['Namespace', 'Terminating']);
      const late = await call('POST', `${inside}/configmaps`, { body: { apiVersion: 'v1', ...configMap('late') } });
      refused(
        late,
        403,
        'Forbidden',
        `configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
      );
      ok(await call('PATCH', `${inside}/configmaps/held`, { body: { metadata: { finalizers: null } }, type: MERGE }));
      await until(inside, (one) => one.code === 404);
    },
  },
];

export const WORKLOADS: readonly Behaviour[] = [...rollouts, ...workloads, ...budgets, ...garbage, ...namespaces];
