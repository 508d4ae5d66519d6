// A namespace of a scenario's own in some cluster, and what people other than the gate do there.
// It waits for what the cluster shows, never for time to pass.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One API call as an admin. */
export type Call = (method: string, path: string, body?: unknown, contentType?: string) => Promise<ApiAnswer>;

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

const RESOURCES = {
  ClusterRole: 'clusterroles',
  ConfigMap: 'configmaps',
  CustomResourceDefinition: 'customresourcedefinitions',
  DaemonSet: 'daemonsets',
  Deployment: 'deployments',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers',
  Job: 'jobs',
  Namespace: 'namespaces',
  NetworkPolicy: 'networkpolicies',
  Node: 'nodes',
  PersistentVolume: 'persistentvolumes',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  Pod: 'pods',
  PodDisruptionBudget: 'poddisruptionbudgets',
  ReplicaSet: 'replicasets',
  Service: 'services',
  StatefulSet: 'statefulsets',
} as const;
export type Kind = keyof typeof RESOURCES;

const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'ClusterRole',
  'CustomResourceDefinition',
  'Namespace',
  'Node',
  'PersistentVolume',
]);
const VERSIONS: { readonly [K in Kind]?: string } = {
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  DaemonSet: 'apps/v1',
  Deployment: 'apps/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  Job: 'batch/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  PodDisruptionBudget: 'policy/v1',
  ReplicaSet: 'apps/v1',
  StatefulSet: 'apps/v1',
};
export const versionOf = (kind: Kind): string => VERSIONS[kind] ?? 'v1';

const PATIENCE_MS = 90_000;

/** Makes an object as this field manager, which then holds at least these fields, written as reasons name them. */
export type MakeAs = (path: string, manager: string, object: Manifest, fields: readonly string[]) => Promise<ApiAnswer>;

export class Scene {
  readonly call: Call;
  readonly namespace: string;
  /** Where it keeps the files of its commands. */
  readonly #folder: string;
  readonly #makeAs: MakeAs;

  constructor(call: Call, namespace: string, makeAs: MakeAs, folder: string) {
    this.call = call;
    this.namespace = namespace;
    this.#makeAs = makeAs;
    this.#folder = folder;
  }

  async open(): Promise<void> {
    await this.make('Namespace', { metadata: { name: this.namespace } });
    await this.until('the service account', async () => {
      const { status } = await this.call('GET', `/api/v1/namespaces/${this.namespace}/serviceaccounts/default`);
      return status === 200;
    });
  }

  path(kind: Kind, name: string | null): string {
    const version = versionOf(kind);
    const prefix = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
    const where = CLUSTER_SCOPED.has(kind) ? '' : `/namespaces/${this.namespace}`;
    return `${prefix}${where}/${RESOURCES[kind]}${name === null ? '' : `/${name}`}`;
  }

