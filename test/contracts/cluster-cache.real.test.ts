// The cluster cache against a real Kubernetes control plane, with no more rights than a gate has; and how it stays young.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
        if (request.query['fieldSelector'] === undefined) lists.push(request);
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

test('a cluster that was restored from an older copy is read anew, and never counts as known before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-restored-'));
  const [dir, copy] = [join(folder, 'plane'), join(folder, 'copy')];
  const ending = new AbortController();
  let plane = await startControlPlane({ dir });
  const kill = async (): Promise<void> => {
    for (const pid of plane.pids) process.kill(pid, 'SIGKILL');
    await plane.stop();
  };
  const makePod = (name: string) =>
    plane.request('admin', 'POST', '/api/v1/namespaces/default/pods', {
      metadata: { name },
      spec: { containers: [{ name: 'web', image: 'registry.example/web:1' }] },
    });
  try {
    await kill();
    cpSync(join(dir, 'etcd'), copy, { recursive: true });
    plane = await startControlPlane({ dir });
    // The copy is so far behind that no watch from here catches up within the test.
    await Promise.all(
      Array.from({ length: 1000 }, (_, n) =>
        plane.request('admin', 'POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: `later-${n}` } }),
      ),
    );
    await makePod('lost');
    const client = await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null });
    const cache = createClusterCache(client, systemClock, { maxAgeSeconds: 18 }, () => {});
    const running = cache.run(ending.signal);
    const podNames = (): ReadonlySet<string> => new Set([...cache.cluster.pods.all()].map(({ name }) => name));
    const age = (): number | null => {
      const pods = cache.health().find(({ kind }) => kind === 'pods');
      return pods?.lacking === null ? pods.ageSeconds : null;
    };
    await until('the pod that will be lost', async () => podNames().has('lost') && age() !== null);

    await kill();
    rmSync(join(dir, 'etcd'), { recursive: true });
    cpSync(copy, join(dir, 'etcd'), { recursive: true });
    plane = await startControlPlane({ dir });
    await makePod('new');
    const made = systemClock.elapsed();
    await until('what is there now', async () => {
      const [seconds, names] = [age(), podNames()];
      const isAsOfLater = seconds !== null && seconds * 1000 < systemClock.elapsed() - made;
      assert.ok(
        !isAsOfLater || names.has('new'),
        `as of ${seconds} s ago these were all pods: ${[...names].join(' ')}`,
      );
      return isAsOfLater;
    });
    assert.deepEqual([podNames().has('lost'), podNames().has('new')], [false, true]);
    ending.abort();
    await running;
  } finally {
    ending.abort();
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
