// A permit → its writes, in order: each action by the executor that it has.

import type { Hiding } from '../../core/action/difference.ts';
import { hasExecutor, isDeletionOfObject } from '../../core/action/executors.ts';
import type { ExecutionPermit } from '../../core/approval/permit.ts';
import { type Effect, writesOf } from '../../core/model/effect.ts';
import { type Pair, pairsOf, type TargetFact } from '../../core/model/facts.ts';
import { type ObjectRef, objectKey, placedName } from '../../core/model/object-ref.ts';
import { changesOf } from '../../core/sealed-spec/declarative-spec.ts';
import type { WriteIntent } from '../../ports/cluster-writer.ts';
import type { ClusterClient } from './client.ts';
import { deletionWrite, recreationWrite } from './deletion-write.ts';
import { isMutating } from './mutation.ts';
import { mutationWrite, namedByGate, writeBack } from './mutation-write.ts';
import { type PlannedWrite, refuseWrite, type Sealed } from './planned-write.ts';
import { programWrite } from './program-write.ts';
import { deleteStuckPods, hasNoStuckPods, observed } from './stuck-pods.ts';
import { typedWrite } from './typed-write.ts';

/** One write with its object; `target` null: no object that was read when it was sealed. */
export interface WriteStep {
  readonly effect: Effect;
  readonly object: ObjectRef;
  readonly target: TargetFact | null;
}

/** Every write with each object that it touches; one that makes an object, or gives one back, with the name that it has. */
export function stepsOf(effects: readonly Effect[], targets: readonly TargetFact[]): readonly WriteStep[] {
  return writesOf(effects).flatMap((effect): readonly WriteStep[] => {
    const found = pairsOf([effect], targets).map(({ target }) => ({ effect, object: target, target }));
    const stands = isMutating(effect) || effect.change.to === 'before';
    return found.length === 0 && stands ? [{ effect, object: effect, target: null }] : found;
  });
}

const stepsOfPermit = ({ direction, spec }: ExecutionPermit): readonly WriteStep[] =>
  stepsOf(direction === 'forward' ? spec.effects : spec.rollbackPlan.steps, spec.facts);

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
  carryOut: async (signal) => {
    await deleteStuckPods(client, target, signal);
    return null;
  },
});

/** The writes of a permit's direction. Reading and comparing is theirs, sending the writer's. */
export function plannedWrites(
  client: ClusterClient,
  permit: ExecutionPermit,
  intent: WriteIntent,
  hash: Hiding['hash'],
): readonly PlannedWrite[] {
  const { digest } = permit.spec;
  const changes = changesOf(permit.spec);
  const steps = stepsOfPermit(permit);
  const sealedOf = (object: ObjectRef): Sealed | null => {
    const change = changes.find((one) => one.object === objectKey(object));
    return change === undefined ? null : { change, digest, hash };
  };
  return steps.map(({ effect, object, target }): PlannedWrite => {
    const name = placedName(object);
    if (!hasExecutor(effect)) return impossible(name, 'there is no executor for this');
    if (isMutating(effect) || effect.change.to === 'before' || isDeletionOfObject(effect)) {
      const sealed = sealedOf(object);
      if (sealed === null) return impossible(name, 'no dry run of it was sealed');
      if (isMutating(effect)) return mutationWrite(client, { effect, object }, sealed);
      if (isDeletionOfObject(effect)) return deletionWrite(client, effect, object, sealed);
      const revealed = intent.revealed ?? new Map();
      return sealed.change.op === 'delete'
        ? recreationWrite(client, effect, object, sealed, revealed)
        : writeBack(client, effect, madeBy(permit, object, digest), sealed, revealed);
    }
    if (target === null) return impossible(name, 'no object of it was sealed');
    if (effect.change.to === 'replacement') return replacement(client, target);
    if (effect.change.to === 'run') return programWrite(client, { effect, target }, effect.change.argv);
    const set = statefulSetOf(steps, { effect, target });
    const write = typedWrite(client, permit, { effect, target }, intent);
    return set === null ? write : { ...write, waitFor: (signal) => observed(client, set, signal) };
  });
}

/** The object that the forward write made, by the name that it gave it. */
const madeBy = ({ spec }: ExecutionPermit, object: ObjectRef, digest: string): ObjectRef => {
  if (object.name !== null) return object;
  const maker = spec.effects.filter(isMutating).find((effect) => objectKey(effect) === objectKey(object));
  return maker === undefined ? object : namedByGate({ effect: maker, object: maker }, digest).object;
};
