// Behaviours of single objects: patches, dry runs, conflicts, status and scale, generations, and how refusals are worded.
import assert from 'node:assert/strict';
import { type Behaviour, configMap, deployment, JSON_PATCH, MERGE, ok, pod, refused, STRATEGIC } from './behaviour.ts';

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

const patches: readonly Behaviour[] = [
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

const dryRuns: readonly Behaviour[] = [
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

const conflicts: readonly Behaviour[] = [
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
];

const scale: readonly Behaviour[] = [
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

const writes: readonly Behaviour[] = [
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

const errors: readonly Behaviour[] = [
  {
    area: 'errors',
    name: 'names that are not DNS names are Invalid',
    check: async ({ call, path }) => {
      const answer = await call('POST', path('v1', 'configmaps'), {
        body: { apiVersion: 'v1', ...configMap('Not_Good') },
      });
      refused(
        answer,
        422,
        'Invalid',
        /^ConfigMap "Not_Good" is invalid: metadata\.name: Invalid value: "Not_Good": a lowercase RFC 1123 subdomain must consist of/,
      );
      assert.deepEqual(
        answer.body.details.causes.map((one: { reason: string; field: string }) => [one.reason, one.field]),
        [['FieldValueInvalid', 'metadata.name']],
      );
    },
  },
  {
    area: 'errors',
    name: 'a selector that misses its template, and no name at all, are Invalid',
    check: async ({ call, path }) => {
      const wrong = {
        apiVersion: 'apps/v1',
        ...deployment('web', { spec: { selector: { matchLabels: { app: 'other' } } } }),
      };
      const answer = await call('POST', path('apps/v1', 'deployments'), { body: wrong });
      refused(
        answer,
        422,
        'Invalid',
        'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      );
      const nameless = await call('POST', path('v1', 'configmaps'), {
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} },
      });
      refused(
        nameless,
        422,
        'Invalid',
        'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
      );
    },
  },
  {
    area: 'errors',
    name: 'immutable fields say so',
    check: async ({ create, call, path }) => {
      await create('apps/v1', 'deployments', deployment('web', { replicas: 0 }));
      const body = {
        spec: {
          selector: { matchLabels: { app: 'web', more: 'x' } },
          template: { metadata: { labels: { app: 'web', more: 'x' } } },
        },
      };
      const answer = await call('PATCH', path('apps/v1', 'deployments', '/web'), { body, type: MERGE });
      refused(
        answer,
        422,
        'Invalid',
        'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"web","more":"x"}}: field is immutable',
      );
    },
  },
  {
    area: 'errors',
    name: 'a pod may change its image and nothing else of its spec',
    check: async ({ create, call, path }) => {
      await create('v1', 'pods', pod('lone'));
      const where = path('v1', 'pods', '/lone');
      const image = { spec: { containers: [{ name: 'main', image: 'registry.example/app:2' }] } };
      ok(await call('PATCH', where, { body: image, type: STRATEGIC }));
      const other = await call('PATCH', where, { body: { spec: { restartPolicy: 'Never' } }, type: STRATEGIC });
      refused(
        other,
        422,
        'Invalid',
        /^Pod "lone" is invalid: spec: Forbidden: pod updates may not change fields other than `spec\.containers\[\*\]\.image`/,
      );
    },
  },
  {
    area: 'errors',
    name: 'names and namespaces of body and path must agree',
    check: async ({ create, call, path, namespace }) => {
      const made = await create('v1', 'configmaps', configMap('settings'));
      const renamed = await call('PUT', path('v1', 'configmaps', '/settings'), {
        body: { ...made, metadata: { ...made.metadata, name: 'other' } },
      });
      refused(
        renamed,
        400,
        'BadRequest',
        'the name of the object (other) does not match the name on the URL (settings)',
      );
      const moved = await call('POST', path('v1', 'configmaps'), {
        body: { apiVersion: 'v1', ...configMap('x', {}, { namespace: 'default' }) },
      });
      refused(
        moved,
        400,
        'BadRequest',
        `the namespace of the provided object does not match the namespace sent on the request`,
      );
      assert.notEqual(namespace, 'default');
    },
  },
  {
    area: 'errors',
    name: 'creating in a namespace that is not there is NotFound',
    check: async ({ call }) => {
      const answer = await call('POST', '/api/v1/namespaces/nowhere/configmaps', {
        body: { apiVersion: 'v1', ...configMap('x') },
      });
      refused(answer, 404, 'NotFound', 'namespaces "nowhere" not found');
    },
  },
  {
    area: 'errors',
    name: 'an unknown field is refused when the client asks for strictness, and left out when not',
    check: async ({ call, path }) => {
      const body = { apiVersion: 'apps/v1', ...deployment('web', { replicas: 0, spec: { replcas: 3 } }) };
      const strict = await call('POST', `${path('apps/v1', 'deployments')}?fieldValidation=Strict`, { body });
      refused(
        strict,
        400,
        'BadRequest',
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replcas"',
      );
      const loose = ok(await call('POST', path('apps/v1', 'deployments'), { body }), 201);
      assert.equal(loose.spec.replcas, undefined);
    },
  },
  {
    area: 'errors',
    name: 'a value of a wrong type is a bad request',
    check: async ({ call, path }) => {
      const body = { apiVersion: 'apps/v1', ...deployment('web', { spec: { replicas: 'three' } }) };
      const answer = await call('POST', path('apps/v1', 'deployments'), { body });
      refused(
        answer,
        400,
        'BadRequest',
        /^Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field \S+replicas of type int32$/,
      );
    },
  },
  {
    area: 'errors',
    name: 'methods and paths that do not exist say so',
    check: async ({ call, path }) => {
      refused(
        await call('POST', path('v1', 'configmaps', '/x'), { body: {} }),
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
      );
      refused(
        await call('GET', path('apps/v1', 'nosuchthings')),
        404,
        'NotFound',
        'the server could not find the requested resource',
      );
      const outside = await call('GET', '/apis/no.such.group/v1/things');
      assert.equal(outside.status, 404);
    },
  },
];

export const OBJECTS: readonly Behaviour[] = [...patches, ...dryRuns, ...conflicts, ...scale, ...writes, ...errors];
