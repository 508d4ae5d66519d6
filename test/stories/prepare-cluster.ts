// What the stories find in a cluster that has nothing yet: the same workloads that the sandbox is born with, made
// through the API.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { plantOldNode, REPORTS } from '../../src/doors/demo/old-node.ts';
import type { ControlPlane } from '../servers/kubernetes.ts';

interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly replicas: number;
  /** Each rolled out, the oldest first: an undo needs a past. */
  readonly images: readonly string[];
  readonly maxUnavailable: number | string;
}

const WORKLOADS: readonly Workload[] = [
  { namespace: 'shop', name: 'web', replicas: 3, maxUnavailable: '25%', ...of('shop/web', '2.3.1', '2.4.0') },
  {
    namespace: 'production',
    name: 'api',
    replicas: 4,
    maxUnavailable: '25%',
    ...of('production/api', '7.9.3', '7.10.0'),
  },
  {
    namespace: 'kube-system',
    name: 'coredns',
    replicas: 2,
    maxUnavailable: 1,
    ...of('coredns', '1.11.1', '1.12.0'),
    labels: { 'k8s-app': 'kube-dns' },
  },
];

/** Where the stories play; the control plane may have others beside them. */
export const NAMESPACES: readonly string[] = [...WORKLOADS.map(({ namespace }) => namespace), REPORTS.namespace];

function of(path: string, ...tags: readonly string[]): Pick<Workload, 'labels' | 'images'> {
  const images = tags.map((tag) => `registry.example/${path}:${tag}`);
  return { labels: { app: path.split('/').at(-1) ?? path }, images };
}

const deployment = ({ namespace, name, labels, replicas, maxUnavailable }: Workload, image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace, name, labels },
  spec: {
    replicas,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } },
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name, image }] } },
  },
});

const service = ({ namespace, name, labels }: Workload) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace, name },
  spec: { selector: labels, ports: [{ port: 80 }] },
});

/** Makes namespaces, workloads with their past, and services, and waits until every workload is whole. */
export const prepareCluster = async ({ request }: Pick<ControlPlane, 'request'>): Promise<void> => {
  const create = async (path: string, object: unknown): Promise<void> => {
    const { status, body } = await request('admin', 'POST', path, object);
    assert.ok(status === 201 || status === 409, `POST ${path}: ${status} ${JSON.stringify(body)}`);
  };
  for (const name of ['shop', 'production', REPORTS.namespace])
    await create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  for (const workload of WORKLOADS) {
    const { namespace, name, images } = workload;
    const all = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    await create(`/api/v1/namespaces/${namespace}/services`, service(workload));
    for (const [i, image] of images.entries()) {
      if (i === 0) await create(all, deployment(workload, image));
      else {
        const change = { spec: { template: { spec: { containers: [{ name, image }] } } } };
        const type = 'application/strategic-merge-patch+json';
        assert.equal((await request('admin', 'PATCH', `${all}/${name}`, change, type)).status, 200);
      }
      await whole(request, `${all}/${name}`, workload.replicas);
    }
  }
  await plantOldNode(async (method, path, body) => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    return (await request('admin', method, path, body, type)).body;
  });
};

/** Observed, all updated, all available, none old. */
const whole = async (request: ControlPlane['request'], path: string, replicas: number): Promise<void> => {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const { body } = await request('admin', 'GET', path);
    // as: a Deployment of apps/v1.
    const { metadata, status = {} } = body as {
      readonly metadata: { readonly generation: number };
      readonly status?: { readonly [count: string]: unknown };
    };
    const counts = ['replicas', 'updatedReplicas', 'availableReplicas'].map((count) => status[count]);
    if (status['observedGeneration'] === metadata.generation && counts.every((count) => count === replicas)) return;
    assert.ok(performance.now() < deadline, `${path} is not whole after 30 s: ${JSON.stringify(status)}`);
    await pause(50);
  }
};
