// Behaviours of a cluster: watches.
import assert from 'node:assert/strict';
import { type Behaviour, configMap, MERGE, ok, TABLE } from '../behaviour.ts';

export const WATCHES: readonly Behaviour[] = [
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