  async ask(method: string, path: string, body?: unknown, contentType?: string): Promise<Any> {
    const answer = await this.call(method, path, body, contentType);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  make(kind: Kind, object: object, query = ''): Promise<Any> {
    return this.ask('POST', `${this.path(kind, null)}${query}`, { apiVersion: versionOf(kind), kind, ...object });
  }

  async makeAs(manager: string, kind: Kind, object: object, fields: readonly string[]): Promise<void> {
    const manifest = { apiVersion: versionOf(kind), kind, ...object } as Manifest;
    const answer = await this.#makeAs(this.path(kind, null), manager, manifest, fields);
    assert.ok(answer.status < 300, `${kind} as ${manager}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** Writes a manifest of an object to a file and answers its path. */
  file(kind: Kind, object: object): string {
    const path = join(this.#folder, `${this.namespace}.yaml`);
    writeFileSync(path, JSON.stringify({ apiVersion: versionOf(kind), kind, ...object }));
    return path;
  }

  read(kind: Kind, name: string): Promise<Any> {
    return this.ask('GET', this.path(kind, name));
  }

  /** null in the body removes a field. */
  patch(kind: Kind, name: string, body: object, subresource = ''): Promise<Any> {
    return this.ask('PATCH', `${this.path(kind, name)}${subresource}`, body, 'application/merge-patch+json');
  }

  /** Deletes and waits until it is gone. */
  async remove(kind: Kind, name: string, options: object = {}): Promise<void> {
    await this.ask('DELETE', this.path(kind, name), options);
    await this.until(`${kind} ${name} gone`, async () => {
      const { status } = await this.call('GET', this.path(kind, name));
      return status === 404;
    });
  }

  async until<T>(what: string, look: () => Promise<T | null | false>): Promise<T> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      if (found !== null && found !== false) return found;
      assert.ok(performance.now() < end, `${this.namespace}: ${what} not within ${PATIENCE_MS / 1000} s`);
      await pause(30);
    }
  }

  /** Every replica is there, new, and as ready as `ready` says (all of them by default). */
  whole(kind: 'Deployment' | 'StatefulSet' | 'ReplicaSet', name: string, ready: number | null = null): Promise<Any> {
    return this.until(`${kind} ${name} whole`, async () => {
      const { metadata, spec, status = {} } = await this.read(kind, name);
      const updated = kind === 'ReplicaSet' ? status.replicas : status.updatedReplicas;
      const counts = [status.replicas, updated].map((count) => count ?? 0);
      const observed = (status.observedGeneration ?? 0) >= metadata.generation;
      const there = counts.every((count) => count === spec.replicas);
      // Pods that are on their way out are in no count, and still in every list.
      const quiet = (await this.pods(spec.selector.matchLabels, 'leaving too')).length === spec.replicas;
      return observed && there && quiet && (status.readyReplicas ?? 0) === (ready ?? spec.replicas);
    });
  }

  /** Names of the pods with these labels. */
  async pods(labels: { readonly [key: string]: string }, which: 'staying' | 'leaving too'): Promise<readonly string[]> {
    const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const { items } = await this.ask('GET', `${this.path('Pod', null)}?labelSelector=${selector.join(',')}`);
    return items
      .filter(({ metadata }: Any) => which === 'leaving too' || metadata.deletionTimestamp === undefined)
      .map(({ metadata }: Any) => metadata.name);
  }

  /** The name of one pod with the label `app`; the first by name. */
  async podOf(app: string): Promise<string> {
    const [name] = [...(await this.pods({ app }, 'staying'))].sort();
    assert.ok(name !== undefined, `${this.namespace}: no pod of ${app}`);
    return name;
  }

  /** Says of a pod that it is ready, or that it is not, as its kubelet would. */
  async readiness(name: string, status: 'True' | 'False'): Promise<void> {
    const conditions = ['Ready', 'ContainersReady'].map((type) => ({ type, status }));
    await this.patch('Pod', name, { status: { conditions } }, '/status');
  }

  podReady(name: string): Promise<Any> {
    return this.until(`pod ${name} ready`, async () => {
      const { status = {} } = await this.read('Pod', name);
      return status.conditions?.some((one: Any) => one.type === 'Ready' && one.status === 'True') === true;
    });
  }

  /** A Deployment with the label app, its pods ready. `more` goes into its spec. */
  async deploy(name: string, replicas: number, more: object = {}): Promise<void> {
    await this.make('Deployment', deployment(name, replicas, more));
    await this.whole('Deployment', name);
  }

  async scale(name: string, replicas: number): Promise<void> {
    await this.patch('Deployment', name, { spec: { replicas } });
    await this.whole('Deployment', name);
  }

  /** A Service that selects the label app, with so many ready endpoints. */
  async serve(name: string, selector: object, ready: number): Promise<void> {
    await this.make('Service', { metadata: { name }, spec: { selector, ports: [{ port: 80 }] } });
    await this.endpoints(name, ready);
  }

  endpoints(service: string, ready: number): Promise<Any> {
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${this.namespace}/endpointslices`;
    return this.until(`${ready} endpoints of ${service}`, async () => {
      const { items } = await this.ask('GET', `${slices}?labelSelector=kubernetes.io/service-name=${service}`);
      const all = items.flatMap(({ endpoints }: Any) => endpoints ?? []);
      return all.filter(({ conditions }: Any) => conditions.ready === true).length === ready;
    });
  }

  /** A PodDisruptionBudget over the label app, its status worked out. */
  async budget(name: string, app: string, minAvailable: number, allowed: number): Promise<void> {
    await this.make('PodDisruptionBudget', {
      metadata: { name },
      spec: { minAvailable, selector: { matchLabels: { app } } },
    });
    await this.until(`budget ${name}`, async () => {
      const { metadata, status = {} } = await this.read('PodDisruptionBudget', name);
      return status.observedGeneration === metadata.generation && status.disruptionsAllowed === allowed;
    });
  }

  async govern(name: string, target: string, min: number, max: number): Promise<void> {
    await this.make('HorizontalPodAutoscaler', {
      metadata: { name },
      spec: {
        minReplicas: min,
        maxReplicas: max,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target },
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
      },
    });
  }

  /** A ready node that only pods which ask for it may use, with 16 CPUs. */
  async node(name: string): Promise<void> {
    const labels = { 'kubernetes.io/hostname': name, pool: this.namespace };
    const taints = [{ key: 'pool', value: this.namespace, effect: 'NoSchedule' }];
    await this.make('Node', { metadata: { name, labels }, spec: { taints } });
    await this.until(`node ${name}`, async () => {
      const { spec, status = {} } = await this.read('Node', name);
      const isReady = status.conditions?.some((one: Any) => one.type === 'Ready' && one.status === 'True') === true;
      if (isReady) return (spec.taints ?? []).length === 1;
      const resources = { cpu: '16', memory: '64Gi', pods: '110' };
      const conditions = [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'made by a test' }];
      const addresses = [{ type: 'InternalIP', address: '192.0.2.77' }];
      const said = { capacity: resources, allocatable: resources, addresses, conditions };
      await this.patch('Node', name, { status: said }, '/status');
      return false;
    });
  }
}

export const template = (app: string, spec: object = {}) => ({
  metadata: { labels: { app } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'web', image: 'registry.example/web:1' }],
    ...spec,
  },
});

export const deployment = (name: string, replicas: number, more: object = {}) => ({
  metadata: { name, labels: { app: name } },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name), ...more },
});

/** Pods for the scenario's own nodes, each of so many CPUs. */
export const pooled = (scene: Scene, app: string, cpu: string, where: object = {}) => ({
  template: template(app, {
    nodeSelector: { pool: scene.namespace, ...where },
    tolerations: [{ key: 'pool', operator: 'Exists' }],
    containers: [{ name: 'web', image: 'registry.example/web:1', resources: { requests: { cpu } } }],
  }),
});
