// A write of an action with an executor of its own: compared with the pre-image that was sealed.
import { holdsIn, type PatchOperation, restoring } from '../../core/action/difference.ts';
import type { SealedWrite } from '../../core/approval/permit.ts';
import { changesTemplate, type Effect } from '../../core/model/effect.ts';
import { type Pair, pairsOf, type TargetFact } from '../../core/model/facts.ts';
import { objectKey, placedName } from '../../core/model/object-ref.ts';
import { changesOf } from '../../core/sealed-spec/declarative-spec.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { WriteIntent } from '../../ports/cluster-writer.ts';
import { isAsLeft, isThere, obstacle, preImageOf, requestFor } from './change.ts';
import type { ClusterClient } from './client.ts';
import { findObjects, withHistory } from './find-objects.ts';
import { at, stable, textAt } from './json-at.ts';
import type { Live } from './live.ts';
import { isByAutoscaler, writerOf } from './other-writers.ts';
import { type PlannedWrite, refuseWrite, stale, type WriteCheck } from './planned-write.ts';
import { templateHash } from './template.ts';

/** Reads one sealed object again; null when it is gone or another object has its name. */
export async function readAgain(
  client: ClusterClient,
  { effect, target }: Pair,
  signal: AbortSignal,
): Promise<Live | null> {
  const { group, resource, namespace, name } = target;
  const named: Effect = { ...effect, group, resource, namespace, name };
  try {
    const [found] = await findObjects(client, named, signal);
    if (found === undefined || textAt(found.object, 'metadata', 'uid') !== target.uid) return null;
    return await withHistory(client, named, found, signal);
  } catch (error) {
    if (error instanceof AdapterError && error.status === 404) return null;
    throw error;
  }
}

/** Names of the fields that differ between what was sealed and what is. */
const changedFields = (effect: Effect, live: Live, target: TargetFact): readonly string[] =>
  Object.entries(preImageOf(effect, live))
    .filter(([key, now]) => stable(now) !== stable(at(target.preImage, key) ?? null))
    .map(([key]) => key);

const DONE: WriteCheck = { kind: 'done' };

/** null: it is due. */
const checkForward = ({ effect, target }: Pair, live: Live, intent: WriteIntent): WriteCheck | null => {
  const name = placedName(target);
  if (effect.change.to !== 'absence' && isThere(effect, live, target, intent)) return DONE;
  const changed = changedFields(effect, live, target);
  if (changed.length > 0)
    return stale('pre-image-changed', `${name}: ${changed.join(', ')} changed since it was sealed`);
  if (changesTemplate(effect) && live.history?.live !== target.revision)
    return stale('pre-image-changed', `${name}: the live revision is ${live.history?.live ?? 'not recorded'} now`);
  return null;
};

/** Who changed what was written, in the cluster's words. */
const whoElse = (effect: Effect, { object }: Live): string => {
  if (effect.change.to !== 'replicas') return writerOf(object, 'template') ?? 'somebody else';
  return isByAutoscaler(object) ? 'its autoscaler' : (writerOf(object, 'replicas') ?? 'somebody else');
};

/** The rollback: only over what the forward write left, and only to what was sealed. */
const checkBack = (permit: SealedWrite, pair: Pair, live: Live, intent: WriteIntent): WriteCheck | null => {
  const { effect, target } = pair;
  const name = placedName(target);
  if (isThere(effect, live, target, intent)) return DONE;
  const forward = pairsOf(permit.spec.effects, [target]);
  if (changesTemplate(effect)) {
    const revisions = live.history?.revisions.map(({ number }) => number) ?? [];
    const wanted = effect.change.to === 'revision' ? effect.change.revision : null;
    if (revisions.length < 2 || wanted === null || !revisions.includes(wanted))
      return stale('way-back-gone', `${name}: revision ${wanted} is not among ${revisions.join(', ') || 'none'}`);
    const found = live.history?.revisions.find(({ number }) => number === wanted);
    if (found === undefined || templateHash(found.template) !== textAt(target.preImage, 'template'))
      return stale('way-back-gone', `${name}: revision ${wanted} is not the template that was sealed`);
  }
  if (!forward.some((one) => isAsLeft(one.effect, live, target)))
    return stale('pre-image-changed', `${name}: ${whoElse(effect, live)} changed it after the write`);
  return null;
};

/** Gives back the annotations that the forward write changed, where they are still as it left them; others' stay. */
const annotationsBack = ({ spec }: SealedWrite, target: TargetFact, { object }: Live): readonly PatchOperation[] => {
  const sealed = changesOf(spec).filter((one) => one.object === objectKey(target));
  const fields = sealed
    .flatMap((change) => change.fields)
    .filter((field) => field.path.startsWith('/metadata/annotations') && holdsIn(object, [field], 'after', () => ''));
  return restoring(object, fields) ?? [];
};

/** The write of one object that was sealed. */
export function typedWrite(
  client: ClusterClient,
  permit: SealedWrite,
  pair: Pair,
  intent: WriteIntent,
): Pick<PlannedWrite, 'name' | 'check' | 'shows'> {
  const { effect, target } = pair;
  const name = placedName(target);
  return {
    name,
    check: async (signal) => {
      const live = await readAgain(client, pair, signal);
      if (live === null) return stale('uid-changed', `${name}: it is gone, or another object has its name`);
      const check =
        permit.direction === 'forward' ? checkForward(pair, live, intent) : checkBack(permit, pair, live, intent);
      if (check !== null) return check;
      const why = obstacle(effect, live);
      if (why !== null) return refuseWrite(`${name}: ${why}`);
      const back = permit.direction === 'back' ? annotationsBack(permit, target, live) : null;
      return { kind: 'due', request: requestFor(effect, live, intent, back), differs: () => null };
    },
    // A pod that was to go shows it by being away; a workload that is away shows nothing.
    shows: async (signal) => {
      const live = await readAgain(client, pair, signal);
      return live === null ? effect.change.to === 'absence' : isThere(effect, live, target, intent);
    },
  };
}
