// A kubectl command becomes what it would do to the cluster; effects/command-table.ts says which function reads it.

import { newReadingBudget, type ReadingBudget, type Surroundings } from '../../model/command.ts';
import { type Effect, READ_VERBS } from '../../model/effect.ts';
import type { Refusal } from '../../model/refusal.ts';
import type { Part } from '../../model/understanding.ts';
import { isUnknown } from '../shell/unknown.ts';
import { COMMAND_TABLE } from './effects/command-table.ts';
import { type CommandEffects, kubectlCommandOf, type NestedReader, NO_EFFECTS } from './effects/effect-builder.ts';
import { reveal } from './effects/reveal.ts';
import { isBare, isGiven } from './flags.ts';
import type { Invocation } from './invocation.ts';

const OPAQUE: CommandEffects = {
  ...NO_EFFECTS,
  opaque: { why: 'what this command does is not known', floor: 'human' },
};

const WRONG_USAGE = new Set(['usage-error', 'unknown-flag', 'bad-flag-value', 'unknown-command', 'unknown-word']);

/** kubectl would refuse it as wrong usage, or nobody knows what it names. */
const isWrongUsage = ({ refusals, args }: Invocation): boolean =>
  refusals.some(({ code }) => WRONG_USAGE.has(code)) || args.some(isUnknown);

/** Flags that pick another cluster or identity, or write a file (scoring section 6, human); can-i asks about another. */
const overridesTarget = (invocation: Invocation): boolean =>
  !isBare(invocation) &&
  (isGiven(invocation, 'output-directory') ||
    isGiven(invocation, 'profile-output') ||
    invocation.refusals.some(
      ({ code, about }) =>
        code === 'identity-flag' && !(invocation.key === 'auth can-i' && about?.startsWith('--as') === true),
    ));

/** Each refusal once. */
const distinct = (refusals: readonly Refusal[]): readonly Refusal[] => [
  ...new Map(refusals.map((refusal) => [`${refusal.code} ${refusal.about ?? ''}`, refusal])).values(),
];

/** An unknown word where a command or kind should stand decides everything: it is never read as plain. */
const UNKNOWN_COMMAND = new Set(['unknown-command', 'unknown-word']);

/** Every write is an effective dry run, and there is one. Reviews that a client creates to ask something are no writes. */
const isDryRun = (effects: readonly Effect[]): boolean => {
  let found = false;
  for (const { dryRun, kind, verb } of effects) {
    if (dryRun) found = true;
    else if (kind !== 'read' && !READ_VERBS.has(verb)) return false;
  }
  return found;
};

/** The reader of nested commands where there are none, or nobody asks for them. */
export function readsNoNested(): readonly Part[] {
  return [];
}

/**
 * The API requests that a command amounts to (kubectl 1.36), with the traits that judging reads and the refusals that
 * targets, kinds and bodies give; those of the invocation are not repeated. `readNested` judges commands that would run
 * inside containers; they come back as `nested` parts. Texts that the command names are read as far as `budget` goes.
 */
export function effectsOfInvocation(
  invocation: Invocation,
  surroundings: Surroundings,
  readNested: NestedReader = readsNoNested,
  budget: ReadingBudget = newReadingBudget(),
): CommandEffects {
  if (invocation.help) return NO_EFFECTS;
  if (invocation.path.length === 0 && invocation.refusals.some(({ code }) => UNKNOWN_COMMAND.has(code))) return OPAQUE;
  const command = kubectlCommandOf(invocation, surroundings, readNested, budget);
  const result = reveal(command, COMMAND_TABLE.get(invocation.key)?.(command) ?? OPAQUE);
  if (result.effects.length === 0 && isWrongUsage(invocation)) return { ...OPAQUE, refusals: result.refusals };
  const overrides = overridesTarget(invocation);
  const refusals = result.refusals.length < 2 ? result.refusals : distinct(result.refusals);
  const dryRun = isDryRun(result.effects);
  return overrides || dryRun || refusals !== result.refusals
    ? { ...result, overridesTarget: overrides, dryRun, refusals }
    : result;
}
