// What a part does, with what the garbage collector makes of it: an owner given to an existing object is its deletion
// besides (scoring section 2).
import type { Effect } from '../model/effect.ts';
import type { Part } from '../model/understanding.ts';

/** As `kubectl delete` of the object would be, by the collector: nothing of how the owner was written counts for it. */
const collectionOf = (effect: Effect): Effect => ({
  ...effect,
  verb: 'delete',
  subresource: null,
  selector: null,
  kind:
    effect.kind === 'grant'
      ? 'grant'
      : effect.resource === 'pods' && effect.group === ''
        ? 'delete-pod'
        : 'delete-object',
  traits: [],
  change: { to: 'absence', gracePeriodSeconds: null, propagation: null },
  labelKeys: [],
  annotationKeys: [],
  templateKeys: [],
  subjects: [],
});

/** The part with the deletion of every object that it gives an owner. Dry runs carry no such trait. */
export function withGarbageCollection(part: Part): Part {
  const owned = part.effects.filter(({ traits }) => traits.includes('owner-reference'));
  return owned.length === 0 ? part : { ...part, effects: [...part.effects, ...owned.map(collectionOf)] };
}
