// What was understood and seen → the refusals that only a live cluster can give.
import { drainObstacleText } from '../action/drained-pods.ts';
import { type Change, type Effect, isEviction, isWrite } from '../model/effect.ts';
import {
  deniedName,
  type Facts,
  type MissingFact,
  missingName,
  type Pair,
  pairsOf,
  type TargetFact,
} from '../model/facts.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import type { Mutation } from '../model/mutation.ts';
import type { WorkloadFact } from '../model/neighbourhood.ts';
import type { ObjectChange, Rehearsal } from '../model/object-change.ts';
import { objectKey, touchedBy, touches } from '../model/object-ref.ts';
import type { Refusal, RefusalCode } from '../model/refusal.ts';
import { effectsOf, type Understanding } from '../model/understanding.ts';

/**
 * What propose, evaluate and a second judgement refuse for what the cluster shows: an object, container or revision that
 * is not there; a selector that chooses nothing; a workload that would not roll out; a number of replicas that its autoscaler
 * would change at once; what is so already; a write that the gate has no right to. Empty where no cluster answered.
 */
export function liveRefusals(understanding: Understanding, facts: Facts | null): readonly Refusal[] {
  if (facts === null || facts.cluster === null) return [];
  const writes = effectsOf(understanding).filter(isWrite);
  const gone = notFound(writes, facts);
  if (gone.length > 0) return gone;
  const denied = noRight(facts);
  if (facts.targets.length > 0) {
    const known = [
      ...undrained(facts),
      ...denied,
      ...heldBack(writes, facts),
      ...outOfBounds(writes, facts),
      ...alreadySo(writes, facts),
    ];
    // What is known already is said in our words, not once more in those of the API server.
    return known.length > 0 ? known : dryRunRefused(writes, facts);
  }
  const selecting = writes.find(({ name }) => name === '*');
  if (selecting !== undefined) return [{ code: 'no-targets', about: selecting.selector }];
  return denied.length > 0 ? denied : dryRunRefused(writes, facts);
}

/** The first is enough to know which role lacks. */
const noRight = ({ denied }: Facts): readonly Refusal[] =>
  (denied ?? []).slice(0, 1).map((write) => ({ code: 'no-cluster-right', about: deniedName(write) }));

/** What an object lacks that is there itself. */
const partOf = ({ part }: MissingFact): Pick<Refusal, 'detail'> =>
  part === null || part.kind === 'history' ? {} : { detail: { kind: 'cause', what: part.kind } };

/** An object itself, or what the command names inside one. What apply does not find it creates. */
const notFound = (writes: readonly Effect[], { missing }: Facts): readonly Refusal[] => {
  // Of some kinds, such as roles, an apply is another kind of action.
  const applies = ({ kind, mutation }: Effect): boolean => kind === 'apply' || mutation?.is === 'apply';
  // What is made need not be there.
  const made = new Set(
    writes.filter(({ verb, mutation }) => verb === 'create' && mutation !== undefined).map(objectKey),
  );
  const asked = writes.filter((effect) => !applies(effect) && !made.has(objectKey(effect)));
  // A program runs in a pod of another object, which must be there too.
  const owners = asked.flatMap(({ change, namespace }) =>
    change.to === 'run' && change.of !== null ? [objectKey({ ...change.of, namespace })] : [],
  );
  const needed = new Set([...asked.map(objectKey), ...owners]);
  return missing
    .filter(({ object, why }) => why === 'not-found' && object !== null && needed.has(object))
    .map((gap) => ({ code: 'not-found', about: missingName(gap), ...partOf(gap) }));
};

/** kubectl drains nothing while one pod is there that it may not take; the gate refuses before it cordons. */
const undrained = ({ undrainable = [] }: Facts): readonly Refusal[] =>
  undrainable.slice(0, 1).map(({ why, pods }) => ({ code: 'drain-refused', about: drainObstacleText(why, pods) }));

interface HeldBack {
  readonly code: RefusalCode;
  /** The changes that it holds back. */
  readonly changes: ReadonlySet<Change['to']>;
  readonly holds: (workload: WorkloadFact) => boolean;
}

/**
 * kubectl 1.36 refuses `rollout restart` and `rollout undo` of a paused Deployment; a new image it takes, and it is there
 * when the rollout goes on. Nothing comes of any change under OnDelete until somebody deletes the pods.
 */
const HELD_BACK: readonly HeldBack[] = [
  { code: 'rollout-paused', changes: new Set(['restart', 'revision']), holds: ({ paused }) => paused },
  {
    code: 'update-on-delete',
    changes: new Set(['restart', 'revision', 'images']),
    holds: ({ rollout }) => rollout?.type === 'OnDelete',
  },
];

