// How much a kind of object weighs (scoring section 2).
import type { Effect } from '../model/effect.ts';
import { resourceKey } from '../model/object-ref.ts';

interface Weight {
  readonly everywhere: number;
  /** Namespaces where it weighs otherwise. */
  readonly inNamespaces: ReadonlyMap<string, number>;
}

export interface ResourceWeights {
  readonly named: ReadonlyMap<string, Weight>;
  readonly others: number;
}

/** Makes the table of a policy ready. A kind named in one namespace only weighs elsewhere what unnamed kinds weigh. */
export function weightsOf(table: {
  readonly named: readonly { readonly points: number; readonly resources: readonly string[] }[];
  readonly others: number;
}): ResourceWeights {
  const named = new Map<string, { everywhere: number; inNamespaces: Map<string, number> }>();
  for (const { points, resources } of table.named) {
    for (const resource of resources) {
      const slash = resource.indexOf('/');
      const key = resource.slice(slash + 1);
      const entry = named.get(key) ?? { everywhere: table.others, inNamespaces: new Map<string, number>() };
      named.set(key, entry);
      if (slash < 0) entry.everywhere = points;
      else entry.inNamespaces.set(resource.slice(0, slash), points);
    }
  }
  return { named, others: table.others };
}

/**
 * Points of the effect's resource. Unknown kinds and unseen content weigh as unnamed kinds at least; over all
 * namespaces the heaviest place counts.
 */
export function weightOf(effect: Effect, weights: ResourceWeights): number {
  const { others } = weights;
  const entry = effect.known === 'unknown' ? undefined : weights.named.get(resourceKey(effect));
  if (entry === undefined) return others;
  if (effect.resource === 'jobs' && effect.traits.includes('finished-only')) return 0;
  let points = entry.everywhere;
  if (entry.inNamespaces.size > 0 && effect.namespace !== null) {
    if (effect.namespace === '*') points = Math.max(points, ...entry.inNamespaces.values());
    else points = entry.inNamespaces.get(effect.namespace) ?? points;
  }
  return effect.traits.includes('unseen-content') ? Math.max(points, others) : points;
}
