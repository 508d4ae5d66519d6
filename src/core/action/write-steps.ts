// Effects and what they touch → the single writes, in order, each with what was sealed of it.
import { type Effect, writesOf } from '../model/effect.ts';
import { pairsOf, type TargetFact } from '../model/facts.ts';
import type { ObjectChange } from '../model/object-change.ts';
import { type ObjectRef, objectKey } from '../model/object-ref.ts';

/** One write with its object. */
export interface WriteStep {
  readonly effect: Effect;
  readonly object: ObjectRef;
  /** null: no object that was read when it was sealed. */
  readonly target: TargetFact | null;
  /** Which of the writes of this object it is, from 0; null: the only one. */
  readonly write: number | null;
}

/** Every write with each object that it touches; one that makes an object, or gives one back, with the name that it has. */
export function stepsOf(effects: readonly Effect[], targets: readonly TargetFact[]): readonly WriteStep[] {
  const steps = writesOf(effects).flatMap((effect): readonly Omit<WriteStep, 'write'>[] => {
    const found = pairsOf([effect], targets).map(({ target }) => ({ effect, object: target, target }));
    const stands = effect.mutation !== undefined || effect.change.to === 'before';
    return found.length === 0 && stands ? [{ effect, object: effect, target: null }] : found;
  });
  const counts = new Map<string, number>();
  for (const { object } of steps) counts.set(objectKey(object), (counts.get(objectKey(object)) ?? 0) + 1);
  const passed = new Map<string, number>();
  return steps.map((step) => {
    const key = objectKey(step.object);
    const write = passed.get(key) ?? 0;
    passed.set(key, write + 1);
    return { ...step, write: counts.get(key) === 1 ? null : write };
  });
}

/** The writes that are carried out: of those of which one takes the place of another, the one that was sealed. */
export function sealedSteps(
  effects: readonly Effect[],
  targets: readonly TargetFact[],
  changes: readonly ObjectChange[],
): readonly WriteStep[] {
  const steps = stepsOf(effects, targets);
  const either = new Set(
    steps.filter(({ effect }) => effect.onlyIf !== undefined).map(({ object }) => objectKey(object)),
  );
  const decided = new Set(changes.map(({ object }) => object).filter((object) => either.has(object)));
  return decided.size === 0
    ? steps
    : steps.filter((step) => !decided.has(objectKey(step.object)) || changeOf(step, changes) !== undefined);
}

/** What was sealed of a write, or of the write that a step takes back; undefined: nothing. */
export function changeOf(
  { effect, object, write }: Pick<WriteStep, 'effect' | 'object' | 'write'>,
  changes: readonly ObjectChange[],
): ObjectChange | undefined {
  const key = objectKey(object);
  const wanted = effect.change.to === 'before' ? (effect.change.write ?? null) : write;
  return changes.find((one) => one.object === key && (one.write ?? null) === wanted);
}

/** The steps of one object that come before this one. */
export function earlierOf(steps: readonly WriteStep[], { object, write }: WriteStep): readonly WriteStep[] {
  const key = objectKey(object);
  return write === null
    ? []
    : steps.filter((one) => one.write !== null && one.write < write && objectKey(one.object) === key);
}

/** How long an object that is made anew may take to go, in seconds; the grace of a pod is 30. */
export const ANEW_SECONDS = 60;

/** True for the deletion of an object that a later write of the same command makes anew: it need not be there. */
export function isMadeAnew(effect: Effect, effects: readonly Effect[]): boolean {
  return (
    effect.change.to === 'absence' &&
    effect.name !== null &&
    effects.some((one) => one.verb === 'create' && one.mutation !== undefined && objectKey(one) === objectKey(effect))
  );
}

/** How long a write may take longer because it waits for objects to go, in seconds; 0: it makes none anew. */
export function anewSeconds(effects: readonly Effect[]): number {
  return effects.some((effect) => isMadeAnew(effect, effects)) ? ANEW_SECONDS : 0;
}
