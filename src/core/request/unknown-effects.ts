// What nobody can know of a request → effects that say so: none of their own, but a floor for the tier, a doubt, a refusal.
import { type CommandEffects, NO_EFFECTS } from '../command/kubectl/effects/effect-builder.ts';
import { undecided } from '../model/refusal.ts';

/** What about it cannot be read for certain, in English words; null: nothing. */
export function doubtful(about: string | null): CommandEffects {
  if (about === null) return NO_EFFECTS;
  const refusals = [{ code: 'unreadable-request', about } as const, undecided('request')];
  return { ...NO_EFFECTS, undecided: true, refusals };
}

/** It may do more than is seen, and asks for people of this tier at least. */
export function opaque(why: string, floor: 'human' | 'dual'): CommandEffects {
  return { ...NO_EFFECTS, opaque: { why, floor } };
}

/** A body that nobody has seen could be anything. */
export const UNSEEN_BODY: CommandEffects = { ...NO_EFFECTS, undecided: true, refusals: [undecided('content')] };
