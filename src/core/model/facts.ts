// What a cluster said about the objects that an action touches: one shape for sealing, scoring, rollback, verification.
import type { Undrainable } from './drain.ts';
import { type ContainerImage, type Effect, isKept, writesOf } from './effect.ts';
import type { Json } from './json.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import type { Rehearsal } from './object-change.ts';
import { type ObjectKey, type ObjectRef, objectKey, resourceKey, touchedBy } from './object-ref.ts';

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
  /** Its controller: "ReplicaSet/web-5d8f", of a kind that is not built in "Kafka.kafka.strimzi.io/main"; null where none. */
  readonly controller: string | null;
  /** Annotated blastgate.io/protected: "true" on the object itself. */
  readonly protected: boolean;
}

/** Kind and name of the controller that would bring it back; null where none. */
export function controllerOfTarget({
  controller,
}: TargetFact): { readonly kind: string; readonly name: string } | null {
  if (controller === null) return null;
  const slash = controller.indexOf('/');
  return { kind: controller.slice(0, slash), name: controller.slice(slash + 1) };
}

/** An effect and one object that it touches. */
export interface Pair {
  readonly effect: Effect;
  readonly target: TargetFact;
}

/** What the effect is about; pods that are replaced stand for their StatefulSet, by whose uid they are sealed. */
const concernedBy = ({ change, ...effect }: Effect, targets: readonly TargetFact[]): readonly TargetFact[] =>
  change.to === 'replacement'
    ? touchedBy({ ...effect, group: 'apps', resource: 'statefulsets', name: change.statefulSet }, targets)
    : touchedBy(effect, targets).filter(({ name }) => !isKept({ change }, name));

/** Every write with each object it touches, in the order of the effects. */
export function pairsOf(effects: readonly Effect[], targets: readonly TargetFact[]): readonly Pair[] {
  return writesOf(effects).flatMap((effect) => concernedBy(effect, targets).map((target) => ({ effect, target })));
}

/** What of an object was asked for. A revision without number is the one before the live one. */
export type ObjectPart =
  | { readonly kind: 'history' }
  | { readonly kind: 'container'; readonly name: string }
  /** It is there and does not run. */
  | { readonly kind: 'running-container'; readonly name: string }
  | { readonly kind: 'revision'; readonly number: number | null }
  /** Among the revisions to go back to, one that is not known to fail. */
  | { readonly kind: 'sound-revision' };

/** A fact that was needed and did not come back. */
export interface MissingFact {
  /** "deployments.apps" */
  readonly resource: string;
  /** null: objects of that kind, whichever. */
  readonly object: ObjectKey | null;
  /** null: the object itself. */
  readonly part: ObjectPart | null;
  /** The right that the cluster says is lacking: "list pods"; null where it names none. */
  readonly right: string | null;
  readonly why: 'unreachable' | 'forbidden' | 'too-old' | 'not-found' | 'garbled';
}

/** An object, or a part of it, that did not come back. */
export function missingObject(ref: ObjectRef, why: MissingFact['why'], part: ObjectPart | null = null): MissingFact {
  return { resource: resourceKey(ref), object: objectKey(ref), part, right: null, why };
}

/** "container api", "revision 9" */
export function partName(part: ObjectPart): string {
  switch (part.kind) {
    case 'history':
      return 'history';
    case 'container':
      return `container ${part.name}`;
    case 'running-container':
      return `running container ${part.name}`;
    case 'revision':
      return `revision ${part.number ?? 'before the live one'}`;
    case 'sound-revision':
      return 'revision that has not failed';
    default:
      return part satisfies never;
  }
}

/** What is missing as reasons and refusals name it: "deployments.apps shop/web revision 9", "pods (may not list pods)". */
export function missingName({ resource, object, part, right }: Omit<MissingFact, 'why'>): string {
  const whole = object ?? resource;
  const name = part === null ? whole : part.kind === 'history' ? `history of ${whole}` : `${whole} ${partName(part)}`;
  return right === null ? name : `${name} (may not ${right})`;
}

/** An earlier run of the same action on one of the same objects that failed or was rolled back. */
export interface PastFailure {
  readonly action: string;
  /** What it wrote to; a name "*" stands for every object of the kind in its namespace. */
  readonly objects: readonly ObjectKey[];
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

/** A write that the cluster does not allow to the account of the gate; namespace "*": not in all of them. */
export interface DeniedWrite {
  readonly verb: Effect['verb'];
  readonly group: string;
  readonly resource: string;
  readonly subresource: string | null;
  readonly namespace: string | null;
}

/** "patch deployments.apps/scale in shop" */
export function deniedName({ verb, subresource, namespace, ...write }: DeniedWrite): string {
  const what = `${resourceKey(write)}${subresource === null ? '' : `/${subresource}`}`;
  if (namespace === null) return `${verb} ${what}`;
  return `${verb} ${what} in ${namespace === '*' ? 'all namespaces' : namespace}`;
}

export interface Facts {
  /** uid of the kube-system namespace; null when the cluster could not be asked. */
  readonly cluster: string | null;
  /** Sorted by group, resource, namespace, name. Selectors and --all are expanded here. */
  readonly targets: readonly TargetFact[];
  /** What depends on the targets and what they depend on. */
  readonly neighbourhood: Neighbourhood;
  readonly missing: readonly MissingFact[];
  /** Writes that the gate's account may not do; left out where there are none, or nobody asked. */
  readonly denied?: readonly DeniedWrite[];
  /** Pods that kubectl would not take from nodes that are drained; left out where there are none. */
  readonly undrainable?: readonly Undrainable[];
  /** Of the last 7 days, from the gate's own memory. */
  readonly failures: readonly PastFailure[];
  /** Of the last hour, from the gate's own memory. */
  readonly recent: readonly RecentRun[];
  /** null: nothing was rehearsed. */
  readonly rehearsal: Rehearsal | null;
}

/** What a gate adds to what the cluster says, where it adds nothing: no memory, no rehearsal. */
export const NO_MEMORY = { failures: [], recent: [], rehearsal: null } as const satisfies Partial<Facts>;
