// How much agreement an action needs, from least to most.

/** auto ≤ 10 < human ≤ 50 < dual ≤ 99 < blocked = 100 (limits: policy, scoring section 6). In this order. */
export const TIERS = ['auto', 'human', 'dual', 'blocked'] as const;
export type Tier = (typeof TIERS)[number];

/** Below zero where the first needs less agreement, above zero where it needs more. */
export function compareTiers(a: Tier, b: Tier): number {
  return TIERS.indexOf(a) - TIERS.indexOf(b);
}
