// Behaviours of a cluster: lists as the server prints them.
import assert from 'node:assert/strict';
import { type Behaviour, configMap, deployment, isRolledOut, ok, pod, refused, TABLE } from '../behaviour.ts';
import type { Json } from '../client.ts';

function columns(table: Json): readonly string[] {
  return table.columnDefinitions.map((one: Json) => (one.priority > 0 ? `(${one.name})` : one.name));
}

export const TABLES: readonly Behaviour[] = [
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
