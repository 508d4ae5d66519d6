// A node of its own for the story of a drain, with four pods of one workload on it, a budget, and a second node to go to.
import { setTimeout as pause } from 'node:timers/promises';
import { type Json, type JsonObject, ownValue } from '../../core/model/json.ts';

/** One call of the Kubernetes API as an admin: the body of the answer, whatever its status. */
export type AdminCall = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: Json) => Promise<unknown>;

export const OLD_NODE = 'node-7';
const NEW_NODE = 'node-8';
export const REPORTS = { namespace: 'staging', name: 'reports', replicas: 4 } as const;

/** No other pod comes here, so that the story disturbs nobody and is disturbed by nobody. */
const POOL = 'batch';
const PATIENCE_MS = 30_000;

const node = (name: string): Json => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { pool: POOL, 'kubernetes.io/hostname': name } },
  spec: { taints: [{ key: 'pool', value: POOL, effect: 'NoSchedule' }] },
});

const RESOURCES = { cpu: '8', memory: '32Gi', pods: '110' };
const READY: Json = {
  status: {
    capacity: RESOURCES,
    allocatable: RESOURCES,
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }],
  },
};

const LABELS = { app: REPORTS.name };

const deployment: Json = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: REPORTS.name, labels: LABELS },
  spec: {
    replicas: REPORTS.replicas,
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: {
        nodeSelector: { pool: POOL },
        tolerations: [{ key: 'pool', operator: 'Exists' }],
        containers: [{ name: REPORTS.name, image: 'registry.example/batch/reports:4.2.0' }],
      },
    },
  },
};

const budget: Json = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: REPORTS.name },
  spec: { maxUnavailable: 2, selector: { matchLabels: LABELS } },
};

/** Makes all of it and waits until it is whole. Throws when it does not become so. */
export async function plantOldNode(call: AdminCall): Promise<void> {
  const all = `/apis/apps/v1/namespaces/${REPORTS.namespace}/deployments`;
  const plantNode = async (name: string): Promise<void> => {
    await call('POST', '/api/v1/nodes', node(name));
    await call('PATCH', `/api/v1/nodes/${name}/status`, READY);
  };
  await plantNode(OLD_NODE);
  await call('POST', all, deployment);
  await until(
    async () => countOf(await call('GET', `${all}/${REPORTS.name}`), 'availableReplicas') === REPORTS.replicas,
  );
  const budgets = `/apis/policy/v1/namespaces/${REPORTS.namespace}/poddisruptionbudgets`;
  await call('POST', budgets, budget);
  await until(async () => countOf(await call('GET', `${budgets}/${REPORTS.name}`), 'disruptionsAllowed') === 2);
  await plantNode(NEW_NODE);
}

// as: an object of the Kubernetes API, which has counts in its status.
const countOf = (object: unknown, name: string): unknown =>
  ownValue((object as { readonly status?: JsonObject }).status ?? {}, name);

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await pause(25)) if (await holds()) return;
  throw new Error(`${REPORTS.name} on ${OLD_NODE} is not whole after ${PATIENCE_MS / 1000} s`);
};
