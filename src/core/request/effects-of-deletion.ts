// A DELETE of an object or a collection → what it deletes, how, and what of that cannot be known.
import { deletionKind } from '../command/kubectl/effects/delete.ts';
import {
  type CommandEffects,
  concat,
  concatAll,
  effectsOnly,
  NO_EFFECTS,
  refusalsOnly,
} from '../command/kubectl/effects/effect-builder.ts';
import type { Trait } from '../model/effect.ts';
import { undecided } from '../model/refusal.ts';
import { misplacedPath } from './misplaced-write.ts';
import { bodilessWrite, isBinary, type ObjectRequest, requestedSelection } from './object-request.ts';
import { requestedDeletion } from './requested-deletion.ts';
import { doubtful } from './unknown-effects.ts';

export function effectsOfDeletion(asked: ObjectRequest): CommandEffects {
  const { path, kind, reading } = asked;
  if (path.subresource !== null) return doubtful(`nothing deletes the ${path.subresource} of an object`);
  const { traits: asWanted, change } = requestedDeletion(reading, asked.query);
  const unseen: readonly Trait[] = isBinary(reading) ? ['unseen-content'] : [];
  const traits = [...asWanted, ...unseen];
  const action = deletionKind(kind.resource);
  if (path.name !== null)
    return concat(effectsOnly([bodilessWrite(asked, 'delete', action, { traits, change })]), doubtsOf(asked));
  const { selector, traits: chosen } = requestedSelection(asked);
  const spread: readonly Trait[] = asked.namespace === '*' ? ['all-namespaces'] : [];
  const all = { selector, traits: [...traits, ...chosen, ...spread], change };
  return concat(effectsOnly([bodilessWrite(asked, 'deletecollection', action, all)]), doubtsOf(asked));
}

const doubtsOf = (asked: ObjectRequest): CommandEffects => {
  const { kind, reading, dryRun } = asked;
  // a kind that nobody knows may be a protected one (scoring section 7, b)
  const isNameless = kind.known === 'unknown' && kind.resource.group === '';
  return concatAll([
    doubtful(misplacedPath(asked)),
    isNameless ? { ...NO_EFFECTS, undecided: dryRun === 'none', refusals: [undecided('kind')] } : NO_EFFECTS,
    isBinary(reading) ? refusalsOnly([{ code: 'unseen-content', about: 'DeleteOptions' }]) : NO_EFFECTS,
  ]);
};
