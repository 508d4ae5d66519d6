// What effects do, and what goes by itself with them: hard rules are asked of both (scoring section 7).
import { type Collateral, collateralOf } from '../impact/collateral.ts';
import { lossesOf } from '../impact/outage.ts';
import type { Effect } from '../model/effect.ts';
import type { Facts } from '../model/facts.ts';
import type { SeenEffect } from './judged-effect.ts';

/** The garbage collector's request, or that of the StatefulSet controller. */
const deletionOf = ({ group, resource, namespace, name }: Collateral): Effect => ({
  verb: 'delete',
  group,
  resource,
  subresource: null,
  namespace,
  name,
  selector: null,
  kind: 'delete-object',
  known: 'built-in',
  dryRun: false,
  traits: [],
  change: { to: 'absence', gracePeriodSeconds: null, propagation: null },
  labelKeys: [],
  annotationKeys: [],
  templateKeys: [],
  desired: null,
  subjects: [],
});

/** The effects as seen, and a deletion of each object that goes along with them; none where no cluster was asked. */
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
      (one): SeenEffect => ({ effect: deletionOf(one), kind: 'delete-object', rehearsed: false, writes: true }),
    ),
  ];
}
