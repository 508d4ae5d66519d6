// Behaviours of a cluster: dry runs.
import assert from 'node:assert/strict';
import { type Behaviour, configMap, deployment, MERGE, ok, refused } from '../behaviour.ts';

export const DRY_RUNS: readonly Behaviour[] = [
  {
    area: 'dry run',
    name: 'a dry-run create answers the object with its defaults and stores nothing',
    check: async ({ call, path }) => {
      const where = path('apps/v1', 'deployments');
      const body = { apiVersion: 'apps/v1', ...deployment('ghost') };
      const made = ok(await call('POST', `${where}?dryRun=All`, { body }), 201);
      assert.equal(made.spec.strategy.rollingUpdate.maxSurge, '25%');
      assert.equal(typeof made.metadata.uid, 'string');
      assert.equal(made.metadata.resourceVersion, undefined);
      refused(await call('GET', `${where}/ghost`), 404, 'NotFound', 'deployments.apps "ghost" not found');
    },
  },
  {
    area: 'dry run',
    name: 'dry-run patch, scale and delete answer as if and change nothing',
    check: async ({ create, call, path }) => {
      const made = await create('v1', 'configmaps', configMap('settings'));
      const where = path('v1', 'configmaps', '/settings');
      const patched = ok(await call('PATCH', `${where}?dryRun=All`, { body: { data: { key: 'x' } }, type: MERGE }));
      assert.deepEqual(patched.data, { key: 'x' });
      ok(await call('DELETE', where, { body: { dryRun: ['All'] } }));
      ok(await call('DELETE', `${where}?dryRun=All`));
      const now = ok(await call('GET', where));
      assert.deepEqual([now.data, now.metadata.resourceVersion], [{ key: 'value' }, made.metadata.resourceVersion]);
      await create('apps/v1', 'deployments', deployment('web', { replicas: 0 }));
      const scale = path('apps/v1', 'deployments', '/web/scale');
      const scaled = ok(await call('PATCH', `${scale}?dryRun=All`, { body: { spec: { replicas: 5 } }, type: MERGE }));
      assert.equal(scaled.spec.replicas, 5);
      assert.equal(ok(await call('GET', scale)).spec.replicas ?? 0, 0);
    },
  },
  {
    area: 'dry run',
    name: 'a dry run is checked like the real thing',
    check: async ({ create, call, path }) => {
      await create('v1', 'configmaps', configMap('settings'));
      const body = { apiVersion: 'v1', ...configMap('settings') };
      const answer = await call('POST', `${path('v1', 'configmaps')}?dryRun=All`, { body });
      refused(answer, 409, 'AlreadyExists', 'configmaps "settings" already exists');
    },
  },
  {
    area: 'dry run',
    name: 'another value of dryRun is refused',
    check: async ({ call, path }) => {
      const body = { apiVersion: 'v1', ...configMap('settings') };
      const answer = await call('POST', `${path('v1', 'configmaps')}?dryRun=Some`, { body });
      refused(
        answer,
        422,
        'Invalid',
        /^CreateOptions\.meta\.k8s\.io "" is invalid: dryRun: Unsupported value: \["Some"\]: supported values: "All"$/,
      );
    },
  },
];
