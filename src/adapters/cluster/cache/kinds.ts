// The kinds that questions about a neighbourhood need, one row each.
import type { JsonObject } from '../../../core/model/json.ts';
import type { ObjectForm } from '../client.ts';
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
  trimOwned,
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
  'clusterroles.rbac.authorization.k8s.io': trimOwned,
  'customresourcedefinitions.apiextensions.k8s.io': trimOwned,
  'apiservices.apiregistration.k8s.io': trimOwned,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': trimOwned,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': trimOwned,
  'mutatingadmissionpolicies.admissionregistration.k8s.io': trimOwned,
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': trimOwned,
  'validatingadmissionpolicies.admissionregistration.k8s.io': trimOwned,
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': trimOwned,
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

/** Kinds of which only the metadata is read, since nothing asks for the rest: a CRD alone may have megabytes. */
export const METADATA_KINDS = [
  'clusterroles.rbac.authorization.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'apiservices.apiregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
] as const satisfies readonly KindName[];
export type MetadataKind = (typeof METADATA_KINDS)[number];

export function isMetadataKind(kind: KindName): kind is MetadataKind {
  return METADATA_KINDS.some((one) => one === kind);
}

/** In which form a kind is asked for. */
export function formOf(kind: KindName): ObjectForm {
  return isMetadataKind(kind) ? 'metadata' : 'object';
}

/** Kinds that live in no namespace. */
export const CLUSTER_SCOPED: ReadonlySet<KindName> = new Set<KindName>([
  'nodes',
  'persistentvolumes',
  'namespaces',
  ...METADATA_KINDS,
]);

/** Kinds whose deletion hard rules block (scoring section 7). */
export const PROTECTED_KINDS: readonly KindName[] = [
  'persistentvolumeclaims',
  'persistentvolumes',
  'namespaces',
  ...METADATA_KINDS,
];

/** Kinds whose owners are kept. */
export const OWNED_KINDS: ReadonlySet<KindName> = new Set<KindName>(['pods', ...WORKLOAD_KINDS, ...PROTECTED_KINDS]);

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
