// What effects do, and what goes by itself with them: hard rules are asked of both (scoring section 7).
import { collateralOf } from '../impact/collateral.ts';
import { lossesOf } from '../impact/outage.ts';
import { plainDeletion } from '../model/effect.ts';
import type { Facts } from '../model/facts.ts';
import type { SeenEffect } from './judged-effect.ts';

/**
 * The effects as seen, and a deletion of each object that goes along with them: the garbage collector's request, or that of
 * the StatefulSet controller; none where no cluster was asked.
 */
export function withCollateral(seen: readonly SeenEffect[], facts: Facts | null): readonly SeenEffect[] {
  if (facts === null) return seen;
  const { targets, neighbourhood } = facts;
  const { dependents, workloads } = neighbourhood;
  if (dependents.length === 0 && workloads.every(({ claimRetention }) => claimRetention === null)) return seen;
  const writes = seen.filter((one) => one.writes);
  const collateral = collateralOf(writes, targets, neighbourhood, lossesOf(writes, targets, neighbourhood));
  return [
    ...seen,
    ...collateral.map(
      (one): SeenEffect => ({
        effect: plainDeletion('delete-object', one),
        kind: 'delete-object',
        rehearsed: false,
        writes: true,
      }),
    ),
  ];
}
