// label and annotate: keys of an object's own metadata.

import type { Trait } from '../../../model/effect.ts';
import type { MutationContent } from '../../../model/mutation.ts';
import { resourceKey } from '../../../model/object-ref.ts';
import { keyTraits } from '../body/metadata.ts';
import { isOn } from '../flags.ts';
import { cutPairs } from '../pairs.ts';
import { type CommandEffects, type KubectlCommand, NO_EFFECTS, PLAIN } from './effect-builder.ts';
import { comesFromFiles } from './manifests.ts';
import { readFiles, readTargets } from './read.ts';
import { selectionByFlags } from './selection.ts';
import { sent } from './sent.ts';
import { namedTargets } from './targets.ts';
import { writeArguments } from './write.ts';

/** "app=web" → "app", "app-" → "app-": a key that goes keeps its mark. */
const keyOfPair = (pair: string): string => {
  const equals = pair.indexOf('=');
  return equals < 0 ? pair : pair.slice(0, equals);
};

/** A label that changes or goes moves its object out of what selects it; a new one may move it in. */
const membership = (command: KubectlCommand, keys: readonly string[]): readonly Trait[] =>
  isOn(command.invocation, 'overwrite') || keys.some((key) => key.endsWith('-')) ? ['membership'] : ['new-label'];

/** What the pairs set, and null for what they take away; null where kubectl refuses to do both to one key. */
const wanted = (on: 'labels' | 'annotations', pairs: readonly string[], overwrite: boolean): MutationContent | null => {
  const set = new Map<string, string | null>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const key = equals < 0 ? pair.slice(0, -1) : pair.slice(0, equals);
    const value = equals < 0 ? null : pair.slice(equals + 1);
    if (set.has(key) && (set.get(key) === null) !== (value === null)) return null;
    set.set(key, value);
  }
  return { is: 'metadata', on, set: Object.fromEntries(set), overwrite };
};

const marks =
  (on: 'labels' | 'annotations') =>
  (command: KubectlCommand): CommandEffects => {
    const { invocation } = command;
    if (isOn(invocation, 'local')) return NO_EFFECTS;
    const { resources, pairs } = cutPairs(invocation.args);
    const selection = selectionByFlags(invocation);
    // with --list nothing is sent but the read, pairs or not
    if (isOn(invocation, 'list'))
      return comesFromFiles(command)
        ? readFiles(command)
        : readTargets(command, namedTargets(command, resources), selection);
    const keys = pairs.map(keyOfPair);
    const own = on === 'labels' ? membership(command, keys) : [];
    const mutation = sent(command, () => wanted(on, pairs, isOn(invocation, 'overwrite')));
    return writeArguments(
      command,
      resources,
      selection,
      (reached) => {
        const key = resourceKey({ group: reached.kind.resource.group, resource: reached.kind.resource.name });
        const traits = [...own, ...keys.flatMap((one) => keyTraits(one, on, 'patch', key)), ...reached.traits];
        return {
          ...PLAIN,
          verb: 'patch',
          kind: on === 'labels' ? 'label' : 'annotate',
          labelKeys: on === 'labels' ? keys : [],
          annotationKeys: on === 'annotations' ? keys : [],
          traits: traits.length < 2 ? traits : [...new Set(traits)],
          mutation,
        };
      },
      { verb: 'patch', kind: on === 'labels' ? 'label' : 'annotate', traits: own },
    );
  };

export const label = marks('labels');
export const annotate = marks('annotations');
