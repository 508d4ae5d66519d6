// The measured blast radius as it travels: score, tier and the reasons that add up.

import type { Action, Effect } from '../model/effect.ts';
import type { Reason } from '../model/reason.ts';
import type { Refusal } from '../model/refusal.ts';
import type { Tier } from '../model/tier.ts';

/** The hard rule that fired: its name in kebab-case and what it hit ("namespaces shop"). */
export interface FiredRule {
  readonly code: string;
  readonly subject: string;
}

export interface BlastRadius {
  /** Whole points, 0-100; null only when the calculation itself failed. */
  readonly score: number | null;
  readonly tier: Tier;
  readonly action: Action;
  readonly executable: boolean;
  readonly refusals: readonly Refusal[];
  readonly hardRule: FiredRule | null;
  readonly dryRun: boolean;
  readonly evidence: 'none' | 'live';
  readonly effects: readonly Effect[];
  /** They sum to `score` exactly. */
  readonly reasons: readonly Reason[];
}
