// The cluster cache against a real Kubernetes control plane, with no more rights than a gate has; and how it stays young.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createClusterCache } from '../../src/adapters/cluster/cache/cluster-cache.ts';
import { KIND_NAMES } from '../../src/adapters/cluster/cache/kinds.ts';
import { type ClusterRequest, openCluster } from '../../src/adapters/cluster/client.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { until } from '../support/cluster-under-test.ts';
import { cacheContract } from './cluster-cache.ts';

cacheContract('a real control plane', async () => {
  const plane = await startControlPlane();
  const { port } = new URL(plane.url);
  return {
    port: Number(port),
    kubeconfigThrough: (through) => {
      const path = join(plane.folder, `kubeconfig-${through}`);
      writeFileSync(path, readFileSync(plane.kubeconfigPath('gate'), 'utf8').replaceAll(`:${port}`, `:${through}`));
      return path;
    },
    call: (...call) => plane.request('admin', ...call),
    stop: plane.stop,
  };
});

describe('a quiet real cluster', () => {
  let plane: ControlPlane;
  before(async () => {
    plane = await startControlPlane();
  });
  after(() => plane?.stop());

  test('stays known by watches alone: no kind is listed twice, none grows old', async () => {
    const client = await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null });
    const lists: ClusterRequest[] = [];
    const counted = {
      ...client,
      send: (request: ClusterRequest, signal: AbortSignal) => {
        lists.push(request);
        return client.send(request, signal);
      },
    };
    const ending = new AbortController();
    const troubles: string[] = [];
    const cache = createClusterCache(counted, systemClock, { maxAgeSeconds: 18 }, (kind, { message }) =>
      troubles.push(`${kind}: ${message}`),
    );
    const running = cache.run(ending.signal);
    await until('the first lists', async () => cache.health().every(({ lacking }) => lacking === null));
    const ages: number[] = [];
    for (let second = 0; second < 20; second += 1) {
      await pause(1000);
      ages.push(...cache.health().map(({ ageSeconds }) => ageSeconds ?? 999));
    }
    ending.abort();
    await running;
    assert.deepEqual([lists.length, troubles], [KIND_NAMES.length, []]);
    assert.ok(Math.max(...ages) < 9, `a kind was ${Math.max(...ages)} s old`);
  });
});
