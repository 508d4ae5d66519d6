// Behaviours of a cluster: the three kinds of patches and their refusals.
import assert from 'node:assert/strict';
import { type Behaviour, configMap, deployment, JSON_PATCH, MERGE, ok, refused, STRATEGIC } from '../behaviour.ts';

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export const PATCHES: readonly Behaviour[] = [
  {
    area: 'patches',
    name: 'a strategic patch merges containers by name, env by name and ports by containerPort',
    check: async ({ create, call, path }) => {
      await create('apps/v1', 'deployments', deployment('web', { replicas: 0 }));
      const containers = [
        { name: 'main', env: [{ name: 'B', value: '2' }], ports: [{ containerPort: 81 }] },
        { name: 'side', image: 'registry.example/side:1' },
      ];
      const body = { spec: { template: { spec: { containers } } } };
      const patched = ok(await call('PATCH', path('apps/v1', 'deployments', '/web'), { body, type: STRATEGIC }));
      const [first, second] = patched.spec.template.spec.containers;
      assert.deepEqual(
        [
          first.name,
          first.image,
          first.env,
          first.ports.map((one: { containerPort: number }) => one.containerPort),
          second.name,
        ],
        [
          'main',
          'registry.example/app:1',
          [
            { name: 'B', value: '2' },
            { name: 'A', value: '1' },
          ],
          [81, 80],
          'side',
        ],
      );
    },
  },
  {
    area: 'patches',
    name: 'a strategic patch deletes and replaces by directive and keeps the order it is told',
    check: async ({ create, call, path }) => {
      await create('apps/v1', 'deployments', deployment('web', { replicas: 0 }));
      const where = path('apps/v1', 'deployments', '/web');
      const env = [
        { name: 'A', $patch: 'delete' },
        { name: 'B', value: '2' },
        { name: 'C', value: '3' },
      ];
      const container = { name: 'main', env, '$setElementOrder/env': [{ name: 'B' }, { name: 'C' }] };
      const body = { spec: { template: { spec: { containers: [container] } } } };
      const patched = ok(await call('PATCH', where, { body, type: STRATEGIC }));
      assert.deepEqual(patched.spec.template.spec.containers[0].env, [
        { name: 'B', value: '2' },
        { name: 'C', value: '3' },
      ]);
      const replacing = { metadata: { labels: { $patch: 'replace', only: 'this' } } };
      assert.deepEqual(ok(await call('PATCH', where, { body: replacing, type: STRATEGIC })).metadata.labels, {
        only: 'this',
      });
    },
  },
  {
    area: 'patches',
    name: 'a merge patch deletes by null and replaces lists whole',
    check: async ({ create, call, path }) => {
      await create('apps/v1', 'deployments', deployment('web', { replicas: 0, annotations: { a: '1', b: '2' } }));
      const body = {
        metadata: { annotations: { a: null } },
        spec: { template: { spec: { containers: [{ name: 'other', image: 'x:1' }] } } },
      };
      const patched = ok(await call('PATCH', path('apps/v1', 'deployments', '/web'), { body, type: MERGE }));
      assert.equal(patched.metadata.annotations.a, undefined);
      assert.equal(patched.metadata.annotations.b, '2');
      assert.deepEqual(
        patched.spec.template.spec.containers.map((one: { name: string }) => one.name),
        ['other'],
      );
    },
  },
  {
    area: 'patches',
    name: 'a JSON patch applies its operations in order',
    check: async ({ create, call, path }) => {
      await create('v1', 'configmaps', configMap('settings'));
      const where = path('v1', 'configmaps', '/settings');
      const good = [
        { op: 'test', path: '/data/key', value: 'value' },
        { op: 'add', path: '/metadata/annotations', value: { 'a/b': '1' } },
        { op: 'replace', path: '/metadata/annotations/a~1b', value: '2' },
        { op: 'remove', path: '/data/key' },
      ];
      const { metadata, data } = ok(await call('PATCH', where, { body: good, type: JSON_PATCH }));
      assert.deepEqual([metadata.annotations, data], [{ 'a/b': '2' }, undefined]);
    },
  },
  {
    area: 'patches',
    name: 'a JSON patch that does not fit changes nothing and is refused as Invalid',
    check: async ({ create, call, path }) => {
      await create('v1', 'configmaps', configMap('settings'));
      const where = path('v1', 'configmaps', '/settings');
      const bad = [
        { op: 'add', path: '/data/new', value: 'x' },
        { op: 'test', path: '/data/key', value: 'wrong' },
      ];
      const answer = await call('PATCH', where, { body: bad, type: JSON_PATCH });
      refused(answer, 422, 'Invalid', 'the server rejected our request due to an error in our request');
      assert.deepEqual(answer.body.details, {});
      assert.deepEqual(ok(await call('GET', where)).data, { key: 'value' });
    },
  },
  {
    area: 'patches',
    name: 'a patch of an unknown media type is refused',
    check: async ({ create, call, path }) => {
      await create('v1', 'configmaps', configMap('settings'));
      const answer = await call('PATCH', path('v1', 'configmaps', '/settings'), { body: {}, type: 'application/json' });
      refused(answer, 415, 'UnsupportedMediaType', '415: Unsupported Media Type');
    },
  },
  {
    area: 'patches',
    name: 'a body of an unknown media type is refused',
    check: async ({ call, path }) => {
      const answer = await call('POST', path('v1', 'configmaps'), { body: 'x', type: 'text/plain' });
      refused(
        answer,
        415,
        'UnsupportedMediaType',
        /^the body of the request was in an unknown format - accepted media types include: application\/json, /,
      );
    },
  },
  {
    area: 'patches',
    name: 'a patch that names an old resourceVersion is a conflict, one without any is not',
    check: async ({ create, call, path }) => {
      const { metadata } = await create('v1', 'configmaps', configMap('settings'));
      const where = path('v1', 'configmaps', '/settings');
      ok(await call('PATCH', where, { body: { data: { key: 'new' } }, type: MERGE }));
      const body = { metadata: { resourceVersion: metadata.resourceVersion }, data: { key: 'late' } };
      const answer = await call('PATCH', where, { body, type: MERGE });
      refused(answer, 409, 'Conflict', `Operation cannot be fulfilled on configmaps "settings": ${MODIFIED}`);
      assert.deepEqual(answer.body.details, { name: 'settings', kind: 'configmaps' });
    },
  },
  {
    area: 'patches',
    name: 'a patch that changes nothing keeps the resourceVersion',
    check: async ({ create, call, path }) => {
      const { metadata } = await create('v1', 'configmaps', configMap('settings'));
      const body = { data: { key: 'value' } };
      const patched = ok(await call('PATCH', path('v1', 'configmaps', '/settings'), { body, type: MERGE }));
      assert.equal(patched.metadata.resourceVersion, metadata.resourceVersion);
    },
  },
  {
    area: 'patches',
    name: 'a patch of what is not there is NotFound',
    check: async ({ call, path }) => {
      const answer = await call('PATCH', path('apps/v1', 'deployments', '/nosuch'), { body: {}, type: MERGE });
      refused(answer, 404, 'NotFound', 'deployments.apps "nosuch" not found');
      assert.deepEqual(answer.body.details, { name: 'nosuch', group: 'apps', kind: 'deployments' });
    },
  },
];
