// What a number of replicas means by itself (scoring section 4).
import type { Trait } from '../../../model/effect.ts';

/** More replicas than these count as scaling up whatever there is now. */
const MANY_REPLICAS = 20;

/** The traits that a number of replicas has by itself; null is a number that could not be read. */
export function replicaTraits(replicas: number | null): readonly Trait[] {
  return replicas === 0 ? ['scale-to-zero'] : replicas !== null && replicas > MANY_REPLICAS ? ['scale-up'] : [];
}
