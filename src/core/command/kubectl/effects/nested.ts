// Commands that would run inside containers: what they destroy, and what their kubectl would change.

import type { TextCommand as Proposed } from '../../../model/command.ts';
import { READ_VERBS } from '../../../model/effect.ts';
import { undecided } from '../../../model/refusal.ts';
import type { Destruction, Part } from '../../../model/understanding.ts';
import { type CommandEffects, NO_EFFECTS, type WriteContext } from './effect-builder.ts';

const changes = ({ effects }: Part): boolean =>
  effects.some(({ kind, verb, dryRun }) => !dryRun && kind !== 'read' && (!READ_VERBS.has(verb) || kind === 'exec'));

/**
 * What commands inside containers amount to (scoring section 7). Nothing runs in a dry run. A nested kubectl that changes
 * something comes back as a part of its own.
 */
export function readNestedCommands(command: WriteContext, proposed: readonly Proposed[]): CommandEffects {
  if (proposed.length === 0 || command.dryRun !== 'none') return NO_EFFECTS;
  const destroys = new Set<Destruction>();
  const nested: Part[] = [];
  let hidden = false;
  for (const one of proposed) {
    for (const part of command.readNested(one)) {
      for (const destruction of part.destructions) destroys.add(destruction);
      if (part.undecided) hidden = true;
      if (changes(part)) nested.push({ ...part, destructions: [], opaque: null, overridesTarget: false });
    }
  }
  if (destroys.size === 0 && nested.length === 0 && !hidden) return NO_EFFECTS;
  return {
    ...NO_EFFECTS,
    destructions: [...destroys],
    nested,
    undecided: hidden,
    refusals: hidden ? [undecided('nested')] : [],
  };
}

/** Argvs as proposed commands. */
export function asArgvs(argvs: readonly (readonly string[])[]): readonly Proposed[] {
  return argvs.map((argv): Proposed => ({ kind: 'argv', argv }));
}
