// The sandbox cluster: a small Kubernetes API server with its controllers inside this process, on loopback.
// For the demo and fast tests. It imports nothing of the gate and runs no container.
import type { AddressInfo } from 'node:net';
import { type SandboxClock, SeededClock, systemClock } from './clock.ts';
import { allControllers } from './controllers/all.ts';
import { startManager } from './controllers/manager.ts';
import type { Fault } from './faults.ts';
import { createApiServer } from './http.ts';
import { kubeconfigFor } from './kubeconfig.ts';
import { type Seed, shop } from './seed.ts';
import { Storage } from './storage.ts';
import { DURATIONS, type Durations, type World } from './world.ts';
import type { WriteRecord } from './write-log.ts';

export interface SandboxOptions {
  /** 0 (default): a free port. */
  readonly port?: number;
  /** What lives in the cluster at the start; default the shop. */
  readonly seed?: Seed;
  readonly clock?: SandboxClock;
  /** How many times faster than the clock rollouts, crashes and deadlines go (1). */
  readonly speed?: number;
  /** Bearer token that every request must carry; none by default. kubectl sends none over plain HTTP. */
  readonly token?: string;
  readonly durations?: Partial<Durations>;
  /** How many changes a watch can be resumed over (5000). */
  readonly history?: number;
}

export interface SandboxCluster {
  readonly url: string;
  readonly kubeconfig: (namespace?: string) => string;
  /** Every write that reached the API, oldest first, dry runs included. */
  readonly writes: () => readonly WriteRecord[];
  /** Lets the next matching request fail; see faults.ts. */
  readonly inject: (fault: Fault) => void;
  readonly clearFaults: () => void;
  /** Works off what the controllers have to do now; with a manual clock tests call it after each step. */
  readonly settle: () => void;
  /** Forgets the log of changes: watches from before get 410. */
  readonly compact: () => void;
  readonly stop: () => Promise<void>;
}

/** Starts a sandbox cluster, seeded and at rest, and answers once it listens. */
export async function startSandboxCluster(options: SandboxOptions = {}): Promise<SandboxCluster> {
  const seed = options.seed ?? shop;
  const clock = new SeededClock(options.clock ?? systemClock, seed.ageMs);
  const speed = options.speed ?? 1;
  const world: World = {
    storage: new Storage(options.history ?? 5000),
    clock,
    durations: { ...DURATIONS, ...options.durations },
    speed,
  };
  const manager = startManager(world, allControllers(), (controller, key, error) => {
    console.error(`sandbox cluster: bug in the ${controller} controller at ${key}:`, error);
  });
  seed.plant(world, (agoMs) => clock.liveUntil(agoMs, manager.settle));
  clock.liveUntil(0, manager.settle);
  const token = options.token ?? null;
  const api = createApiServer(world, token);
  await new Promise<void>((resolve, reject) => {
    api.server.once('error', reject);
    api.server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(api.server.address() as AddressInfo).port}`;
  return {
    url,
    kubeconfig: (namespace = 'default') => kubeconfigFor(url, token, namespace),
    writes: () => api.writes.all(),
    inject: (fault) => api.faults.add(fault),
    clearFaults: () => api.faults.clear(),
    settle: manager.settle,
    compact: () => world.storage.compact(),
    stop: async () => {
      manager.stop();
      await api.close();
    },
  };
}
