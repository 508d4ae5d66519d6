// What a cluster said about the objects that an action touches: one shape that sealing, scoring, the way back and
// verification share.
import type { ContainerImage } from './effect.ts';
import type { Json } from './json.ts';
import type { Neighbourhood, ObjectKey } from './neighbourhood.ts';

/** One revision of a workload's history, as far as an undo to it is judged and shown. */
export interface RevisionFact {
  readonly revision: number;
  /** "sha256:…" over its pod template. */
  readonly template: string;
  /** Images of its containers, init containers too. */
  readonly images: readonly ContainerImage[];
}

/** An object that the effects touch, frozen by uid. */
export interface TargetFact {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly uid: string;
  /** The fields that the effects read or change, before the change: {"replicas": 3}, {"images": {"web": "web:1"}}. */
  readonly preImage: Json;
  /** The workload's live revision number (rollout history), null where there is none. */
  readonly revision: number | null;
  /** Revision numbers found in the history, ascending; empty where there is no history. */
  readonly revisions: readonly number[];
  /** The same revisions with what they run; only where the action goes to one of them. */
  readonly history?: readonly RevisionFact[];
  /** Current spec.replicas of a workload, null for other kinds. */
  readonly replicas: number | null;
  /** Its controller: "ReplicaSet/web-5d8f", of a kind that is not built in "CloneSet.apps.kruise.io/web"; null where none. */
  readonly controller: string | null;
  /** Annotated blastgate.io/protected: "true" on the object itself. */
  readonly protected: boolean;
}

/** A fact that was needed and did not come back. */
export interface MissingFact {
  /** "deployments.apps shop/web"; where a right is lacking it stands behind: "pods (may not list pods)" */
  readonly what: string;
  readonly why: 'unreachable' | 'forbidden' | 'too-old' | 'not-found' | 'garbled';
}

/** An earlier run of the same action on the same target that failed or was rolled back. */
export interface PastFailure {
  readonly action: string;
  readonly target: string;
  readonly incident: string;
  /** RFC 3339. */
  readonly at: string;
}

/** What ran without approval in the last hour, or runs now: what `budget` counts (scoring section 5). */
export interface RecentRun {
  readonly proposal: string;
  /** Its blast radius, whole points. */
  readonly score: number;
  /** What it touched, in keys; workloads by the outermost one. */
  readonly workloads: readonly ObjectKey[];
  readonly namespaces: readonly string[];
  readonly nodes: readonly string[];
}

/** One field as a dry run showed it; `path` is a JSON pointer, an absent value undefined. */
interface FieldChange {
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** What one object would become. `run`: a program in it; nothing of the object itself changes. */
interface ObjectChange {
  readonly object: ObjectKey;
  readonly uid: string | null;
  readonly op: 'update' | 'create' | 'delete' | 'run';
  readonly fields: readonly FieldChange[];
}

/** What the API server's dry runs of the action and of its way back came to (contract section 7). */
interface Rehearsal {
  readonly forward: 'passed' | 'refused' | 'not-possible';
  readonly changes: readonly ObjectChange[];
  readonly back: 'passed' | 'refused' | 'not-possible';
}

export interface Facts {
  /** uid of the kube-system namespace; null when the cluster could not be asked. */
  readonly cluster: string | null;
  /** Sorted by group, resource, namespace, name. Selectors and --all are expanded here. */
  readonly targets: readonly TargetFact[];
  /** What depends on the targets and what they depend on. */
  readonly neighbourhood: Neighbourhood;
  readonly missing: readonly MissingFact[];
  /** Of the last 7 days, from the gate's own memory. */
  readonly failures: readonly PastFailure[];
  /** Of the last hour, from the gate's own memory. */
  readonly recent: readonly RecentRun[];
  /** null: nothing was rehearsed. */
  readonly rehearsal: Rehearsal | null;
}

/** What a gate adds to what the cluster says, where it adds nothing: no memory, no rehearsal. */
export const NO_MEMORY = { failures: [], recent: [], rehearsal: null } as const satisfies Partial<Facts>;
