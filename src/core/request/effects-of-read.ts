// A GET or HEAD of an object or a collection → what it reads, and whether that is secret.
import {
  type CommandEffects,
  concat,
  effectsOnly,
  isSecret,
  PLAIN,
  readEffect,
} from '../command/kubectl/effects/effect-builder.ts';
import { isTrue, PLAIN_SUBRESOURCES } from '../command/kubectl/effects/subresources.ts';
import { isMetricsGroup } from '../model/api-path.ts';
import type { ActionKind, Verb } from '../model/effect.ts';
import { type ObjectRequest, requestedSelection } from './object-request.ts';
import { opaque } from './unknown-effects.ts';

export function effectsOfRead(asked: ObjectRequest): CommandEffects {
  const { path, kind, query } = asked;
  const watches = path.prefix === 'watch' || isTrue(query.get('watch') ?? '');
  const verb: Verb = watches ? 'watch' : path.name === null ? 'list' : 'get';
  const selector = path.name === null ? requestedSelection(asked).selector : null;
  const action: ActionKind = isSecret(kind.resource) ? 'sensitive-read' : 'read';
  const effect = readEffect(kind, asked.namespace, path.name ?? '*', {
    ...PLAIN,
    verb,
    kind: action,
    subresource: path.subresource,
    selector,
  });
  const isPlain = PLAIN_SUBRESOURCES.has(path.subresource) || isMetricsGroup(path.group);
  return isPlain
    ? effectsOnly([effect])
    : concat(effectsOnly([effect]), opaque(`nobody knows what reading ${path.subresource ?? ''} does`, 'human'));
}
