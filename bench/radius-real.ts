// The live radius over a real API server with simulated kubelets.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createClusterCache } from '../src/adapters/cluster/cache/cluster-cache.ts';
import { openCluster } from '../src/adapters/cluster/client.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { areBuilt } from '../test/servers/build.ts';
import { type ControlPlane, startControlPlane } from '../test/servers/kubernetes.ts';
import { PODS_PER_WORKLOAD, podOf } from './radius-cluster.ts';
import { decisionTimes, heldBytes, milliseconds } from './radius-measure.ts';
import { quantile, rounded } from './timing.ts';

const SIZES = [1_000, 10_000] as const;
const AT_ONCE = 24;
const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl', 'kwok'] as const;

export interface RealRows {
  readonly rows: readonly (readonly string[])[];
  /** Why there are none; null: there are. */
  readonly leftOut: string | null;
}

export const realRows = async (): Promise<RealRows> => {
  if (!areBuilt(PROGRAMS)) return { rows: [], leftOut: 'it is not built yet (`npm run servers:build`)' };
  const rows: (readonly string[])[] = [];
  for (const size of SIZES) rows.push(await realRow(size));
  return { rows, leftOut: null };
};

const realRow = async (pods: number): Promise<readonly string[]> => {
  const plane = await startControlPlane();
  const post = poster(plane);
  try {
    const client = await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null });
    let events = 0;
    const counting: typeof client = {
      ...client,
      watch: async function* (asked, signal) {
        for await (const event of client.watch(asked, signal)) {
          events += 1;
          yield event;
        }
      },
    };
    await prepare(post, pods);
    const [during, after] = [new AbortController(), new AbortController()];
    const cache = createClusterCache(counting, systemClock, { maxAgeSeconds: 60 }, () => undefined);
    const running = cache.run(during.signal);
    const begun = performance.now();
    await inParallel(pods, (n) =>
      post(`/api/v1/namespaces/ns-${Math.floor(n / PODS_PER_WORKLOAD) % 50}/pods`, barePod(n)),
    );
    const made = performance.now();
    while (cache.cluster.pods.size < pods) await rest();
    const behind = performance.now() - made;
    const perSecond = (events * 1000) / (performance.now() - begun);
    during.abort();
    await running;
    const before = heldBytes();
    const fresh = createClusterCache(client, systemClock, { maxAgeSeconds: 60 }, () => undefined);
    const started = performance.now();
    const again = fresh.run(after.signal);
    while (fresh.health().some(({ ageSeconds }) => ageSeconds === null)) await rest();
    const synced = performance.now() - started;
    const held = heldBytes() - before;
    const times = decisionTimes(fresh.cluster, pods / PODS_PER_WORKLOAD, 'pods');
    after.abort();
    await again;
    return [
      `${rounded(pods)} over a real API server`,
      '',
      `${rounded(held / pods)} B`,
      '',
      `${rounded(synced)} ms`,
      milliseconds(quantile(times, 0.5)),
      milliseconds(quantile(times, 0.99)),
      `${rounded(perSecond)} came; ${rounded(behind)} ms behind at the end`,
    ];
  } finally {
    post.close();
    await plane.stop();
  }
};

const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** Nobody owns it, so that no controller has a say; its node is given, so that no scheduler waits. */
const barePod = (n: number): object => {
  const { metadata, spec } = podOf(n) as unknown as {
    readonly metadata: { readonly name: string; readonly labels: object };
    readonly spec: object;
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: metadata.name, labels: metadata.labels },
    spec: {
      ...spec,
      nodeName: `bench-${Math.floor(n / 50)}`,
      automountServiceAccountToken: false,
      volumes: [],
      containers: [{ name: 'app', image: 'app:1', resources: { requests: { cpu: '250m', memory: '256Mi' } } }],
    },
  };
};

type Post = ((path: string, body: object) => Promise<void>) & { readonly close: () => void };

const poster = (plane: ControlPlane): Post => {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, ca: readFileSync(plane.caPath) });
  const headers = { authorization: `Bearer ${plane.adminToken}`, 'content-type': 'application/json' };
  const post = (path: string, body: object): Promise<void> =>
    new Promise((resolve, reject) => {
      const sent = request(new URL(path, plane.url), { method: 'POST', agent, headers }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
        answer.on('end', () =>
          answer.statusCode === 201 ? resolve() : reject(new Error(`POST ${path}: ${answer.statusCode} ${text}`)),
        );
      });
      sent.on('error', reject);
      sent.end(JSON.stringify(body));
    });
  return Object.assign(post, { close: () => agent.destroy() });
};

const inParallel = async (count: number, work: (n: number) => Promise<void>): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
};

const prepare = async (post: Post, pods: number): Promise<void> => {
  await inParallel(50, (n) =>
    post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `ns-${n}` } }),
  );
  await inParallel(Math.ceil(pods / 50), (n) =>
    post('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: `bench-${n}` } }),
  );
  await inParallel(50, (n) =>
    post(`/api/v1/namespaces/ns-${n}/serviceaccounts`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default' },
    }).catch(() => undefined),
  );
  await inParallel(pods / PODS_PER_WORKLOAD, (n) =>
    post(`/api/v1/namespaces/ns-${n % 50}/services`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `app-${n}` },
      spec: { clusterIP: 'None', selector: { app: `app-${n}` }, ports: [{ port: 80 }] },
    }),
  );
};
