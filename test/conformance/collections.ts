// Behaviours of many objects: discovery, tables, lists and their pages, selectors, watches.
import assert from 'node:assert/strict';
import { type Behaviour, configMap, deployment, isRolledOut, MERGE, ok, pod, refused, TABLE } from './behaviour.ts';
import type { Json } from './client.ts';

const DISCOVERY_V2 = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

function named(items: readonly Json[], name: string): Json {
  return items.find((one) => one.name === name);
}

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const discovery: readonly Behaviour[] = [
  {
    area: 'discovery',
    name: 'the version, the core versions and the groups are told',
    check: async ({ call }) => {
      const version = ok(await call('GET', '/version'));
      assert.deepEqual([version.major, version.minor.replace(/\+$/, '')], ['1', '36']);
      assert.deepEqual(ok(await call('GET', '/api')).versions, ['v1']);
      const groups = ok(await call('GET', '/apis'));
      assert.equal(groups.kind, 'APIGroupList');
      const apps = named(groups.groups, 'apps');
      assert.deepEqual(apps.preferredVersion, { groupVersion: 'apps/v1', version: 'v1' });
      const autoscaling = named(groups.groups, 'autoscaling');
      assert.deepEqual(
        autoscaling.versions.map((one: Json) => one.version),
        ['v2', 'v1'],
      );
    },
  },
  {
    area: 'discovery',
    name: 'a resource list names kinds, short names, verbs and subresources',
    check: async ({ call }) => {
      const { resources } = ok(await call('GET', '/apis/apps/v1'));
      const { storageVersionHash: _hash, ...deployments } = named(resources, 'deployments');
      assert.deepEqual(deployments, {
        name: 'deployments',
        singularName: 'deployment',
        namespaced: true,
        kind: 'Deployment',
        verbs: ALL_VERBS,
        shortNames: ['deploy'],
        categories: ['all'],
      });
      assert.deepEqual(named(resources, 'deployments/scale'), {
        name: 'deployments/scale',
        singularName: '',
        namespaced: true,
        group: 'autoscaling',
        version: 'v1',
        kind: 'Scale',
        verbs: ['get', 'patch', 'update'],
      });
      const core = ok(await call('GET', '/api/v1')).resources;
      assert.deepEqual(named(core, 'pods/eviction'), {
        name: 'pods/eviction',
        singularName: '',
        namespaced: true,
        group: 'policy',
        version: 'v1',
        kind: 'Eviction',
        verbs: ['create'],
      });
    },
  },
  {
    area: 'discovery',
    name: 'aggregated discovery says the same in one answer',
    check: async ({ call }) => {
      const answer = await call('GET', '/apis', { accept: DISCOVERY_V2 });
      assert.equal(answer.contentType, DISCOVERY_V2);
      const apps = ok(answer).items.find((one: Json) => one.metadata.name === 'apps');
      const deployments = apps.versions[0].resources.find((one: Json) => one.resource === 'deployments');
      assert.deepEqual(
        [deployments.scope, deployments.singularResource, deployments.responseKind],
        ['Namespaced', 'deployment', { group: '', version: '', kind: 'Deployment' }],
      );
      assert.deepEqual(deployments.subresources.map((one: Json) => one.subresource).sort(), ['scale', 'status']);
    },
  },
];

function columns(table: Json): readonly string[] {
  return table.columnDefinitions.map((one: Json) => (one.priority > 0 ? `(${one.name})` : one.name));
}

