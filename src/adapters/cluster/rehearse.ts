// Effects and what they touch → what the API server's dry runs would leave of it. Nothing is persisted.

import { setTimeout as pause } from 'node:timers/promises';
import type { Hiding } from '../../core/action/difference.ts';
import { earlierOf, stepsOf, type WriteStep } from '../../core/action/write-steps.ts';
import { type Effect, isEviction } from '../../core/model/effect.ts';
import type { TargetFact } from '../../core/model/facts.ts';
import type { ObjectChange, Rehearsal, Rehearsed } from '../../core/model/object-change.ts';
import { type ObjectRef, objectKey, objectOfKey, placedName } from '../../core/model/object-ref.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { inBatches } from './batch.ts';
import type { ClusterClient } from './client.ts';
import { justRead } from './just-read.ts';
import type { Live } from './live.ts';
import { isMutating } from './mutation.ts';
import { isServedElsewhere } from './other-servers.ts';
import { CONFLICT_LIMIT, isBusy, pauseAfterBusy, pauseAfterConflict } from './outrun.ts';
import { answerOf, notPossible, type Tried, tryStep, type WriteTrial } from './try-step.ts';

/** It moved since it was read; that there is one of its name is another matter (Kubernetes API: AlreadyExists). */
const isOutrun = (error: unknown): error is AdapterError =>
  error instanceof AdapterError && error.status === 409 && !/already exists/.test(error.message);

/**
 * Tried on the object as the facts have it, where that was read a moment ago: what is sent is bound to that version. Of it only what
 * passes is believed: any no may be about an object that has moved on, so that it is read and tried anew.
 */
const tryOne = async (
  client: ClusterClient,
  trial: WriteTrial,
  hash: Hiding['hash'],
  signal: AbortSignal,
  { known, attempt }: { readonly known: Live | null; readonly attempt: number } = { known: knownOf(trial), attempt: 1 },
): Promise<Tried> => {
  const anew = (next: number): Promise<Tried> => tryOne(client, trial, hash, signal, { known: null, attempt: next });
  try {
    const tried = await tryStep(client, trial, known, hash, signal);
    return tried.ok || known === null ? tried : await anew(attempt);
  } catch (error) {
    const busy = isBusy(error);
    if (known !== null && !busy && error instanceof AdapterError && error.kind === 'refused') return anew(attempt);
    if (!busy && !isOutrun(error)) return answerOf(error);
    // A rollout under way is no reason to refuse what people ask for: it is tried again when it is judged again.
    if (attempt >= CONFLICT_LIMIT) return notPossible('unanswered', error instanceof Error ? error.message : '');
    // Cut short by the deadline, the next request says so.
    const rest = busy ? pauseAfterBusy(error) : pauseAfterConflict(attempt);
    await pause(rest, undefined, { signal }).catch(() => undefined);
    return anew(attempt + 1);
  }
};

/** What stands there now says nothing of a pod that is evicted, or of what is made in the place of another. */
const knownOf = ({ step: { target, effect }, isAnew }: WriteTrial): Live | null =>
  isAnew || isEviction(effect) ? null : justRead(target, effect);

const isAnew = (steps: readonly WriteStep[], step: WriteStep): boolean =>
  earlierOf(steps, step).some(({ effect }) => effect.verb === 'delete');

/** What is carried out in its place. */
const insteadOf = (steps: readonly WriteStep[], { object }: WriteStep, found: 'invalid' | 'absent') =>
  steps.filter(
    (one) =>
      (one.effect.onlyIf === found || one.effect.onlyIf === 'invalid-or-absent') &&
      objectKey(one.object) === objectKey(object),
  );

const dependsOnFirst = (object: ObjectRef): string =>
  `${placedName(object)} is written to more than once, and one write needs what another makes of it`;

const NO_TRIAL: Rehearsed = {
  is: 'not-possible',
  because: 'unsupported',
  why: 'a program in a container cannot be tried without running it',
};

/** More objects than people would read a difference of. */
const MOST_OBJECTS = 200;

