// What is about to be written to, and its neighbours → the objects that are not healthy now, before the write.
import { type Effect, writesOf } from '../model/effect.ts';
import type { TargetFact } from '../model/facts.ts';
import type { Neighbourhood } from '../model/neighbourhood.ts';
import { objectKey, placedName, touchedBy } from '../model/object-ref.ts';

/**
 * Workloads that have fewer ready pods than they want, pods that run and are not ready, services without a ready endpoint: by
 * name ("deployment/web -n shop"), sorted. Names alone, since counts come and go. Of other kinds nothing is known here.
 */
export function unhealthyNow(
  effects: readonly Effect[],
  targets: readonly TargetFact[],
  { workloads, pods, services }: Pick<Neighbourhood, 'workloads' | 'pods' | 'services'>,
): readonly string[] {
  const touched = writesOf(effects).flatMap((effect) => touchedBy(effect, targets));
  const lacking = new Set([
    ...workloads.flatMap(({ uid, replicas, ready }) => (replicas !== null && ready < replicas ? [uid] : [])),
    ...pods.flatMap(({ uid, ready, finished }) => (ready || finished ? [] : [uid])),
    ...services.flatMap(({ uid, selector, ready }) => (selector !== null && ready === 0 ? [uid] : [])),
  ]);
  const found = touched.filter(({ uid }) => lacking.has(uid));
  return [...new Map(found.map((one) => [objectKey(one), placedName(one)])).values()].toSorted();
}
