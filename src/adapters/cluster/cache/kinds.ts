// The kinds that questions about a neighbourhood need, one row each.
import type { JsonObject } from '../../../core/model/json.ts';
import { builtInPrefix, collectionPath, type KindRef } from '../resource-path.ts';
import type { InternPool } from './intern.ts';
import {
  trimAutoscaler,
  trimBudget,
  trimClaim,
  trimDaemonSet,
  trimIngress,
  trimJob,
  trimNamespace,
  trimNode,
  trimPolicy,
  trimReplicated,
  trimService,
  trimSlice,
  trimVolume,
} from './trim-others.ts';
import { trimPod } from './trim-pod.ts';

/** How an object of each kind is kept, by "resource.group" as facts name kinds. */
const TRIMMERS = {
  pods: trimPod,
  'deployments.apps': trimReplicated,
  'replicasets.apps': trimReplicated,
  'statefulsets.apps': trimReplicated,
  'daemonsets.apps': trimDaemonSet,
  replicationcontrollers: trimReplicated,
  'jobs.batch': trimJob,
  'cronjobs.batch': trimJob,
  services: trimService,
  'endpointslices.discovery.k8s.io': trimSlice,
  'poddisruptionbudgets.policy': trimBudget,
  'networkpolicies.networking.k8s.io': trimPolicy,
  'horizontalpodautoscalers.autoscaling': trimAutoscaler,
  'ingresses.networking.k8s.io': trimIngress,
  nodes: trimNode,
  persistentvolumeclaims: trimClaim,
  persistentvolumes: trimVolume,
  namespaces: trimNamespace,
} as const satisfies { readonly [kind: string]: (object: JsonObject, pool: InternPool) => unknown };

export type KindName = keyof typeof TRIMMERS;
export type Trimmed<K extends KindName = KindName> = ReturnType<(typeof TRIMMERS)[K]>;

// as: the keys of a record over KindName.
export const KIND_NAMES = Object.keys(TRIMMERS) as readonly KindName[];

/** What pods belong to. */
export const WORKLOAD_KINDS = [
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicationcontrollers',
  'jobs.batch',
  'cronjobs.batch',
] as const satisfies readonly KindName[];
export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

export function isKindName(name: string): name is KindName {
  return Object.hasOwn(TRIMMERS, name);
}
export function isWorkloadKind(name: string): name is WorkloadKind {
  return WORKLOAD_KINDS.some((kind) => kind === name);
}

// as: TypeScript cannot see that the row of a kind makes the slim object of that kind.
export function trimOf<K extends KindName>(kind: K, object: JsonObject, pool: InternPool): Trimmed<K> {
  return TRIMMERS[kind](object, pool) as Trimmed<K>;
}

/** Kinds that live in no namespace. */
export const CLUSTER_SCOPED: ReadonlySet<KindName> = new Set(['nodes', 'persistentvolumes', 'namespaces']);

/** Group and plural of a kind: {group: "apps", resource: "deployments"}. */
export function partsOf(kind: KindName): KindRef {
  const [resource = '', ...group] = kind.split('.');
  return { group: group.join('.'), resource };
}

/** Where the objects of a kind are listed; namespace null: all of them. */
export function listPath(kind: KindName, namespace: string | null): string {
  const parts = partsOf(kind);
  const prefix = builtInPrefix(parts);
  if (prefix === null) throw new Error(`${kind} is not built in (this is a bug)`);
  return collectionPath(prefix, parts.resource, namespace);
}
