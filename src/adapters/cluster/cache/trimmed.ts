// What is kept of each object of a cluster: the fields that questions need, nothing else.
import type { BudgetFact, ClaimRetention, Resources, Rollout, Selector } from '../../../core/model/neighbourhood.ts';

/** One of metadata.ownerReferences; in the namespace of what it owns, or of none. */
export interface Owner {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  /** At most one of an object's owners is: it brings the object back. */
  readonly controller: boolean;
}

export interface KnownObject {
  readonly uid: string;
  readonly version: string;
  readonly namespace: string | null;
  readonly name: string;
}

/** An object that the garbage collector may take, and whether people have marked it. */
export interface OwnedObject extends KnownObject {
  readonly owners: readonly Owner[];
  /** Annotated blastgate.io/protected: "true". */
  readonly protected: boolean;
}

export interface Labels {
  readonly [key: string]: string;
}

/** One term: all its expressions must hold. Gt and Lt compare whole numbers (Kubernetes API, NodeSelectorRequirement). */
export type NodeTerm = readonly {
  readonly on: 'label' | 'name';
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}[];

export interface Toleration {
  readonly key: string | null;
  readonly operator: 'Equal' | 'Exists';
  readonly value: string;
  readonly effect: string | null;
}

/** Where a pod may run; null in its place: wherever nothing is tainted. */
export interface Placement {
  readonly nodeSelector: Labels;
  /** Required node affinity: one of these terms must hold; null: none is asked for. */
  readonly terms: readonly NodeTerm[] | null;
  readonly tolerations: readonly Toleration[];
}

export interface TrimmedPod extends OwnedObject {
  readonly labels: Labels;
  /** Its controller. */
  readonly owner: Owner | null;
  readonly node: string | null;
  readonly ready: boolean;
  readonly finished: boolean;
  readonly claims: readonly string[];
  /** Those of its claims that are made for it and go with it (generic ephemeral volumes). */
  readonly ephemeral: readonly string[];
  readonly requests: Resources;
  readonly placement: Placement | null;
}

export interface TrimmedWorkload extends OwnedObject {
  /** Its controller. */
  readonly owner: Owner | null;
  readonly replicas: number | null;
  /** null: it retains all claims, or makes none. */
  readonly claimRetention: ClaimRetention | null;
  readonly rollout: Rollout | null;
  readonly paused: boolean;
}

export interface TrimmedService extends KnownObject {
  readonly selector: Selector;
}

export interface TrimmedSlice extends KnownObject {
  readonly service: string | null;
  /** Its ready endpoints. */
  readonly ready: readonly { readonly address: string; readonly pod: string | null }[];
}

export interface TrimmedBudget extends KnownObject {
  readonly selector: Selector;
  readonly disruptionsAllowed: number;
  readonly neverAllows: boolean;
  readonly follows: BudgetFact['follows'];
}

export interface TrimmedPolicy extends KnownObject {
  readonly selector: Selector;
}

export interface TrimmedAutoscaler extends KnownObject {
  readonly target: { readonly group: string; readonly kind: string; readonly name: string };
  readonly min: number;
  readonly max: number;
}

export interface TrimmedNode extends KnownObject {
  readonly schedulable: boolean;
  readonly labels: Labels;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  readonly allocatable: Resources & { readonly pods: number };
}

export interface TrimmedIngress extends KnownObject {
  readonly services: readonly string[];
}

export interface TrimmedClaim extends OwnedObject {
  readonly volume: string | null;
}

export interface TrimmedVolume extends OwnedObject {
  /** Nodes that can reach it; null: all. */
  readonly terms: readonly NodeTerm[] | null;
}

export interface TrimmedNamespace extends OwnedObject {
  readonly environment: string | null;
}
