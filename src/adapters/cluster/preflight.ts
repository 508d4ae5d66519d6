// Reads everything a permit speaks of again and says which writes are left, or what is no longer as sealed.

import { hasExecutor } from '../../core/action/executors.ts';
import type { ExecutionPermit } from '../../core/approval/permit.ts';
import { type Effect, writesOf } from '../../core/model/effect.ts';
import { type Pair, pairsOf, type TargetFact } from '../../core/model/facts.ts';
import { placedName, touches } from '../../core/model/object-ref.ts';
import type { WriteResult } from '../../core/remediation/event.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { WriteIntent } from '../../ports/cluster-writer.ts';
import { inBatches } from './batch.ts';
import { changesTemplate, isAsLeft, isThere, type Live, obstacle, preImageOf } from './change.ts';
import type { ClusterClient } from './client.ts';
import { findObjects, withHistory } from './find-objects.ts';
import { at, stable, textAt } from './json-at.ts';
import { isByAutoscaler, writerOf } from './other-writers.ts';
import { clusterUid } from './reader.ts';
import { templateHash } from './template.ts';

type Stale = WriteResult & { readonly outcome: 'stale' };
type Refused = WriteResult & { readonly outcome: 'refused' };

/** One object, compared: to be written, already as it should be, or a reason to stop. */
export type PreflightCheck =
  | { readonly kind: 'due'; readonly pair: Pair; readonly live: Live }
  | { readonly kind: 'done'; readonly pair: Pair }
  | { readonly kind: 'stopped'; readonly result: Stale | Refused };

/** All objects compared, or the first reason to write nothing at all. */
export type PreflightResult =
  | { readonly kind: 'ready'; readonly checks: readonly Exclude<PreflightCheck, { readonly kind: 'stopped' }>[] }
  | (PreflightCheck & { readonly kind: 'stopped' });

const stopped = (result: Stale | Refused): PreflightCheck & { readonly kind: 'stopped' } => ({
  kind: 'stopped',
  result,
});

const stale = (code: Stale['code'], why: string): PreflightCheck => stopped({ outcome: 'stale', code, why });

/** The effects of a permit's direction, each with its sealed object. */
export function pairsOfPermit({ direction, spec }: ExecutionPermit): readonly Pair[] {
  return pairsOf(direction === 'forward' ? spec.effects : spec.rollbackPlan.steps, spec.facts);
}

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

const checkForward = ({ effect, target }: Pair, live: Live, intent: WriteIntent): PreflightCheck => {
  const pair = { effect, target };
  const name = placedName(target);
  if (effect.change.to !== 'absence' && isThere(effect, live, target, intent)) return { kind: 'done', pair };
  const changed = changedFields(effect, live, target);
  if (changed.length > 0)
    return stale('pre-image-changed', `${name}: ${changed.join(', ')} changed since it was sealed`);
  if (changesTemplate(effect) && live.history?.live !== target.revision)
    return stale('pre-image-changed', `${name}: the live revision is ${live.history?.live ?? 'not recorded'} now`);
  return { kind: 'due', pair, live };
};

/** Who changed what was written, in the cluster's words. */
const whoElse = (effect: Effect, { object }: Live): string => {
  if (effect.change.to !== 'replicas') return writerOf(object, 'template') ?? 'somebody else';
  return isByAutoscaler(object) ? 'its autoscaler' : (writerOf(object, 'replicas') ?? 'somebody else');
};

/** The rollback: only over what the forward write left, and only to what was sealed. */
const checkBack = (permit: ExecutionPermit, pair: Pair, live: Live, intent: WriteIntent): PreflightCheck => {
  const { effect, target } = pair;
  const name = placedName(target);
  // Which pods are stuck shows only once the template is back: found out when it is their turn.
  if (effect.change.to === 'replacement') return { kind: 'due', pair, live };
  if (isThere(effect, live, target, intent)) return { kind: 'done', pair };
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
  return { kind: 'due', pair, live };
};

/** Compares one object with what was sealed. Throws AdapterError where it cannot be read. */
export async function checkOne(
  client: ClusterClient,
  permit: ExecutionPermit,
  pair: Pair,
  intent: WriteIntent,
  signal: AbortSignal,
): Promise<PreflightCheck> {
  const name = placedName(pair.target);
  if (!hasExecutor(pair.effect))
    return stopped({ outcome: 'refused', why: `${name}: there is no executor for this`, written: 0 });
  const live = await readAgain(client, pair, signal);
  if (live === null) return stale('uid-changed', `${name}: it is gone, or another object has its name`);
  const check =
    permit.direction === 'forward' ? checkForward(pair, live, intent) : checkBack(permit, pair, live, intent);
  const why = check.kind === 'due' ? obstacle(pair.effect, live) : null;
  return why === null ? check : stopped({ outcome: 'refused', why: `${name}: ${why}`, written: 0 });
}

const uidsOf = (objects: readonly { readonly object: Live['object'] }[]): readonly string[] =>
  objects.map(({ object }) => textAt(object, 'metadata', 'uid') ?? '').toSorted();

/** A selector must still choose exactly the sealed objects. */
const checkSets = async (
  client: ClusterClient,
  { spec }: ExecutionPermit,
  signal: AbortSignal,
): Promise<Stale | null> => {
  for (const effect of writesOf(spec.effects)) {
    const sealed = spec.facts.filter((fact) => touches(effect, fact)).map(({ uid }) => uid);
    const found = effect.name === '*' ? uidsOf(await findObjects(client, effect, signal)) : sealed.toSorted();
    if (sealed.length === 0 || stable(found) !== stable(sealed.toSorted()))
      return {
        outcome: 'stale',
        code: 'targets-changed',
        why: `${placedName(effect)}: ${found.length} objects now, ${sealed.length} sealed`,
      };
  }
  return null;
};

/** What is left to write, or why nothing may be. Throws AdapterError where something cannot be read. */
export async function preflight(
  client: ClusterClient,
  permit: ExecutionPermit,
  intent: WriteIntent,
  signal: AbortSignal,
): Promise<PreflightResult> {
  const { uid } = permit.spec.cluster;
  if (uid === null || uid !== (await clusterUid(client, signal)))
    return stopped({ outcome: 'stale', code: 'other-cluster', why: `sealed for the cluster ${uid ?? '(none)'}` });
  if (permit.direction === 'forward') {
    const changed = await checkSets(client, permit, signal);
    if (changed !== null) return stopped(changed);
  }
  const all = await inBatches(pairsOfPermit(permit), (pair) => checkOne(client, permit, pair, intent, signal));
  const checks: Exclude<PreflightCheck, { readonly kind: 'stopped' }>[] = [];
  for (const check of all) {
    if (check.kind === 'stopped') return check;
    checks.push(check);
  }
  return { kind: 'ready', checks };
}