const tables: readonly Behaviour[] = [
  {
    area: 'tables',
    name: 'deployments and pods are printed as the server prints them',
    check: async ({ create, call, path, until }) => {
      await create('apps/v1', 'deployments', deployment('web'));
      await until(path('apps/v1', 'deployments', '/web'), isRolledOut);
      const table = ok(await call('GET', path('apps/v1', 'deployments'), { accept: TABLE }));
      assert.deepEqual([table.kind, table.apiVersion], ['Table', 'meta.k8s.io/v1']);
      assert.deepEqual(columns(table), [
        'Name',
        'Ready',
        'Up-to-date',
        'Available',
        'Age',
        '(Containers)',
        '(Images)',
        '(Selector)',
      ]);
      const [row] = table.rows;
      assert.deepEqual(
        [...row.cells.slice(0, 4), ...row.cells.slice(5)],
        ['web', '2/2', 2, 2, 'main', 'registry.example/app:1', 'app=web'],
      );
      assert.deepEqual(
        [row.object.kind, row.object.apiVersion, row.object.metadata.name],
        ['PartialObjectMetadata', 'meta.k8s.io/v1', 'web'],
      );
      const pods = ok(await call('GET', path('v1', 'pods'), { accept: TABLE }));
      assert.deepEqual(columns(pods), [
        'Name',
        'Ready',
        'Status',
        'Restarts',
        'Age',
        '(IP)',
        '(Node)',
        '(Nominated Node)',
        '(Readiness Gates)',
      ]);
      assert.deepEqual(pods.rows[0].cells.slice(1, 4), ['1/1', 'Running', '0']);
    },
  },
  {
    area: 'tables',
    name: 'crashing and missing images show in the status column',
    check: async ({ create, path, until }) => {
      await create('v1', 'pods', pod('crashing', 'registry.example/crash:1'));
      await create('v1', 'pods', pod('absent', 'registry.example/missing:1'));
      const told = ({ rows }: Json): string =>
        rows.map(({ cells }: Json) => `${cells[0]} ${cells[1]} ${cells[2]}`).join(', ');
      const wanted = 'absent 0/1 ImagePullBackOff, crashing 0/1 CrashLoopBackOff';
      await until(path('v1', 'pods'), (table) => told(table) === wanted, { accept: TABLE });
    },
  },
  {
    area: 'tables',
    name: 'rows carry no object, its metadata, or all of it, as asked',
    check: async ({ create, call, path }) => {
      await create('v1', 'configmaps', configMap('settings'));
      const rows = async (include: string): Promise<Json> =>
        ok(
          await call(
            'GET',
            `${path('v1', 'configmaps')}?fieldSelector=metadata.name%3Dsettings&includeObject=${include}`,
            { accept: TABLE },
          ),
        ).rows[0];
      assert.equal((await rows('None')).object ?? null, null);
      assert.equal((await rows('Metadata')).object.data, undefined);
      const whole = (await rows('Object')).object;
      assert.deepEqual([whole.kind, whole.data], ['ConfigMap', { key: 'value' }]);
    },
  },
  {
    area: 'tables',
    name: 'metadata alone can be asked for, and what nobody serves is not acceptable',
    check: async ({ create, call, path }) => {
      await create('v1', 'configmaps', configMap('settings'));
      const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
      const list = ok(await call('GET', path('v1', 'configmaps'), { accept }));
      assert.equal(list.kind, 'PartialObjectMetadataList');
      assert.ok(list.items.every((one: Json) => one.data === undefined && one.metadata.name !== undefined));
      const answer = await call('GET', path('v1', 'configmaps'), { accept: 'application/xml' });
      refused(answer, 406, 'NotAcceptable', /^406: Not Acceptable\n\nAvailable representations: application\/json/);
    },
  },
];

function names(list: Json): readonly string[] {
  return list.items.map((one: Json) => one.metadata.name);
}

