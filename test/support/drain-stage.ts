// Nodes of one test alone, and pods on them: what a drain is tried on. For tests only.
import { setTimeout as pause } from 'node:timers/promises';
import type { WriteProgress } from '../../src/ports/cluster-writer.ts';
import { type Neighbourhood, until } from './cluster-under-test.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

const RESOURCES = { cpu: '32', memory: '64Gi', pods: '500' };
const CONDITIONS = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((type) => ({
  type,
  status: type === 'Ready' ? 'True' : 'False',
  reason: 'Test',
  message: '',
  lastHeartbeatTime: '2026-01-01T00:00:00Z',
  lastTransitionTime: '2026-01-01T00:00:00Z',
}));

/** A pool of nodes that take only pods which ask for it. */
export class DrainStage {
  readonly shop: Neighbourhood;
  readonly pool: string;

  constructor(shop: Neighbourhood, pool: string) {
    this.shop = shop;
    this.pool = pool;
  }

  nodeName(which: string): string {
    return `${this.pool}-${which}`;
  }

  /** Ready for pods. */
  async node(which: string, more: { readonly [label: string]: string } = {}): Promise<string> {
    const name = this.nodeName(which);
    const labels = { pool: this.pool, 'kubernetes.io/hostname': name, ...more };
    await this.shop.ask('POST', '/api/v1/nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels },
      spec: {},
    });
    const status = { capacity: RESOURCES, allocatable: RESOURCES, conditions: CONDITIONS };
    await this.shop.ask('PATCH', `/api/v1/nodes/${name}/status`, { status }, 'application/merge-patch+json');
    await until(`node ${name} ready`, async () => {
      const { spec, status: now } = await this.readNode(which);
      return (
        (spec.taints ?? []).length === 0 &&
        now.conditions?.some((one: Any) => one.type === 'Ready' && one.status === 'True')
      );
    });
    return name;
  }

  readNode(which: string): Promise<Any> {
    return this.shop.ask('GET', `/api/v1/nodes/${this.nodeName(which)}`);
  }

  async isCordoned(which: string): Promise<boolean> {
    return (await this.readNode(which)).spec.unschedulable === true;
  }

  async setCordoned(which: string, unschedulable: boolean): Promise<void> {
    const path = `/api/v1/nodes/${this.nodeName(which)}`;
    await this.shop.ask('PATCH', path, { spec: { unschedulable } }, 'application/merge-patch+json');
  }

  /** A workload whose pods ask for this pool, rolled out. */
  async workload(kind: 'Deployment' | 'StatefulSet' | 'DaemonSet', name: string, replicas: number, spec: Any = {}) {
    const labels = { app: name, group: `${name}-group` };
    const template = {
      metadata: { labels },
      spec: {
        nodeSelector: { pool: this.pool },
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'web', image: 'web:1' }],
        ...spec,
      },
    };
    await this.shop.deploy({ kind, name, image: 'web:1', replicas, spec: { template } });
  }

  async budget(name: string, spec: object): Promise<void> {
    const { namespace } = this.shop;
    const path = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
    const selector = { matchLabels: { app: name } };
    await this.shop.ask('POST', path, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name },
      spec: { selector, ...spec },
    });
    await until(`the budget ${name}`, async () => {
      const { status } = await this.shop.ask('GET', `${path}/${name}`);
      return (status?.observedGeneration ?? 0) > 0 && (status.expectedPods ?? 0) > 0;
    });
  }

  async loosen(name: string): Promise<void> {
    const path = `/apis/policy/v1/namespaces/${this.shop.namespace}/poddisruptionbudgets/${name}`;
    await this.shop.ask('PATCH', path, { spec: { maxUnavailable: 5 } }, 'application/merge-patch+json');
  }

  /** uids by name of the pods of this namespace that are on a node and not on their way out. */
  async podsOn(which: string): Promise<ReadonlyMap<string, string>> {
    const path = `/api/v1/namespaces/${this.shop.namespace}/pods`;
    const list = await this.shop.ask('GET', `${path}?fieldSelector=spec.nodeName%3D${this.nodeName(which)}`);
    const staying = list.items.filter((pod: Any) => pod.metadata.deletionTimestamp === undefined);
    return new Map(staying.map((pod: Any) => [pod.metadata.name, pod.metadata.uid]));
  }
}

/** Hears how far a write has come, and ends it when told. */
export const listening = () => {
  const heard: WriteProgress[] = [];
  const ending = new AbortController();
  return {
    heard,
    end: () => ending.abort(),
    control: { progressed: (progress: WriteProgress): void => void heard.push(progress), stop: ending.signal },
    until: async (holds: (last: WriteProgress) => boolean): Promise<void> => {
      for (const end = Date.now() + 60_000; Date.now() < end; ) {
        const last = heard.at(-1);
        if (last !== undefined && holds(last)) return;
        await pause(20);
      }
      throw new Error(`not heard within 60 s: ${JSON.stringify(heard.at(-1))}`);
    },
  };
};
