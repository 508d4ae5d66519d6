// Behaviours of a cluster: what becomes of the dependents of deleted objects.
import assert from 'node:assert/strict';
import { type Behaviour, configMap, MERGE, ok } from '../behaviour.ts';
import type { Json } from '../client.ts';
import { rolledOut } from '../rollout.ts';

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

export const GARBAGE: readonly Behaviour[] = [
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
