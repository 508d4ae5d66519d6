// Behaviours of a cluster: lists, their pages, and label and field selectors.
import assert from 'node:assert/strict';
import { type Behaviour, deployment, ok, pod, refused } from '../behaviour.ts';
import type { Json } from '../client.ts';

function names(list: Json): readonly string[] {
  return list.items.map((one: Json) => one.metadata.name);
}

export const LISTS: readonly Behaviour[] = [
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
