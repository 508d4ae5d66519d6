// The neighbours of the objects that an action touches: the part of a cluster that judging, sealing and showing need.

import { ownValue } from './json.ts';
import type { ObjectKey } from './object-ref.ts';

/** One term of a label selector; matchLabels are `In` with one value (Kubernetes API, LabelSelectorRequirement). */
export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /** Empty for Exists and DoesNotExist. */
  readonly values: readonly string[];
}

/** All terms must hold: [] selects everything, null nothing (a Service without selector). */
export type Selector = readonly Requirement[] | null;

/** Whether labels meet one term (Kubernetes API: an absent key meets NotIn). */
export function isMet(requirement: Requirement, labels: { readonly [key: string]: string }): boolean {
  return isMetBy(requirement, ownValue(labels, requirement.key));
}

/** The same of the one value that it asks about; undefined: there is none. */
export function isMetBy({ operator, values }: Omit<Requirement, 'key'>, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return operator satisfies never;
  }
}

/** What pods ask for and nodes have left. */
export interface Resources {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

export interface PodFact {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  /**
   * Key of the controller that brings it back: "replicasets.apps shop/web-5d8f"; "nodes n1" for a static pod. null: none
   * does, also where the owner that it names is gone.
   */
  readonly controller: ObjectKey | null;
  /** The outermost workload that it belongs to: "deployments.apps shop/web"; its controller where nothing owns that. */
  readonly workload: ObjectKey | null;
  /** null: not scheduled. */
  readonly node: string | null;
  /** Condition Ready, and not being deleted already. */
  readonly ready: boolean;
  /** Phase Succeeded or Failed: nothing of it runs. */
  readonly finished: boolean;
  /** PersistentVolumeClaims that it mounts, by name, of its own namespace. */
  readonly claims: readonly string[];
  /** Sum of its containers' requests, as the scheduler counts them. */
  readonly requests: Resources;
  /** Other nodes that its node selector, required affinity and tolerations admit; null: every one. Asked for drains. */
  readonly admittedBy: readonly string[] | null;
}

/** How a workload replaces its pods when its template changes. */
export interface Rollout {
  readonly type: 'RollingUpdate' | 'Recreate' | 'OnDelete';
  /** As the object has it: 1, "25%"; null where the kind's default holds. */
  readonly maxUnavailable: number | string | null;
  readonly maxSurge: number | string | null;
}

/** What a StatefulSet does with the claims of pods that it no longer has (spec.persistentVolumeClaimRetentionPolicy). */
export interface ClaimRetention {
  readonly whenDeleted: 'Retain' | 'Delete';
  readonly whenScaled: 'Retain' | 'Delete';
}

/** A Deployment, ReplicaSet, StatefulSet, DaemonSet, ReplicationController, Job or CronJob. */
export interface WorkloadFact {
  readonly key: ObjectKey;
  readonly uid: string;
  /** Key of its own controller: the Deployment of a ReplicaSet; null: none. */
  readonly controller: ObjectKey | null;
  /** spec.replicas; for a DaemonSet the number of nodes that should run it; null for Jobs and CronJobs. */
  readonly replicas: number | null;
  /** Pods of it that are not finished, those outside of `pods` included; of a Deployment those of all its ReplicaSets. */
  readonly pods: number;
  /** Ready ones among them. */
  readonly ready: number;
  /** null for kinds that do not roll out. */
  readonly rollout: Rollout | null;
  readonly paused: boolean;
  /** null: it retains all claims, or makes none. */
  readonly claimRetention: ClaimRetention | null;
  /** Nodes that admit its pods once the effects are done: selector, affinity, tolerations, requests; null: not asked. */
  readonly admittedAfter: readonly string[] | null;
}

export interface ServiceFact {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly selector: Selector;
  /** Its ready endpoints in all its EndpointSlices: each pod once, and each address that names no pod. */
  readonly ready: number;
  /** uids of those of `pods` that are ready endpoints of it. */
  readonly pods: readonly string[];
}

/** A PodDisruptionBudget. */
export interface BudgetFact {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly selector: Selector;
  /** status.disruptionsAllowed; 0 where the status is not of the current generation. */
  readonly disruptionsAllowed: number;
  /** Even with every pod healthy it would allow none; left out where it would, or where that is not known. */
  readonly neverAllows?: true;
  /** What it asks for follows the number of replicas: a percentage, or maxUnavailable. A fixed minAvailable does not. */
  readonly follows: 'replicas' | 'nothing';
  /** uids of those of `pods` that it selects. */
  readonly pods: readonly string[];
}

/** A NetworkPolicy, by what it selects. */
export interface PolicyFact {
  readonly namespace: string;
  readonly name: string;
  readonly selector: Selector;
}

/** A HorizontalPodAutoscaler. */
export interface AutoscalerFact {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The workload that it scales. */
  readonly target: ObjectKey;
  /** spec.minReplicas, 1 where it is not set. */
  readonly min: number;
  readonly max: number;
}

export interface NodeFact {
  readonly name: string;
  readonly uid: string;
  /** Ready, and neither cordoned nor being deleted: new pods may come. */
  readonly schedulable: boolean;
  /** Allocatable less the requests of the pods on it. */
  readonly free: Resources & { readonly pods: number };
}

/** An Ingress, or a route of a Gateway. */
export interface IngressFact {
  readonly key: ObjectKey;
  readonly namespace: string;
  readonly uid: string;
  /** Services that it sends to, by name, of its own namespace. */
  readonly services: readonly string[];
}

export interface ClaimFact {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The PersistentVolume that it is bound to. */
  readonly volume: string | null;
}

/** An object that the garbage collector deletes once its last owner is gone (metadata.ownerReferences). */
export interface DependentFact {
  readonly key: ObjectKey;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly uid: string;
  /** Keys of those of its owners that exist. */
  readonly owners: readonly ObjectKey[];
  /** Annotated blastgate.io/protected: "true" on the object itself. */
  readonly protected: boolean;
}

/** Fields of an object that Argo CD or Flux holds, by metadata.managedFields. */
export interface HeldFact {
  readonly object: ObjectKey;
  /** As managedFields name it: "argocd-controller", "kustomize-controller", "helm-controller". */
  readonly manager: string;
  /** "spec.replicas", "spec.template.spec.containers.web.image", "metadata.labels.app"; keyed lists by their key's value. */
  readonly fields: readonly string[];
}

export interface NamespaceFact {
  readonly name: string;
  /** Value of the label blastgate.io/environment; null: not labelled. */
  readonly environment: string | null;
}

/**
 * The neighbours of the effects; every list sorted by namespace and name. What belongs in:
 * pods: those targeted, those of targeted workloads, those on nodes that are drained, deleted or tainted NoExecute.
 * workloads: the targeted ones, controllers and workloads of the pods. services, budgets: those that select one of the
 * pods (and targeted services); autoscalers: of the workloads, and targeted ones with their workloads; ingresses: of the
 * services; claims: of the pods; policies (and all services and budgets) of the namespace: where labels of pods change.
 * nodes: those of the pods; all schedulable ones where pods are evicted. held: of the targets. namespaces: of the effects.
 * dependents: objects that hard rules protect and that have a target or a pod above them, and what stands between; not the claim
 * of a pod's own ephemeral volume.
 */
export interface Neighbourhood {
  readonly pods: readonly PodFact[];
  readonly workloads: readonly WorkloadFact[];
  readonly services: readonly ServiceFact[];
  readonly budgets: readonly BudgetFact[];
  readonly policies: readonly PolicyFact[];
  readonly autoscalers: readonly AutoscalerFact[];
  readonly nodes: readonly NodeFact[];
  readonly ingresses: readonly IngressFact[];
  readonly claims: readonly ClaimFact[];
  readonly held: readonly HeldFact[];
  readonly dependents: readonly DependentFact[];
  readonly namespaces: readonly NamespaceFact[];
  /** Age of the oldest knowledge in it; null: nothing was asked. Beyond the reader's limit it stands in `missing`, too-old. */
  readonly ageSeconds: number | null;
}

/** Nothing was asked for. */
export const NO_NEIGHBOURS: Neighbourhood = {
  pods: [],
  workloads: [],
  services: [],
  budgets: [],
  policies: [],
  autoscalers: [],
  nodes: [],
  ingresses: [],
  claims: [],
  held: [],
  dependents: [],
  namespaces: [],
  ageSeconds: null,
};
