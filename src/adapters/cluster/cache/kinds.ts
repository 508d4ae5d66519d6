// The kinds that questions about a neighbourhood need, one row each. It must never name one whose content is secret.
import type { JsonObject } from '../../../core/model/json.ts';
import { builtInPrefix, collectionPath, type KindRef } from '../resource-path.ts';
import type { Pool } from './intern.ts';
import {
  slimAutoscaler,
  slimBudget,
  slimClaim,
  slimDaemonSet,
  slimIngress,
  slimJob,
  slimNamespace,
  slimNode,
  slimPolicy,
  slimReplicated,
  slimService,
  slimSlice,
  slimVolume,
} from './slim-others.ts';
import { slimPod } from './slim-pod.ts';

/** How an object of each kind is kept, by "resource.group" as facts name kinds. */
const SLIMMERS = {
  pods: slimPod,
  'deployments.apps': slimReplicated,
  'replicasets.apps': slimReplicated,
  'statefulsets.apps': slimReplicated,
  'daemonsets.apps': slimDaemonSet,
  replicationcontrollers: slimReplicated,
  'jobs.batch': slimJob,
  'cronjobs.batch': slimJob,
  services: slimService,
  'endpointslices.discovery.k8s.io': slimSlice,
  'poddisruptionbudgets.policy': slimBudget,
  'networkpolicies.networking.k8s.io': slimPolicy,
  'horizontalpodautoscalers.autoscaling': slimAutoscaler,
  'ingresses.networking.k8s.io': slimIngress,
  nodes: slimNode,
  persistentvolumeclaims: slimClaim,
  persistentvolumes: slimVolume,
  namespaces: slimNamespace,
} as const satisfies { readonly [kind: string]: (object: JsonObject, pool: Pool) => unknown };

export type KindName = keyof typeof SLIMMERS;
export type Slim<K extends KindName = KindName> = ReturnType<(typeof SLIMMERS)[K]>;

// as: the keys of a record over KindName.
export const KIND_NAMES = Object.keys(SLIMMERS) as readonly KindName[];

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

export const isKindName = (name: string): name is KindName => Object.hasOwn(SLIMMERS, name);
export const isWorkloadKind = (name: string): name is WorkloadKind => WORKLOAD_KINDS.some((kind) => kind === name);

// as: TypeScript cannot see that the row of a kind makes the slim object of that kind.
export const slimOf = <K extends KindName>(kind: K, object: JsonObject, pool: Pool): Slim<K> =>
  SLIMMERS[kind](object, pool) as Slim<K>;

/** Kinds that live in no namespace. */
export const CLUSTER_SCOPED: ReadonlySet<KindName> = new Set(['nodes', 'persistentvolumes', 'namespaces']);

/** Group and plural of a kind: {group: "apps", resource: "deployments"}. */
export const partsOf = (kind: KindName): KindRef => {
  const [resource = '', ...group] = kind.split('.');
  return { group: group.join('.'), resource };
};

/** Where the objects of a kind are listed; namespace null: all of them. */
export const listPath = (kind: KindName, namespace: string | null): string => {
  const parts = partsOf(kind);
  const prefix = builtInPrefix(parts);
  if (prefix === null) throw new Error(`${kind} is not built in (this is a bug)`);
  return collectionPath(prefix, parts.resource, namespace);
};