const lists: readonly Behaviour[] = [
  {
    area: 'lists',
    name: 'a list has its kind and version, its items do not',
    check: async ({ create, call, path }) => {
      await create('apps/v1', 'deployments', deployment('web', { replicas: 0 }));
      const list = ok(await call('GET', path('apps/v1', 'deployments')));
      assert.deepEqual(
        [list.kind, list.apiVersion, list.items[0].kind, list.items[0].apiVersion],
        ['DeploymentList', 'apps/v1', undefined, undefined],
      );
      assert.match(list.metadata.resourceVersion, /^\d+$/);
    },
  },
  {
    area: 'lists',
    name: 'pages go on where they ended',
    check: async ({ create, call, path }) => {
      for (const name of ['a', 'b', 'c']) await create('v1', 'secrets', { kind: 'Secret', metadata: { name } });
      const first = ok(await call('GET', `${path('v1', 'secrets')}?limit=2`));
      assert.deepEqual([names(first), first.metadata.remainingItemCount], [['a', 'b'], 1]);
      const rest = ok(
        await call('GET', `${path('v1', 'secrets')}?limit=2&continue=${encodeURIComponent(first.metadata.continue)}`),
      );
      assert.deepEqual([names(rest), rest.metadata.continue], [['c'], undefined]);
    },
  },
  {
    area: 'selectors',
    name: 'labels are selected by equality, by sets and by presence',
    check: async ({ create, call, path }) => {
      await create('v1', 'secrets', { kind: 'Secret', metadata: { name: 'a', labels: { tier: 'front', x: '1' } } });
      await create('v1', 'secrets', { kind: 'Secret', metadata: { name: 'b', labels: { tier: 'back' } } });
      await create('v1', 'secrets', { kind: 'Secret', metadata: { name: 'c' } });
      const table: readonly (readonly [string, readonly string[]])[] = [
        ['tier=front', ['a']],
        ['tier==back', ['b']],
        ['tier!=front', ['b', 'c']],
        ['tier in (front,back)', ['a', 'b']],
        ['tier notin (front)', ['b', 'c']],
        ['tier,x', ['a']],
        ['!tier', ['c']],
        ['tier=front,x=2', []],
      ];
      for (const [selector, expected] of table) {
        const list = ok(await call('GET', `${path('v1', 'secrets')}?labelSelector=${encodeURIComponent(selector)}`));
        assert.deepEqual(names(list), expected, selector);
      }
      const wrong = await call('GET', `${path('v1', 'secrets')}?labelSelector=${encodeURIComponent('tier in front')}`);
      refused(wrong, 400, 'BadRequest', /^unable to parse requirement: /);
    },
  },
  {
    area: 'selectors',
    name: 'fields are selected where the kind offers them, and refused where not',
    check: async ({ create, call, path, until }) => {
      await create('v1', 'pods', pod('one'));
      await create('v1', 'pods', pod('two'));
      const placed = await until(path('v1', 'pods', '/one'), (body) => body.status?.phase === 'Running');
      await until(path('v1', 'pods', '/two'), (body) => body.status?.phase === 'Running');
      const list = async (selector: string): Promise<readonly string[]> =>
        names(ok(await call('GET', `${path('v1', 'pods')}?fieldSelector=${encodeURIComponent(selector)}`)));
      assert.deepEqual(await list('metadata.name=one'), ['one']);
      assert.deepEqual(await list('metadata.name!=one'), ['two']);
      assert.deepEqual(await list('status.phase=Running'), ['one', 'two']);
      assert.deepEqual(await list('status.phase=Pending'), []);
      assert.deepEqual(await list(`metadata.name=one,spec.nodeName=${placed.spec.nodeName}`), ['one']);
      const wrong = await call('GET', `${path('v1', 'pods')}?fieldSelector=spec.color%3Dred`);
      refused(wrong, 400, 'BadRequest', 'field label not supported: spec.color');
      const config = await call('GET', `${path('v1', 'configmaps')}?fieldSelector=spec.nodeName%3Dx`);
      refused(
        config,
        400,
        'BadRequest',
        '"spec.nodeName" is not a known field selector: only "metadata.name", "metadata.namespace"',
      );
    },
  },
];

