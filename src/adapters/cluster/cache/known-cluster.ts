// What is known of a cluster, found by owner, node, namespace and service.
import type { JsonObject } from '../../../core/model/json.ts';
import type { Resources, Selector } from '../../../core/model/neighbourhood.ts';
import { textAt } from '../json-at.ts';
import { createInternPool, type InternPool } from './intern.ts';
import {
  CLUSTER_SCOPED,
  isMetadataKind,
  isWorkloadKind,
  type KindName,
  METADATA_KINDS,
  type MetadataKind,
  OWNED_KINDS,
  PROTECTED_KINDS,
  type Trimmed,
  trimOf,
  WORKLOAD_KINDS,
  type WorkloadKind,
} from './kinds.ts';
import { indexKeyOf, ObjectIndex, type Watcher } from './object-index.ts';
import type { KnownObject, Labels, OwnedObject, TrimmedPod, TrimmedWorkload } from './trimmed.ts';

/** What the pods on a node ask for together, finished ones excepted. */
export type Load = Resources & { readonly pods: number };
const NO_LOAD: Load = { cpuMillis: 0, memoryBytes: 0, pods: 0 };

const PROTECTED: ReadonlySet<KindName> = new Set(PROTECTED_KINDS);
const NOTHING: readonly string[] = [];
const namespaceOf = ({ namespace }: KnownObject): readonly string[] => (namespace === null ? NOTHING : [namespace]);
const uidOf = ({ uid }: KnownObject): readonly string[] => [uid];
const ownerUid = ({ owner }: TrimmedPod | TrimmedWorkload): readonly string[] =>
  owner === null ? NOTHING : [owner.uid];

/** What has a selector is filed under one label that it asks for; what asks for none certainly, under the namespace. */
const askedLabel = ({ namespace, selector }: KnownObject & { readonly selector: Selector }): readonly string[] => {
  const certain = selector?.find(({ operator, values }) => operator === 'In' && values.length === 1);
  return [certain === undefined ? anyLabel(namespace) : labelIn(namespace, certain.key, certain.values[0] ?? '')];
};
const labelIn = (namespace: string | null, key: string, value: string): string => `${namespace ?? ''} ${key}=${value}`;
const anyLabel = (namespace: string | null): string => `${namespace ?? ''} *`;

/** Where whatever selects a pod with these labels is filed. */
export function askedLabelsOf(namespace: string | null, labels: Labels): readonly string[] {
  return [anyLabel(namespace), ...Object.entries(labels).map(([key, value]) => labelIn(namespace, key, value))];
}

/** An object that has owners and that hard rules protect: by its kind, its mark, or what goes with it. */
export interface Guarded {
  readonly kind: KindName;
  readonly object: OwnedObject;
}
/** A StatefulSet whose claims go with it, whether or not it has become their owner yet. */
const losesClaims = (object: OwnedObject & Partial<TrimmedWorkload>): boolean =>
  object.claimRetention?.whenDeleted === 'Delete';

const NONE_GUARDED: ReadonlyMap<OwnedObject, Guarded> = new Map();