const heldBack = (writes: readonly Effect[], { targets, neighbourhood }: Facts): readonly Refusal[] =>
  HELD_BACK.flatMap(({ code, changes, holds }) => {
    const rolling = writes.filter(({ change }) => changes.has(change.to));
    const keys = new Set(targets.filter((target) => rolling.some((effect) => touches(effect, target))).map(objectKey));
    const held = neighbourhood.workloads.find((workload) => keys.has(workload.key) && holds(workload));
    return held === undefined ? [] : [{ code, about: held.key }];
  });

const imagesOf = ({ preImage }: TargetFact): JsonObject =>
  isObject(preImage) && isObject(preImage['images']) ? preImage['images'] : {};

const isServerSide = (mutation: Mutation): boolean =>
  (mutation.is === 'apply' && mutation.serverSide !== null) ||
  (mutation.is === 'request' && mutation.contentType.startsWith('application/apply-patch'));

/** A dry run has left the object as it is. Server-side, an apply without a difference still makes its manager the owner. */
const leavesAlone = ({ effect: { mutation }, target }: Pair, rehearsal: Rehearsal | null): boolean =>
  mutation !== undefined &&
  !isServerSide(mutation) &&
  rehearsal !== null &&
  isWhollyEmpty(rehearsal.changes.filter(({ object }) => object === objectKey(target)));

const isWhollyEmpty = (changes: readonly ObjectChange[]): boolean =>
  changes.length > 0 && changes.every(({ fields }) => fields.length === 0);

/** Whether the object is already as the effect would have it. */
const isSo = ({ effect: { change }, target }: Pair): boolean => {
  switch (change.to) {
    case 'replicas':
      return change.replicas !== null && change.replicas === target.replicas;
    case 'revision':
      return change.revision !== null && change.revision === target.revision;
    case 'images': {
      const now = Object.entries(imagesOf(target));
      const wanted = (name: string) =>
        change.images.findLast(({ container }) => container === '*' || container === name);
      return now.length > 0 && now.every(([name, image]) => wanted(name)?.image === image);
    }
    case 'restart':
    case 'run':
    case 'absence':
    case 'eviction':
    case 'replacement':
    case 'before':
    case 'bounds':
    case 'several':
    case 'other':
      return false;
    default:
      return change satisfies never;
  }
};

/** Nothing of the command would change anything; where something would, the rest is harmless. */
const alreadySo = (writes: readonly Effect[], { targets, rehearsal }: Facts): readonly Refusal[] => {
  const pairs = pairsOf(writes, targets);
  const [first] = pairs;
  const paired = new Set(pairs.map(({ effect }) => effect));
  const all =
    writes.every((effect) => paired.has(effect) || isEviction(effect)) &&
    pairs.every((pair) => isSo(pair) || leavesAlone(pair, rehearsal));
  return first !== undefined && all
    ? [{ code: 'nothing-to-do', about: objectKey(first.target), detail: { kind: 'cause', what: 'already' } }]
    : [];
};

/**
 * The API server has refused it, or could not be asked what it would make of it: what is carried out by that difference is not
 * carried out blindly.
 */
const dryRunRefused = (writes: readonly Effect[], { rehearsal }: Facts): readonly Refusal[] => {
  if (rehearsal === null || rehearsal.forward.is === 'passed') return [];
  const { forward } = rehearsal;
  if (forward.is === 'refused')
    return forward.unsent === undefined
      ? [{ code: 'dry-run-refused', about: forward.why }]
      : [{ code: 'dry-run-refused', about: null, detail: { kind: 'unsent', why: forward.unsent } }];
  if (writes.every(({ mutation }) => mutation === undefined)) return [];
  return [{ code: forward.because === 'forbidden' ? 'no-cluster-right' : 'dry-run-refused', about: forward.why }];
};

/** Whom an autoscaler governs it keeps between its bounds; with no replicas at all it lets it be (Kubernetes 1.36, HPA). */
const outOfBounds = (writes: readonly Effect[], { targets, neighbourhood }: Facts): readonly Refusal[] =>
  writes.flatMap((effect): readonly Refusal[] => {
    const wanted = effect.change.to === 'replicas' ? (effect.change.replicas ?? 0) : 0;
    if (wanted === 0) return [];
    const keys = new Set(touchedBy(effect, targets).map(objectKey));
    return neighbourhood.autoscalers
      .filter(({ target, min, max }) => keys.has(target) && (wanted < min || wanted > max))
      .slice(0, 1)
      .map(({ namespace, name, min, max }) => ({
        code: 'autoscaler-bounds',
        about: `${namespace}/${name} keeps ${min} to ${max}`,
      }));
  });
