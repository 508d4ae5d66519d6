// Which workloads an effect leaves with how many replicas: scaled, deleted, or bounded by an autoscaler.
import type { TargetFact } from '../model/facts.ts';
import type { Neighbourhood } from '../model/neighbourhood.ts';
import { type ObjectKey, objectKey, touches } from '../model/object-ref.ts';
import { type Doer, deletesAll, replicasRemoved } from './outage.ts';

/** A workload's replicas now, and those that the effect leaves it; they may be equal. */
export interface ReplicaChange {
  readonly key: ObjectKey;
  readonly now: number;
  readonly left: number;
}

const AUTOSCALERS = { group: 'autoscaling', resource: 'horizontalpodautoscalers' } as const;

/** Workloads without a number of replicas have no row; nor has one whose new number could not be read. */
export function replicaChangesOf(
  one: Doer,
  targets: readonly TargetFact[],
  { autoscalers, workloads }: Pick<Neighbourhood, 'autoscalers' | 'workloads'>,
): readonly ReplicaChange[] {
  const { effect } = one;
  if (effect.change.to === 'bounds') {
    const { max } = effect.change;
    const governed = new Set(
      autoscalers.filter((own) => touches(effect, { ...AUTOSCALERS, ...own })).map(({ target }) => target),
    );
    const scales = effect.desired?.scales ?? null;
    if (scales !== null) governed.add(objectKey({ ...scales, namespace: effect.namespace }));
    return workloads
      .filter(({ key }) => governed.has(key))
      .map(({ key, replicas }) => ({ key, now: replicas ?? 0, left: Math.min(replicas ?? 0, max) }));
  }
  return targets
    .filter((target) => touches(effect, target))
    .flatMap((target): readonly ReplicaChange[] => {
      const now = target.replicas;
      if (now === null) return [];
      return [{ key: objectKey(target), now, left: deletesAll(one) ? 0 : now - replicasRemoved(one, now) }];
    });
}
