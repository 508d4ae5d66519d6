// What a part does, with what the garbage collector makes of it: an owner given to an existing object is its deletion
// besides (scoring section 2).
import { type Effect, PLAIN_ABSENCE } from '../model/effect.ts';
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
  change: PLAIN_ABSENCE,
  labelKeys: [],
  annotationKeys: [],
  templateKeys: [],
  subjects: [],
});

const isOwned = ({ traits }: Effect): boolean => traits.includes('owner-reference');

/** The part with the deletion of every object that it gives an owner. Dry runs carry no such trait. */
export function withGarbageCollection(part: Part): Part {
  if (!part.effects.some(isOwned)) return part;
  const owned = part.effects.filter(isOwned);
  return { ...part, effects: [...part.effects, ...owned.map(collectionOf)] };
}
