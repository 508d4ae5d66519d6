// A permit → its writes, in order: each action by the executor that it has.

import type { Hiding, Revealed } from '../../core/action/difference.ts';
import { hasExecutor, isDeletionOfObject } from '../../core/action/executors.ts';
import { fieldManagersOf } from '../../core/action/field-managers.ts';
import { revealContent } from '../../core/action/hidden-content.ts';
import { changeOf, earlierOf, sealedSteps, type WriteStep } from '../../core/action/write-steps.ts';
import type { SealedWrite } from '../../core/approval/permit.ts';
import type { DrainOptions } from '../../core/model/drain.ts';
import { type Effect, isEviction, writesOf } from '../../core/model/effect.ts';
import { type Pair, pairsOf, type TargetFact } from '../../core/model/facts.ts';
import type { JsonObject } from '../../core/model/json.ts';
import type { ObjectChange } from '../../core/model/object-change.ts';
import { type ObjectRef, objectKey, placedName } from '../../core/model/object-ref.ts';
import { changesOf } from '../../core/sealed-spec/declarative-spec.ts';
import type { WriteIntent } from '../../ports/cluster-writer.ts';
import type { ClusterClient } from './client.ts';
import { awaitFree, deletionWrite, recreationWrite } from './deletion-write.ts';
import { drainWrite, hasBegun, type NodeDrain } from './drain-write.ts';
import { textAt } from './json-at.ts';
import { isMutating, type Mutating } from './mutation.ts';
import { mutationWrite, namedByGate, writeBack } from './mutation-write.ts';
import { type PlannedWrite, refuseWrite, type Sealed, uidOf } from './planned-write.ts';
import { programWrite } from './program-write.ts';
import { deleteStuckPods, hasNoStuckPods, observed } from './stuck-pods.ts';
import { typedWrite } from './typed-write.ts';

const stepsOfPermit = ({ direction, spec }: SealedWrite): readonly WriteStep[] =>
  sealedSteps(direction === 'forward' ? spec.effects : spec.rollbackPlan.steps, spec.facts, changesOf(spec));

/** What cannot be carried out stops everything before the first write. */
const impossible = (name: string, why: string): PlannedWrite => ({
  name,
  check: () => Promise.resolve(refuseWrite(`${name}: ${why}`)),
  shows: () => Promise.resolve(false),
});

/**
 * The StatefulSet of a pod that is deleted so that a new template of the same permit takes hold; null for any other write. Its
 * controller must have seen the template first, or it makes the pod anew from the old one.
 */
const statefulSetOf = (steps: readonly WriteStep[], { effect, target }: Pair): TargetFact | null =>
  effect.change.to !== 'absence'
    ? null
    : (steps.find(
        (one) =>
          one.target?.resource === 'statefulsets' &&
          one.target.namespace === target.namespace &&
          target.controller === `StatefulSet/${one.target.name}`,
      )?.target ?? null);

/** Which pods are stuck shows only once the template is back: found out when it is their turn. */
const replacement = (client: ClusterClient, target: TargetFact): PlannedWrite => ({
  name: placedName(target),
  check: () => Promise.resolve({ kind: 'done' }),
  shows: (signal) => hasNoStuckPods(client, target, signal),
  carryOut: async ({ signal }) => {
    await deleteStuckPods(client, target, signal);
    return { kind: 'done' };
  },
});

/** The pods of a drain by the node that they are on, in the order of the nodes. */
const drainsOf = ({ spec, direction }: SealedWrite): readonly NodeDrain[] =>
  (direction === 'forward' ? writesOf(spec.effects) : []).filter(isEviction).flatMap((effect) => {
    const pods = pairsOf([effect], spec.facts).map(({ target }) => target);
    // as: isEviction has looked at it.
    const options = effect.change as DrainOptions;
    return spec.facts
      .filter(({ group, resource }) => group === '' && resource === 'nodes')
      .map((node) => ({ effect, options, node, pods: pods.filter((pod) => nodeOf(pod) === node.name) }))
      .filter((drain) => drain.pods.length > 0);
  });

/** The node that a sealed pod was on; it never moves to another. */
export function nodeOf({ preImage }: TargetFact): string | null {
  return textAt(preImage, 'node');
}

/** A node of a drain that was begun and is found uncordoned: somebody wants pods on it, and is not overruled. */
const keptUncordoned = (client: ClusterClient, drains: readonly NodeDrain[], write: PlannedWrite): PlannedWrite => ({
  ...write,
  check: async (signal) => {
    const check = await write.check(signal);
    if (check.kind !== 'due' || !(await hasBegun(client, drains, signal))) return check;
    return refuseWrite(`${write.name}: somebody has uncordoned it while it was drained`);
  },
});