export class KnownCluster {
  readonly #load = new Map<string, Load>();
  /** By namespace, "" for cluster-scoped ones. */
  readonly #guarded = new Map<string, Map<OwnedObject, Guarded>>();
  readonly pods = new ObjectIndex<TrimmedPod, 'owner' | 'node'>(
    { owner: ownerUid, node: ({ node }) => (node === null ? NOTHING : [node]) },
    {
      comes: (pod) => {
        this.#weigh(pod, 1);
        this.#guard('pods', pod);
      },
      goes: (pod) => {
        this.#weigh(pod, -1);
        this.#unguard(pod);
      },
    },
  );
  readonly #workloads = new Map(
    WORKLOAD_KINDS.map((kind) => [
      kind,
      new ObjectIndex<TrimmedWorkload, 'uid' | 'owner'>({ uid: uidOf, owner: ownerUid }, this.#guarding(kind)),
    ]),
  );
  readonly services = new ObjectIndex<Trimmed<'services'>, 'namespace' | 'label'>({
    namespace: namespaceOf,
    label: askedLabel,
  });
  readonly slices = new ObjectIndex<Trimmed<'endpointslices.discovery.k8s.io'>, 'service'>({
    service: ({ namespace, service }) => (service === null ? NOTHING : [`${namespace ?? ''}/${service}`]),
  });
  readonly budgets = new ObjectIndex<Trimmed<'poddisruptionbudgets.policy'>, 'namespace' | 'label'>({
    namespace: namespaceOf,
    label: askedLabel,
  });
  readonly policies = new ObjectIndex<Trimmed<'networkpolicies.networking.k8s.io'>, 'namespace'>({
    namespace: namespaceOf,
  });
  readonly autoscalers = new ObjectIndex<Trimmed<'horizontalpodautoscalers.autoscaling'>, 'target'>({
    target: ({ namespace, target }) => [`${namespace ?? ''}/${target.name}`],
  });
  readonly ingresses = new ObjectIndex<Trimmed<'ingresses.networking.k8s.io'>, 'service'>({
    service: ({ namespace, services }) => services.map((name) => `${namespace ?? ''}/${name}`),
  });
  readonly nodes = new ObjectIndex<Trimmed<'nodes'>, never>({});
  readonly claims = new ObjectIndex<Trimmed<'persistentvolumeclaims'>, never>(
    {},
    this.#guarding('persistentvolumeclaims'),
  );
  readonly volumes = new ObjectIndex<Trimmed<'persistentvolumes'>, never>({}, this.#guarding('persistentvolumes'));
  readonly namespaces = new ObjectIndex<Trimmed<'namespaces'>, never>({}, this.#guarding('namespaces'));
  readonly #metadata = new Map(
    METADATA_KINDS.map((kind) => [kind, new ObjectIndex<OwnedObject, never>({}, this.#guarding(kind))]),
  );
  #pools = new Map<KindName, InternPool>();

  workloads(kind: WorkloadKind): ObjectIndex<TrimmedWorkload, 'uid' | 'owner'> {
    const index = this.#workloads.get(kind);
    if (index === undefined) throw new Error(`no index of ${kind} (this is a bug)`);
    return index;
  }

  metadata(kind: MetadataKind): ObjectIndex<OwnedObject, never> {
    const index = this.#metadata.get(kind);
    if (index === undefined) throw new Error(`no index of ${kind} (this is a bug)`);
    return index;
  }

  /** An object with its owners, where those are kept of its kind. */
  owned(kind: KindName, namespace: string | null, name: string): OwnedObject | null {
    if (!OWNED_KINDS.has(kind)) return null;
    const key = indexKeyOf({ namespace: CLUSTER_SCOPED.has(kind) ? null : namespace, name });
    // as: the kinds above are kept with their owners.
    return this.#indexOf(kind).get(key) as OwnedObject | null;
  }

  /** The guarded objects of a namespace; "" for those of none. */
  guardedIn(namespace: string): Iterable<Guarded> {
    return (this.#guarded.get(namespace) ?? NONE_GUARDED).values();
  }

  /** Namespaces with guarded objects. */
  guardedNamespaces(): Iterable<string> {
    return this.#guarded.keys();
  }

  /** What the pods that are known on this node ask for. */
  loadOf(node: string): Load {
    return this.#load.get(node) ?? NO_LOAD;
  }

  /** Begins to take in a list: its objects come slim page by page, and all at once take the place of what was known. */
  takeIn(kind: KindName): { readonly add: (items: readonly JsonObject[]) => void; readonly finish: () => void } {
    const pool = createInternPool();
    const slim: Trimmed[] = [];
    return {
      add: (items) => {
        for (const item of items) slim.push(trimOf(kind, item, pool));
      },
      finish: () => {
        this.#pools.set(kind, pool);
        this.#indexOf(kind).replace(slim);
      },
    };
  }

  /** How many objects of a kind are known. */
  sizeOf(kind: KindName): number {
    return this.#indexOf(kind).size;
  }

  /** One object as it is now. */
  put(kind: KindName, object: JsonObject): void {
    const pool = this.#pools.get(kind) ?? createInternPool();
    this.#pools.set(kind, pool);
    this.#indexOf(kind).put(trimOf(kind, object, pool));
  }

  /** One object that is gone. */
  drop(kind: KindName, object: JsonObject): void {
    this.#indexOf(kind).drop(
      indexKeyOf({
        namespace: textAt(object, 'metadata', 'namespace'),
        name: textAt(object, 'metadata', 'name') ?? '',
      }),
    );
  }

  #indexOf(kind: KindName): ObjectIndex<Trimmed, string> {
    const indexes = {
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
    const index = isWorkloadKind(kind)
      ? this.workloads(kind)
      : isMetadataKind(kind)
        ? this.metadata(kind)
        : indexes[kind];
    // as: slimOf made the object by the row of this very kind.
    return index as unknown as ObjectIndex<Trimmed, string>;
  }

  #guarding(kind: KindName): Watcher<OwnedObject> {
    return { comes: (object) => this.#guard(kind, object), goes: (object) => this.#unguard(object) };
  }

  #guard(kind: KindName, object: OwnedObject): void {
    if (object.owners.length === 0 || !(object.protected || PROTECTED.has(kind) || losesClaims(object))) return;
    const place = object.namespace ?? '';
    const there = this.#guarded.get(place) ?? new Map<OwnedObject, Guarded>();
    this.#guarded.set(place, there.set(object, { kind, object }));
  }

  #unguard(object: OwnedObject): void {
    if (object.owners.length === 0) return;
    const there = this.#guarded.get(object.namespace ?? '');
    if (there?.delete(object) === true && there.size === 0) this.#guarded.delete(object.namespace ?? '');
  }

  #weigh({ node, finished, requests }: TrimmedPod, sign: 1 | -1): void {
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
