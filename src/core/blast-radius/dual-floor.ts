// Whether a dual floor applies to a command, whatever its points (scoring section 6).
import type { Facts } from '../model/facts.ts';
import type { Understanding } from '../model/understanding.ts';
import { extendedRuleFired } from './extended-rules.ts';
import { floorOfPart, type JudgingContext } from './floors.ts';
import { withGarbageCollection } from './garbage-collection.ts';
import { judgeEffect } from './judged-effect.ts';
import type { Policy } from './policy.ts';
import { withCollateral } from './with-collateral.ts';

/** Asked where the score does not decide: with the check off two people are needed for these. What cannot be asked counts as dual. */
export function hasDualFloor(understanding: Understanding, facts: Facts | null, policy: Policy): boolean {
  const executable = understanding.refusals.length === 0 ? 'executable' : 'not-executable';
  const context: JudgingContext = { facts, policy, executable, exec: 'not-allowed' };
  try {
    return understanding.parts.map(withGarbageCollection).some((part) => {
      const judged = part.effects.map((effect) => judgeEffect(effect, facts, policy, context.exec));
      return (
        floorOfPart(part, judged, context)?.tier === 'dual' ||
        extendedRuleFired(withCollateral(judged, facts), facts, policy)?.means === 'dual'
      );
    });
  } catch {
    return true;
  }
}