/** A mutation with the secrets that it sends. Where they are not kept any more it is still found, and never sent. */
const contentWrite = (client: ClusterClient, { effect, object }: Mutating, sealed: Sealed, revealed: Revealed) => {
  const whole = revealContent(effect, revealed);
  if (whole !== null && isMutating(whole)) return mutationWrite(client, { effect: whole, object }, sealed);
  const write = mutationWrite(client, { effect, object }, sealed);
  const never = impossible(write.name, 'the secrets that it sends are not kept any more');
  return { ...write, check: (signal: AbortSignal) => never.check(signal) };
};

/** The writes of a permit's direction. Reading and comparing is theirs, sending the writer's. */
export function plannedWrites(
  client: ClusterClient,
  permit: SealedWrite,
  intent: WriteIntent,
  hash: Hiding['hash'],
): readonly PlannedWrite[] {
  const { digest } = permit.spec;
  const revealed: Revealed = intent.revealed ?? new Map();
  const changes = changesOf(permit.spec);
  const drains = drainsOf(permit);
  const steps = stepsOfPermit(permit).filter(({ effect }) => !isEviction(effect));
  const sealedOf = (step: WriteStep): Sealed | null => {
    const change = changeOf(step, changes);
    if (change === undefined) return null;
    const managers = fieldManagersOf(permit.spec.effects, step.object);
    return { change, replaces: replacedBy(change, changes)?.uid ?? null, digest, hash, managers };
  };
  const plan = (step: WriteStep): PlannedWrite => {
    const { effect, object, target } = step;
    const name = placedName(object);
    if (!hasExecutor(effect)) return impossible(name, 'there is no executor for this');
    if (isMutating(effect) || effect.change.to === 'before' || isDeletionOfObject(effect)) {
      const sealed = sealedOf(step);
      if (sealed === null) return impossible(name, 'no dry run of it was sealed');
      if (isMutating(effect)) {
        const write = contentWrite(client, { effect, object }, sealed, revealed);
        return effect.kind === 'drain' && intent.goesOn === true ? keptUncordoned(client, drains, write) : write;
      }
      if (isDeletionOfObject(effect)) return deletionWrite(client, effect, object, sealed);
      return sealed.change.op === 'delete'
        ? recreationWrite(client, effect, object, sealed, revealed, madeInPlaceOf(sealed.change, changes))
        : writeBack(client, effect, madeBy(permit.spec.effects, step, digest), sealed, revealed);
    }
    if (target === null) return impossible(name, 'no object of it was sealed');
    if (effect.change.to === 'replacement') return replacement(client, target);
    if (effect.change.to === 'run') return programWrite(client, { effect, target }, effect.change.argv);
    const set = statefulSetOf(steps, { effect, target });
    const write = typedWrite(client, permit, { effect, target }, intent);
    return set === null ? write : { ...write, waitFor: (signal) => observed(client, set, signal) };
  };
  const planned = steps.map((step): PlannedWrite => {
    const write = plan(step);
    const earlier = earlierOf(steps, step);
    if (earlier.length === 0) return write;
    if (!earlier.some(({ effect }) => effect.verb === 'delete')) return { ...write, waitFor: () => Promise.resolve() };
    const { replaces = null, change } = sealedOf(step) ?? {};
    const stays = permit.direction === 'forward' ? null : (change?.uid ?? null);
    const mayStay = (object: JsonObject): boolean =>
      stays === null ? uidOf(object) !== replaces : uidOf(object) === stays;
    return { ...write, waitFor: (signal) => awaitFree(client, step, mayStay, signal) };
  });
  return [...planned, ...drains.map((drain) => drainWrite(client, drain))];
}

/** What goes before another is made in its place. */
const replacedBy = ({ object, op, write = 0 }: ObjectChange, changes: readonly ObjectChange[]) =>
  op === 'create'
    ? changes.find((one) => one.object === object && one.op === 'delete' && (one.write ?? 0) < write)
    : undefined;

/** What was made in the place of what went; null: nothing. */
const madeInPlaceOf = ({ object, write = 0 }: ObjectChange, changes: readonly ObjectChange[]): ObjectChange | null =>
  changes.find((one) => one.object === object && one.op === 'create' && (one.write ?? 0) > write) ?? null;

/** The object that one of these effects makes, by the name that the gate gives it where the server would. */
export function madeBy(
  effects: readonly Effect[],
  { effect: { change }, object, write }: Pick<WriteStep, 'effect' | 'object' | 'write'>,
  digest: string,
): ObjectRef {
  if (object.name !== null) return object;
  const nth = change.to === 'before' ? change.write : (write ?? undefined);
  const makers = effects.filter(isMutating).filter((effect) => objectKey(effect) === objectKey(object));
  const maker = makers[nth ?? 0];
  return maker === undefined ? object : namedByGate({ effect: maker, object: maker }, digest, nth).object;
}
