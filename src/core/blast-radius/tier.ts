// Which tier a score belongs to (scoring section 6).
import type { Tier } from '../model/tier.ts';
import type { PolicyDocument } from './policy.ts';

type Limits = PolicyDocument['tiers'];

/** Scores are whole points, 0-100; 100 is reserved for hard rules. */
export function tierOf(score: number, limits: Limits): Tier {
  if (score >= 100) return 'blocked';
  if (score > limits.human) return 'dual';
  return score > limits.auto ? 'human' : 'auto';
}

/** The lowest score of a tier: what a floor lifts to. */
export function floorOf(tier: Exclude<Tier, 'blocked'>, limits: Limits): number {
  if (tier === 'dual') return limits.human + 1;
  return tier === 'human' ? limits.auto + 1 : 0;
}