/** Whether a later write of an object needs what an earlier one makes of it, but for one that is made in place of one that goes. */
const isTangled = (steps: readonly WriteStep[]): boolean =>
  steps.some(({ effect }) => isMutating(effect)) &&
  steps.some((step, at) => {
    const earlier = steps.slice(0, at);
    const goes = earlier.some(({ effect }) => effect.verb === 'delete');
    return goes ? !isMadeIn(step, earlier) : step.effect.verb === 'delete' ? earlier.length > 0 : false;
  });

/** Where its only earlier write is its deletion. */
const isMadeIn = ({ effect }: WriteStep, earlier: readonly WriteStep[]): boolean =>
  earlier.length === 1 && effect.verb === 'create' && effect.mutation?.is === 'create';

/** Whether two writes make one object, or change the same field of it: then the second is not what its dry run said. */
const overlap = (one: ObjectChange, other: ObjectChange): boolean => {
  if (one === other || one.object !== other.object || objectOfKey(one.object).name === '?') return false;
  if (one.op === 'delete' || other.op === 'delete') return false;
  if (one.op === 'create' || other.op === 'create') return true;
  return one.fields.some(({ path }) =>
    other.fields.some((field) => `${field.path}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${field.path}/`)),
  );
};

/** Before anybody has agreed, nothing is sent that might be carried out; null: every write goes to the API server itself. */
const firstElsewhere = async (
  client: ClusterClient,
  steps: readonly WriteStep[],
  signal: AbortSignal,
): Promise<Rehearsed | null> => {
  try {
    for (const { effect, object } of steps)
      if (await isServedElsewhere(client, effect.group, signal)) {
        const why = `${placedName(object)}: another server answers for it, which may take a dry run for the write itself`;
        return { is: 'not-possible', because: 'unsupported', why };
      }
    return null;
  } catch (error) {
    const answer = answerOf(error);
    return answer.ok ? null : answer.as;
  }
};

/**
 * Sends each write twice as a server dry run. What differs between the two answers is generated. Never throws for what the
 * cluster says: a refusal is one, and what could not be tried says why.
 */
export async function rehearse(
  client: ClusterClient,
  effects: readonly Effect[],
  targets: readonly TargetFact[],
  hash: Hiding['hash'],
  signal: AbortSignal,
): Promise<Rehearsal> {
  const steps = stepsOf(effects, targets);
  const failed = (forward: Rehearsed): Rehearsal => ({ forward, changes: [], hidden: [] });
  const unsupported = (why: string): Rehearsal => failed({ is: 'not-possible', because: 'unsupported', why });
  if (steps.filter(({ effect }) => !isEviction(effect)).length > MOST_OBJECTS)
    return unsupported(`more than ${MOST_OBJECTS} objects`);
  const sure = steps.filter(({ effect }) => effect.onlyIf === undefined);
  const tangled = [...Map.groupBy(sure, ({ object }) => objectKey(object)).values()].find(isTangled);
  const [first] = tangled ?? [];
  if (first !== undefined) return unsupported(dependsOnFirst(first.object));
  const elsewhere = await firstElsewhere(client, steps, signal);
  if (elsewhere !== null) return failed(elsewhere);
  const tryIt = (step: WriteStep): Promise<Tried> =>
    tryOne(client, { step, isAnew: isAnew(steps, step) }, hash, signal);
  const tried = (
    await inBatches(sure, async (step): Promise<readonly Tried[]> => {
      const first = await tryIt(step);
      const others = first.ok || first.found === undefined ? [] : insteadOf(steps, step, first.found);
      return others.length === 0 ? [first] : inBatches(others, tryIt);
    })
  ).flat();
  const stopped = tried.find((one) => !one.ok);
  if (stopped !== undefined && !stopped.ok) return failed(stopped.as);
  const passed = tried.filter((one) => one.ok);
  const several = passed.filter(({ change }) => change.write !== undefined);
  const clash = several.find((one) => several.some(({ change }) => overlap(one.change, change)));
  if (clash !== undefined) return unsupported(dependsOnFirst(objectOfKey(clash.change.object)));
  return {
    forward: passed.some(({ change }) => change.op === 'run') ? NO_TRIAL : { is: 'passed' },
    changes: passed.map(({ change }) => change),
    hidden: passed.flatMap(({ hidden }) => hidden),
  };
}
