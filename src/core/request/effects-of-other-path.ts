// A request to a path that belongs to no kind → a read where it is known to be one; else it may do anything.
import { pathKind } from '../command/kubectl/effects/built-in.ts';
import {
  type CommandEffects,
  concat,
  effectsOnly,
  PLAIN,
  readEffect,
} from '../command/kubectl/effects/effect-builder.ts';
import { isKnownRead } from '../command/kubectl/effects/subresources.ts';
import { undecided } from '../model/refusal.ts';
import type { RequestMethod } from './read-request.ts';
import { opaque } from './unknown-effects.ts';
import { WRITE_VERBS } from './write-kind.ts';

export function effectsOfOtherPath(path: string, method: RequestMethod): CommandEffects {
  if (method === 'GET' || method === 'HEAD') {
    const read = effectsOnly([readEffect(pathKind(path), null, null, { ...PLAIN, verb: 'get', kind: 'read' })]);
    return isKnownRead(path) ? read : concat(read, opaque(`nobody knows what reading ${path} does`, 'human'));
  }
  const written = readEffect({ ...pathKind(path), known: 'unknown' }, null, null, {
    ...PLAIN,
    verb: method === 'DELETE' ? 'delete' : WRITE_VERBS[method],
    kind: 'patch',
    traits: ['kind-unknown'],
  });
  const hidden = { ...opaque(`nobody knows what writing to ${path} does`, 'dual'), undecided: true };
  return concat(effectsOnly([written]), { ...hidden, refusals: [undecided('path')] });
}
