// Behaviours of a cluster: the scale subresource.
import assert from 'node:assert/strict';
import { type Behaviour, deployment, MERGE, ok, refused } from '../behaviour.ts';

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export const SCALE: readonly Behaviour[] = [
  {
    area: 'scale',
    name: 'the scale subresource tells replicas and selector, and sets replicas',
    check: async ({ create, call, path, until }) => {
      await create('apps/v1', 'deployments', deployment('web'));
      await until(path('apps/v1', 'deployments', '/web'), (one) => one.status?.replicas === 2);
      const where = path('apps/v1', 'deployments', '/web/scale');
      const shown = ok(await call('GET', where));
      assert.deepEqual(
        [shown.kind, shown.apiVersion, shown.spec, shown.status],
        ['Scale', 'autoscaling/v1', { replicas: 2 }, { replicas: 2, selector: 'app=web' }],
      );
      const set = ok(await call('PATCH', where, { body: { spec: { replicas: 3 } }, type: MERGE }));
      assert.equal(set.spec.replicas, 3);
      assert.equal(ok(await call('GET', path('apps/v1', 'deployments', '/web'))).spec.replicas, 3);
    },
  },
  {
    area: 'scale',
    name: 'a PUT of a scale keeps its resourceVersion as precondition',
    check: async ({ create, call, path }) => {
      await create('apps/v1', 'deployments', deployment('web', { replicas: 0 }));
      const where = path('apps/v1', 'deployments', '/web/scale');
      const shown = ok(await call('GET', where));
      ok(await call('PATCH', where, { body: { spec: { replicas: 1 } }, type: MERGE }));
      const late = await call('PUT', where, { body: { ...shown, spec: { replicas: 9 } } });
      refused(late, 409, 'Conflict', `Operation cannot be fulfilled on deployments.apps "web": ${MODIFIED}`);
    },
  },
  {
    area: 'scale',
    name: 'fewer than no replicas are refused',
    check: async ({ create, call, path }) => {
      await create('apps/v1', 'deployments', deployment('web', { replicas: 0 }));
      const where = path('apps/v1', 'deployments', '/web');
      const byScale = await call('PATCH', `${where}/scale`, { body: { spec: { replicas: -1 } }, type: MERGE });
      const message = 'Invalid value: -1: must be greater than or equal to 0';
      refused(byScale, 422, 'Invalid', `Scale.autoscaling "web" is invalid: spec.replicas: ${message}`);
      const direct = await call('PATCH', where, { body: { spec: { replicas: -1 } }, type: MERGE });
      refused(direct, 422, 'Invalid', `Deployment.apps "web" is invalid: spec.replicas: ${message}`);
      assert.deepEqual(direct.body.details, {
        name: 'web',
        group: 'apps',
        kind: 'Deployment',
        causes: [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }],
      });
    },
  },
];
