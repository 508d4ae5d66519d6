// Which guarded objects may lose their last owner, found in what is known and by reading the owners that are not followed.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { missingName } from '../../../core/model/facts.ts';
import type { JsonObject } from '../../../core/model/json.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { KIND_NAMES, type KindName } from '../cache/kinds.ts';
import { KnownCluster } from '../cache/known-cluster.ts';
import type { ClusterClient } from '../client.ts';
import { type Deletable, dependentsOf } from './dependents.ts';
import type { OwnedRef } from './find-owner.ts';

interface Ref {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}
const ref = (apiVersion: string, kind: string, name: string): Ref => ({ apiVersion, kind, name });
const POD = ref('v1', 'Pod', 'p');
const CONFIG = ref('v1', 'ConfigMap', 'c');
const WIDGET = ref('example.com/v1', 'Widget', 'w');
const uidOf = ({ kind, name }: Ref): string => `${kind}-${name}`;

const object = (kind: string, name: string, owners: readonly Ref[], more: object = {}): JsonObject =>
  // as: JSON as an API server writes it.
  ({
    metadata: {
      ...{ name, namespace: 'shop', uid: `${kind}-${name}`, resourceVersion: '1' },
      ownerReferences: owners.map((one) => ({ ...one, uid: uidOf(one) })),
    },
    ...more,
  }) as unknown as JsonObject;

const known = (...objects: readonly (readonly [kind: KindName, object: JsonObject])[]): KnownCluster => {
  const cluster = new KnownCluster();
  for (const [kind, one] of objects) cluster.put(kind, one);
  return cluster;
};

/** Answers these paths, refuses the others with this status, and remembers what was asked. */
const clientOf = (answers: { readonly [path: string]: JsonObject }, status: number) => {
  const asked: string[] = [];
  const client: ClusterClient = {
    ...{ server: '', namespace: 'shop', warnings: [] },
    send: async ({ path }) => {
      asked.push(path);
      const answer = answers[path];
      if (answer === undefined) throw new AdapterError('refused', path, { status });
      return answer;
    },
    watch: () => assert.fail('no watch is asked for'),
    runProgram: () => assert.fail('no program is run'),
  };
  return { client, asked };
};

const start = (one: Ref, resource: string): OwnedRef => ({
  ...{ group: '', resource, namespace: 'shop', name: one.name, uid: uidOf(one), owners: [], protected: false },
});
const NAMED = { named: [start(CONFIG, 'configmaps')], pods: [] };
const WIDGETS = '/apis/example.com/v1/namespaces/shop/widgets/w';
const DISCOVERY = { '/apis/example.com/v1': { resources: [{ name: 'widgets', kind: 'Widget', namespaced: true }] } };

const ask = async (cluster: KnownCluster, deletable: Deletable, client: ClusterClient) => {
  const answered = { cluster, known: new Set(KIND_NAMES) };
  const { dependents, missing } = await dependentsOf(client, answered, deletable, new AbortController().signal);
  return {
    owners: dependents.map(({ key, owners }) => `${key}: ${owners.join(', ')}`),
    missing: missing.map((fact) => `${missingName(fact)} ${fact.why}`),
  };
};

const CLAIM: KindName = 'persistentvolumeclaims';

suite('dependents', () => {
  const nothing = () => clientOf({}, 404);

  test('of a target by name, and nothing is asked', async () => {
    const { client, asked } = nothing();
    const found = await ask(known([CLAIM, object('PVC', 'data', [CONFIG])]), NAMED, client);
    assert.deepEqual(found, { owners: ['persistentvolumeclaims shop/data: configmaps shop/c'], missing: [] });
    assert.deepEqual(asked, []);
  });

  test('without owners, or of another that is known and stays, there is none', async () => {
    const { client } = nothing();
    const cluster = known(
      [CLAIM, object('PVC', 'free', [])],
      [CLAIM, object('PVC', 'kept', [POD])],
      ['pods', object('Pod', 'p', [])],
    );
    assert.deepEqual(await ask(cluster, NAMED, client), { owners: [], missing: [] });
  });

  test('an owner that is gone is none', async () => {
    const { client } = nothing();
    const found = await ask(known([CLAIM, object('PVC', 'data', [CONFIG, POD])]), NAMED, client);
    assert.deepEqual(found.owners, ['persistentvolumeclaims shop/data: configmaps shop/c']);
  });

  test('an owner of a kind that is not followed is read, with its own owners', async () => {
    const { client, asked } = clientOf({ ...DISCOVERY, [WIDGETS]: object('Widget', 'w', [CONFIG]) }, 404);
    const found = await ask(
      known([CLAIM, object('PVC', 'data', [WIDGET])], [CLAIM, object('PVC', 'more', [WIDGET])]),
      NAMED,
      client,
    );
    assert.deepEqual(found.owners, [
      'persistentvolumeclaims shop/data: widgets.example.com shop/w',
      'persistentvolumeclaims shop/more: widgets.example.com shop/w',
      'widgets.example.com shop/w: configmaps shop/c',
    ]);
    assert.deepEqual(asked, ['/apis/example.com/v1', WIDGETS]);
  });

  test('a target that could not be read goes by its name', async () => {
    const { client } = nothing();
    const unread = { named: [{ ...start(CONFIG, 'configmaps'), uid: null }], pods: [] };
    const found = await ask(known([CLAIM, object('PVC', 'data', [CONFIG])]), unread, client);
    assert.deepEqual(found.owners, ['persistentvolumeclaims shop/data: configmaps shop/c']);
  });

  test('one that may not be read is missing, and counts as one that stays', async () => {
    const { client } = clientOf(DISCOVERY, 403);
    const found = await ask(known([CLAIM, object('PVC', 'data', [CONFIG, WIDGET])]), NAMED, client);
    assert.deepEqual(found.missing, ['widget.example.com shop/w forbidden']);
    assert.deepEqual(found.owners, ['persistentvolumeclaims shop/data: configmaps shop/c, widget.example.com shop/w']);
  });

  test('where nothing is deleted by name, only what is followed is looked at', async () => {
    const { client, asked } = clientOf({}, 403);
    const cluster = known([CLAIM, object('PVC', 'data', [WIDGET])], [CLAIM, object('PVC', 'mine', [POD])]);
    const found = await ask(cluster, { named: [], pods: [start(POD, 'pods')] }, client);
    assert.deepEqual([found, asked], [{ owners: ['persistentvolumeclaims shop/mine: pods shop/p'], missing: [] }, []]);
  });

  test('the claim of an ephemeral volume is none; one that only looks like it is', async () => {
    const { client } = nothing();
    const volumes = { spec: { volumes: [{ name: 'scratch', ephemeral: {} }] } };
    const cluster = known(
      ['pods', object('Pod', 'p', [], volumes)],
      [CLAIM, object('PVC', 'p-scratch', [POD])],
      [CLAIM, object('PVC', 'p-other', [POD])],
    );
    const found = await ask(cluster, { named: [start(POD, 'pods')], pods: [] }, client);
    assert.deepEqual(found.owners, ['persistentvolumeclaims shop/p-other: pods shop/p']);
  });
});
