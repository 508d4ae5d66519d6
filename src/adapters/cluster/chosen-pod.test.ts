// Of the pods of an object the one that kubectl would take, by each rule of its order.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonObject } from '../../core/model/json.ts';
import { chosenPod } from './chosen-pod.ts';
import type { ClusterClient } from './client.ts';

const READY = { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-02T00:00:00Z' };
interface Looks {
  readonly node?: string;
  readonly phase?: string;
  readonly ready?: string | null;
  readonly deleting?: string;
  readonly restarts?: number;
  readonly sidecar?: number;
  readonly made?: string;
}
const pod = (name: string, looks: Looks = {}): JsonObject => ({
  metadata: {
    name,
    creationTimestamp: looks.made ?? '2026-01-01T00:00:00Z',
    ...(looks.deleting === undefined ? {} : { deletionTimestamp: looks.deleting }),
  },
  spec: {
    nodeName: looks.node ?? 'n1',
    containers: [{ name: 'web' }],
    initContainers: [{ name: 'proxy', restartPolicy: 'Always' }, { name: 'setup' }],
  },
  status: {
    phase: looks.phase ?? 'Running',
    conditions: looks.ready === null ? [] : [{ ...READY, lastTransitionTime: looks.ready ?? READY.lastTransitionTime }],
    containerStatuses: [{ name: 'web', restartCount: looks.restarts ?? 0 }],
    initContainerStatuses: [
      { name: 'proxy', restartCount: looks.sidecar ?? 0 },
      { name: 'setup', restartCount: 9 },
    ],
  },
});

const choose = async (
  pods: readonly JsonObject[],
  selector: JsonObject = { matchLabels: { app: 'web' } },
  resource = 'deployments',
) => {
  const asked: string[] = [];
  // as: only `send` is used.
  const client = {
    send: async ({ path, query }: { readonly path: string; readonly query: Record<string, string> }) => {
      if (!path.endsWith('/pods')) return { spec: { selector } };
      asked.push(query['labelSelector'] ?? '');
      return { items: pods };
    },
  } as unknown as ClusterClient;
  const of = { group: resource === 'deployments' ? 'apps' : '', resource, namespace: 'shop', name: 'web' };
  const found = await chosenPod(client, of, AbortSignal.timeout(1000));
  // as: a pod of this file.
  return { name: (found as { metadata: { name: string } } | null)?.metadata.name ?? null, asked };
};

/** [what decides, the worse, the better]. */
const RULES: readonly (readonly [string, Looks, Looks])[] = [
  ['one that is on a node before one that is on none', { node: '' }, { phase: 'Pending', ready: null }],
  ['running before unknown', { phase: 'Unknown' }, { phase: 'Running', ready: null }],
  ['unknown before pending', { phase: 'Pending' }, { phase: 'Unknown', ready: null }],
  [
    'pending before what has ended is no rule: ready decides',
    { phase: 'Succeeded', ready: null },
    { phase: 'Pending' },
  ],
  ['ready before not ready', { ready: null }, { deleting: '2026-01-03T00:00:00Z' }],
  ['one that stays before one that is being deleted', { deleting: '2026-01-03T00:00:00Z' }, { restarts: 5 }],
  [
    'of two that go the one that goes later',
    { deleting: '2026-01-03T00:00:00Z' },
    { deleting: '2026-01-03T00:00:09Z', restarts: 5 },
  ],
  ['ready for longer', { ready: '2026-01-02T00:00:09Z' }, { restarts: 5 }],
  ['fewer restarts', { restarts: 2 }, { restarts: 1, made: '2026-01-01T00:00:09Z' }],
  ['fewer restarts of sidecars, others aside', { sidecar: 2 }, { sidecar: 1, made: '2026-01-01T00:00:09Z' }],
  ['older', { made: '2026-01-01T00:00:09Z' }, {}],
];

describe('of two pods', () => {
  for (const [rule, worse, better] of RULES)
    test(rule, async () => {
      assert.equal((await choose([pod('worse', worse), pod('better', better)])).name, 'better');
      assert.equal((await choose([pod('better', better), pod('worse', worse)])).name, 'better');
    });

  test('an object without pods has none, and pods are asked for by its selector', async () => {
    assert.deepEqual(await choose([]), { name: null, asked: ['app=web'] });
    assert.deepEqual((await choose([pod('a')], { app: 'web', tier: 'x' }, 'services')).asked, ['app=web,tier=x']);
    await assert.rejects(choose([pod('a')], {}, 'services'), /no selector of pods/);
  });
});
