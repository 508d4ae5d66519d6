// What is known of a cluster, found by owner, node, namespace and service. It must never hold more than the slim objects.
import type { JsonObject } from '../../../core/model/json.ts';
import type { Resources, Selector } from '../../../core/model/neighbourhood.ts';
import { textAt } from '../json-at.ts';
import { newPool, type Pool } from './intern.ts';
import { isWorkloadKind, type KindName, type Slim, slimOf, WORKLOAD_KINDS, type WorkloadKind } from './kinds.ts';
import { keyOf, Shelf } from './object-index.ts';
import type { Known, Labels, SlimPod, SlimWorkload } from './slim.ts';

/** What the pods on a node ask for together, finished ones excepted. */
export type Load = Resources & { readonly pods: number };
const NO_LOAD: Load = { cpuMillis: 0, memoryBytes: 0, pods: 0 };

const NOTHING: readonly string[] = [];
const namespaceOf = ({ namespace }: Known): readonly string[] => (namespace === null ? NOTHING : [namespace]);
const uidOf = ({ uid }: Known): readonly string[] => [uid];
const ownerUid = ({ owner }: SlimPod | SlimWorkload): readonly string[] => (owner === null ? NOTHING : [owner.uid]);

/** What has a selector is filed under one label that it asks for; what asks for none certainly, under the namespace. */
const askedLabel = ({ namespace, selector }: Known & { readonly selector: Selector }): readonly string[] => {
  const certain = selector?.find(({ operator, values }) => operator === 'In' && values.length === 1);
  return [certain === undefined ? anyLabel(namespace) : labelIn(namespace, certain.key, certain.values[0] ?? '')];
};
const labelIn = (namespace: string | null, key: string, value: string): string => `${namespace ?? ''} ${key}=${value}`;
const anyLabel = (namespace: string | null): string => `${namespace ?? ''} *`;

/** Where whatever selects a pod with these labels is filed. */
export const askedLabelsOf = (namespace: string | null, labels: Labels): readonly string[] => [
  anyLabel(namespace),
  ...Object.entries(labels).map(([key, value]) => labelIn(namespace, key, value)),
];

const workloadShelf = () => new Shelf<SlimWorkload, 'uid' | 'owner'>({ uid: uidOf, owner: ownerUid });

export class KnownCluster {
  readonly #load = new Map<string, Load>();
  readonly pods = new Shelf<SlimPod, 'owner' | 'node'>(
    { owner: ownerUid, node: ({ node }) => (node === null ? NOTHING : [node]) },
    { comes: (pod) => this.#weigh(pod, 1), goes: (pod) => this.#weigh(pod, -1) },
  );
  readonly #workloads = new Map(WORKLOAD_KINDS.map((kind) => [kind, workloadShelf()]));
  readonly services = new Shelf<Slim<'services'>, 'namespace' | 'label'>({ namespace: namespaceOf, label: askedLabel });
  readonly slices = new Shelf<Slim<'endpointslices.discovery.k8s.io'>, 'service'>({
    service: ({ namespace, service }) => (service === null ? NOTHING : [`${namespace ?? ''}/${service}`]),
  });
  readonly budgets = new Shelf<Slim<'poddisruptionbudgets.policy'>, 'namespace' | 'label'>({
    namespace: namespaceOf,
    label: askedLabel,
  });
  readonly policies = new Shelf<Slim<'networkpolicies.networking.k8s.io'>, 'namespace'>({ namespace: namespaceOf });
  readonly autoscalers = new Shelf<Slim<'horizontalpodautoscalers.autoscaling'>, 'target'>({
    target: ({ namespace, target }) => [`${namespace ?? ''}/${target.name}`],
  });
  readonly ingresses = new Shelf<Slim<'ingresses.networking.k8s.io'>, 'service'>({
    service: ({ namespace, services }) => services.map((name) => `${namespace ?? ''}/${name}`),
  });
  readonly nodes = new Shelf<Slim<'nodes'>, never>({});
  readonly claims = new Shelf<Slim<'persistentvolumeclaims'>, never>({});
  readonly volumes = new Shelf<Slim<'persistentvolumes'>, never>({});
  readonly namespaces = new Shelf<Slim<'namespaces'>, never>({});
  #pools = new Map<KindName, Pool>();

  workloads(kind: WorkloadKind): Shelf<SlimWorkload, 'uid' | 'owner'> {
    const shelf = this.#workloads.get(kind);
    if (shelf === undefined) throw new Error(`no shelf of ${kind} (this is a bug)`);
    return shelf;
  }

  /** What the pods that are known on this node ask for. */
  loadOf(node: string): Load {
    return this.#load.get(node) ?? NO_LOAD;
  }

  /** Begins to take in a list: its objects come slim page by page, and all at once take the place of what was known. */
  takeIn(kind: KindName): { readonly add: (items: readonly JsonObject[]) => void; readonly finish: () => void } {
    const pool = newPool();
    const slim: Slim[] = [];
    return {
      add: (items) => {
        for (const item of items) slim.push(slimOf(kind, item, pool));
      },
      finish: () => {
        this.#pools.set(kind, pool);
        this.#shelf(kind).replace(slim);
      },
    };
  }

  /** How many objects of a kind are known. */
  sizeOf(kind: KindName): number {
    return this.#shelf(kind).size;
  }

  /** One object as it is now. */
  put(kind: KindName, object: JsonObject): void {
    const pool = this.#pools.get(kind) ?? newPool();
    this.#pools.set(kind, pool);
    this.#shelf(kind).put(slimOf(kind, object, pool));
  }

  /** One object that is gone. */
  drop(kind: KindName, object: JsonObject): void {
    this.#shelf(kind).drop(
      keyOf({ namespace: textAt(object, 'metadata', 'namespace'), name: textAt(object, 'metadata', 'name') ?? '' }),
    );
  }

  #shelf(kind: KindName): Shelf<Slim, string> {
    const shelves = {
      pods: this.pods,
      services: this.services,
      'endpointslices.discovery.k8s.io': this.slices,
      'poddisruptionbudgets.policy': this.budgets,
      'networkpolicies.networking.k8s.io': this.policies,
      'horizontalpodautoscalers.autoscaling': this.autoscalers,
      'ingresses.networking.k8s.io': this.ingresses,
      nodes: this.nodes,
      persistentvolumeclaims: this.claims,
      persistentvolumes: this.volumes,
      namespaces: this.namespaces,
    };
    const shelf = isWorkloadKind(kind) ? this.workloads(kind) : shelves[kind];
    // as: slimOf made the object by the row of this very kind.
    return shelf as unknown as Shelf<Slim, string>;
  }

  #weigh({ node, finished, requests }: SlimPod, sign: 1 | -1): void {
    if (node === null || finished) return;
    const load = this.loadOf(node);
    const pods = load.pods + sign;
    if (pods === 0) this.#load.delete(node);
    else {
      this.#load.set(node, {
        cpuMillis: load.cpuMillis + sign * requests.cpuMillis,
        memoryBytes: load.memoryBytes + sign * requests.memoryBytes,
        pods,
      });
    }
  }
}