const watches: readonly Behaviour[] = [
  {
    area: 'watch',
    name: 'a watch tells what changed since a list, in order',
    check: async ({ create, call, path, watch }) => {
      const where = path('v1', 'secrets');
      const { metadata } = ok(await call('GET', where));
      await create('v1', 'secrets', { kind: 'Secret', metadata: { name: 'a' } });
      const patched = ok(
        await call('PATCH', `${where}/a`, { body: { metadata: { labels: { x: '1' } } }, type: MERGE }),
      );
      ok(await call('DELETE', `${where}/a`));
      const events = await watch(
        `${where}?watch=true&resourceVersion=${metadata.resourceVersion}&timeoutSeconds=15`,
        (seen) => seen.length === 3,
      );
      assert.deepEqual(
        events.map(({ type, object }) => [type, object.metadata.name]),
        [
          ['ADDED', 'a'],
          ['MODIFIED', 'a'],
          ['DELETED', 'a'],
        ],
      );
      assert.equal(events[1]?.object.metadata.resourceVersion, patched.metadata.resourceVersion);
      assert.ok(Number(events[2]?.object.metadata.resourceVersion) > Number(patched.metadata.resourceVersion));
      assert.equal(events[2]?.object.kind, 'Secret');
    },
  },
  {
    area: 'watch',
    name: 'an object that stops matching the selector is deleted to the watch',
    check: async ({ create, call, path, watch }) => {
      const where = path('v1', 'secrets');
      const made = await create('v1', 'secrets', {
        kind: 'Secret',
        metadata: { name: 'a', labels: { tier: 'front' } },
      });
      ok(await call('PATCH', `${where}/a`, { body: { metadata: { labels: { tier: 'back' } } }, type: MERGE }));
      ok(await call('PATCH', `${where}/a`, { body: { metadata: { labels: { tier: 'front' } } }, type: MERGE }));
      const query = `watch=1&labelSelector=tier%3Dfront&resourceVersion=${made.metadata.resourceVersion}&timeoutSeconds=15`;
      const events = await watch(`${where}?${query}`, (seen) => seen.length === 2);
      assert.deepEqual(
        events.map((event) => event.type),
        ['DELETED', 'ADDED'],
      );
    },
  },
  {
    area: 'watch',
    name: 'a watch without a version begins with what there is',
    check: async ({ create, path, watch }) => {
      await create('v1', 'secrets', { kind: 'Secret', metadata: { name: 'a' } });
      await create('v1', 'secrets', { kind: 'Secret', metadata: { name: 'b' } });
      const events = await watch(`${path('v1', 'secrets')}?watch=true&timeoutSeconds=15`, (seen) => seen.length === 2);
      assert.deepEqual(
        events.map(({ type, object }) => [type, object.metadata.name]),
        [
          ['ADDED', 'a'],
          ['ADDED', 'b'],
        ],
      );
    },
  },
  {
    area: 'watch',
    name: 'a watch ends when its time is up',
    check: async ({ create, path, watch }) => {
      await create('v1', 'secrets', { kind: 'Secret', metadata: { name: 'a' } });
      const query = 'watch=true&allowWatchBookmarks=true&timeoutSeconds=1';
      const events = await watch(`${path('v1', 'secrets')}?${query}`, () => false);
      assert.deepEqual(
        events.filter(({ type }) => type !== 'BOOKMARK').map(({ type }) => type),
        ['ADDED'],
      );
    },
  },
  {
    area: 'watch',
    name: 'initial events end with a bookmark that says so',
    check: async ({ create, path, watch }) => {
      await create('v1', 'secrets', { kind: 'Secret', metadata: { name: 'a' } });
      const query =
        'watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=15';
      const events = await watch(`${path('v1', 'secrets')}?${query}`, (seen) => seen.length === 2);
      assert.deepEqual(
        events.map((event) => event.type),
        ['ADDED', 'BOOKMARK'],
      );
      assert.equal(events[1]?.object.metadata.annotations['k8s.io/initial-events-end'], 'true');
    },
  },
  {
    area: 'watch',
    name: 'a watch as a table sends tables',
    check: async ({ create, call, path }) => {
      await create('v1', 'configmaps', configMap('settings'));
      const query = 'watch=true&fieldSelector=metadata.name%3Dsettings&timeoutSeconds=1';
      const { body } = await call('GET', `${path('v1', 'configmaps')}?${query}`, { accept: TABLE });
      const event = typeof body === 'string' ? JSON.parse(body.split('\n')[0] ?? '') : body;
      assert.deepEqual(
        [event.type, event.object.kind, event.object.rows[0].cells.slice(0, 2)],
        ['ADDED', 'Table', ['settings', 1]],
      );
    },
  },
];

export const COLLECTIONS: readonly Behaviour[] = [...discovery, ...tables, ...lists, ...watches];
