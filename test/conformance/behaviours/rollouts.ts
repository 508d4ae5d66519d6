// Behaviours of a cluster: deployments, their replica sets and revisions.
import assert from 'node:assert/strict';
import { type Behaviour, JSON_PATCH, MERGE, ok, STRATEGIC } from '../behaviour.ts';
import type { Json } from '../client.ts';
import { change, condition, image, REVISION, replicaSets, rolledOut } from '../rollout.ts';

export const ROLLOUTS: readonly Behaviour[] = [
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
        // A second may be over before the controller has counted the new pod.
        (one) =>
          condition(one, 'Progressing')?.reason === 'ProgressDeadlineExceeded' && one.status.updatedReplicas === 1,
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
