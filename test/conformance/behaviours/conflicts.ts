// Behaviours of a cluster: writes that lose against newer versions or miss their preconditions.
import assert from 'node:assert/strict';
import { type Behaviour, configMap, deployment, JSON_PATCH, MERGE, ok, refused, STRATEGIC } from '../behaviour.ts';

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export const CONFLICTS: readonly Behaviour[] = [
  {
    area: 'conflicts',
    name: 'a PUT with an old resourceVersion is a conflict; without any it wins',
    check: async ({ create, call, path }) => {
      const old = await create('v1', 'configmaps', configMap('settings'));
      const where = path('v1', 'configmaps', '/settings');
      ok(await call('PATCH', where, { body: { data: { key: 'new' } }, type: MERGE }));
      const late = await call('PUT', where, { body: { ...old, data: { key: 'late' } } });
      refused(late, 409, 'Conflict', `Operation cannot be fulfilled on configmaps "settings": ${MODIFIED}`);
      const blind = { apiVersion: 'v1', ...configMap('settings', { key: 'blind' }) };
      assert.deepEqual(ok(await call('PUT', where, { body: blind })).data, { key: 'blind' });
    },
  },
  {
    area: 'conflicts',
    name: 'creating what exists is AlreadyExists with its details',
    check: async ({ create, call, path }) => {
      await create('apps/v1', 'deployments', deployment('web', { replicas: 0 }));
      const body = { apiVersion: 'apps/v1', ...deployment('web') };
      const answer = await call('POST', path('apps/v1', 'deployments'), { body });
      refused(answer, 409, 'AlreadyExists', 'deployments.apps "web" already exists');
      assert.deepEqual(answer.body.details, { name: 'web', group: 'apps', kind: 'deployments' });
    },
  },
  {
    area: 'conflicts',
    name: 'a delete keeps its preconditions on uid and resourceVersion',
    check: async ({ create, call, path }) => {
      const { metadata } = await create('v1', 'configmaps', configMap('settings'));
      const where = path('v1', 'configmaps', '/settings');
      const wrongUid = await call('DELETE', where, { body: { preconditions: { uid: 'other' } } });
      refused(
        wrongUid,
        409,
        'Conflict',
        `Operation cannot be fulfilled on ConfigMap "settings": the UID in the precondition (other) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
      );
      const wrongVersion = await call('DELETE', where, { body: { preconditions: { resourceVersion: '1' } } });
      refused(
        wrongVersion,
        409,
        'Conflict',
        `Operation cannot be fulfilled on ConfigMap "settings": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
      );
      const { uid, resourceVersion } = metadata;
      const gone = ok(await call('DELETE', where, { body: { preconditions: { uid, resourceVersion } } }));
      assert.deepEqual(
        [gone.kind, gone.status, gone.details],
        ['Status', 'Success', { name: 'settings', kind: 'configmaps', uid }],
      );
    },
  },
  {
    area: 'conflicts',
    name: 'a PUT for another uid is a conflict',
    check: async ({ create, call, path }) => {
      const old = await create('v1', 'configmaps', configMap('settings'));
      const body = { ...old, metadata: { ...old.metadata, uid: '11111111-2222-3333-4444-555555555555' } };
      const answer = await call('PUT', path('v1', 'configmaps', '/settings'), { body });
      refused(
        answer,
        409,
        'Conflict',
        /^Operation cannot be fulfilled on configmaps "settings": .*Precondition failed: UID in precondition: 11111111-2222-3333-4444-555555555555, UID in object meta: /,
      );
    },
  },
  {
    area: 'conflicts',
    name: 'a patch for another uid changes nothing, though the resourceVersion is right: invalid, and a conflict for the scale',
    check: async ({ create, call, path, until }) => {
      await create('apps/v1', 'deployments', deployment('web', { replicas: 0 }));
      const where = path('apps/v1', 'deployments', '/web');
      const uid = '11111111-2222-3333-4444-555555555555';
      // Its controller writes until the rollout is complete; the version must stand still here.
      const { metadata: known } = await until(where, ({ status }) =>
        (status?.conditions ?? []).some(({ reason }: { reason: string }) => reason === 'NewReplicaSetAvailable'),
      );
      const { resourceVersion } = known;
      const metadata = { uid, resourceVersion };
      const patches = [
        [where, MERGE, { metadata, spec: { minReadySeconds: 1 } }],
        [where, STRATEGIC, { metadata, spec: { minReadySeconds: 1 } }],
        [
          where,
          JSON_PATCH,
          [
            { op: 'replace', path: '/metadata/uid', value: uid },
            { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
            { op: 'add', path: '/spec/minReadySeconds', value: 1 },
          ],
        ],
      ] as const;
      for (const [at, type, body] of patches)
        refused(
          await call('PATCH', at, { body, type }),
          422,
          'Invalid',
          `Deployment.apps "web" is invalid: metadata.uid: Invalid value: "${uid}": field is immutable`,
        );
      refused(
        await call('PATCH', `${where}/scale`, { body: { metadata, spec: { replicas: 1 } }, type: MERGE }),
        409,
        'Conflict',
        /Precondition failed: UID in precondition: 11111111-2222-3333-4444-555555555555, UID in object meta: /,
      );
      const late = { metadata: { uid, resourceVersion: '1' }, spec: { minReadySeconds: 1 } };
      refused(
        await call('PATCH', where, { body: late, type: MERGE }),
        409,
        'Conflict',
        `Operation cannot be fulfilled on deployments.apps "web": ${MODIFIED}`,
      );
      const { spec } = ok(await call('GET', where));
      assert.deepEqual([spec.replicas, spec.minReadySeconds], [0, undefined]);
    },
  },
];
