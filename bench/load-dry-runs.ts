// Proposals with live facts, with and without dry runs, beside the dry runs of the same API server without a gate: over the sandbox
// cluster, and over a real control plane where one is built.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ClusterRequest, getJson, openCluster } from '../src/adapters/cluster/client.ts';
import { isObject, type JsonObject } from '../src/core/model/json.ts';
import { areBuilt } from '../test/servers/build.ts';
import { type ControlPlane, startControlPlane } from '../test/servers/kubernetes.ts';
import { type Asked, closeClients, type Rate, rateOf, rateOfWork } from './load-clients.ts';
import { type BenchGate, startGate } from './load-peers.ts';
import { humanProposal, untriedProposal } from './load-requests.ts';
import { rounded, table } from './timing.ts';

const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl', 'kwok'] as const;
const CLIENTS = [1, 10, 50] as const;
const [WARM_UP_MS, ROUND_MS] = [5_000, 4_000];
const NAMESPACE = '/api/v1/namespaces';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/production/deployments';
const WEB = `${DEPLOYMENTS}/web`;
const never = new AbortController().signal;

interface Load extends Rate {
  /** Milliseconds of the gate's processor for each, all its threads; null: no gate. */
  readonly cpuMs: number | null;
}

const cell = ({ perSecond, p50, p99, cpuMs }: Load): string =>
  [perSecond, p50, p99, ...(cpuMs === null ? [] : [cpuMs])].map((value) => rounded(value)).join(' · ');

const proposals = async (gate: BenchGate, make: (gate: BenchGate) => Asked): Promise<readonly string[]> => {
  await rateOf({ clients: 10, ms: WARM_UP_MS, expected: 201 }, () => make(gate));
  const cells: string[] = [];
  for (const clients of CLIENTS) {
    const before = await gate.usage();
    const rate = await rateOf({ clients, ms: ROUND_MS, expected: 201 }, () => make(gate));
    const after = await gate.usage();
    cells.push(cell({ ...rate, cpuMs: (after.cpuMs - before.cpuMs) / rate.count }));
  }
  return cells;
};

/** The dry run that a proposal to scale sends, by the same client: bound to the version that stands there. */
const dryRuns = async (kubeconfig: string): Promise<readonly string[]> => {
  const client = await openCluster({ kubeconfig, serviceHost: null });
  const { metadata } = await client.send(getJson(WEB), never);
  const { uid = null, resourceVersion = null } = isObject(metadata) ? metadata : {};
  const value = { metadata: { uid, resourceVersion }, spec: { replicas: 5 } };
  const request: ClusterRequest = {
    method: 'PATCH',
    path: `${WEB}/scale`,
    query: { fieldManager: 'blastgate', dryRun: 'All' },
    body: { type: 'application/merge-patch+json', value },
  };
  const send = async (): Promise<void> => void (await client.send(request, never));
  await rateOfWork({ clients: 10, ms: WARM_UP_MS / 2 }, send);
  const cells: string[] = [];
  for (const clients of CLIENTS)
    cells.push(cell({ ...(await rateOfWork({ clients, ms: ROUND_MS }, send)), cpuMs: null }));
  return cells;
};

const rowsOf = async (name: string, folder: string, kubeconfig: string): Promise<readonly (readonly string[])[]> => {
  mkdirSync(folder);
  const gate = await startGate(folder, kubeconfig);
  try {
    return [
      [name, 'proposals, no dry run', ...(await proposals(gate, untriedProposal))],
      [name, 'proposals, two dry runs', ...(await proposals(gate, humanProposal))],
      [name, 'dry runs alone', ...(await dryRuns(kubeconfig))],
    ];
  } finally {
    closeClients();
    await gate.stop();
  }
};

const made = async (plane: ControlPlane, path: string, body: JsonObject): Promise<void> => {
  const { status, body: answer } = await plane.request('admin', 'POST', path, body);
  if (status !== 201) throw new Error(`POST ${path}: ${status} ${JSON.stringify(answer).slice(0, 300)}`);
};

const PATIENCE_MS = 60_000;

/** The Deployment that the proposals are about, once its pods are there. */
const prepare = async (plane: ControlPlane): Promise<void> => {
  const labels = { app: 'web' };
  await made(plane, NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'production' } });
  await made(plane, DEPLOYMENTS, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'registry.example/web:1' }] } },
    },
  });
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const { body } = await plane.request('admin', 'GET', WEB);
    const { status } = body as {
      readonly status?: { readonly readyReplicas?: number; readonly updatedReplicas?: number };
    };
    if (status?.readyReplicas === 3) return;
    if (performance.now() > until) throw new Error('the pods of the real control plane do not become ready');
    await new Promise((done) => setTimeout(done, 200));
  }
};

const realRows = async (folder: string): Promise<readonly (readonly string[])[]> => {
  if (!areBuilt(PROGRAMS))
    return [['API server', 'left out: not built (`npm run servers:build`)', ...CLIENTS.map(() => '')]];
  const plane = await startControlPlane();
  try {
    await prepare(plane);
    return await rowsOf('API server', folder, plane.kubeconfigPath('gate'));
  } finally {
    await plane.stop();
  }
};

/** A table: a second, p50 and p99 in ms, and where there is a gate the ms of its processor for each. */
export const dryRunTable = async (folder: string, sandbox: string): Promise<string> => {
  const rows = [
    ...(await rowsOf('sandbox', join(folder, 'beside-sandbox'), sandbox)),
    ...(await realRows(join(folder, 'beside-api-server'))),
  ];
  return table(
    ['cluster', 'asked', ...CLIENTS.map((clients) => `${clients} ${clients === 1 ? 'client' : 'clients'}`)],
    rows,
  );
};
