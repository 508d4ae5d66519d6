// One question that the cluster's answer may raise a score by, and what it comes to.

import type { Loss } from '../../impact/outage.ts';
import type { Effect } from '../../model/effect.ts';
import type { Facts } from '../../model/facts.ts';
import { touchedBy } from '../../model/object-ref.ts';
import type { ReasonCode } from '../../model/reason.ts';
import type { JudgedEffect } from '../judged-effect.ts';
import type { Policy } from '../policy.ts';

/** Points of its own; those of `budget` and `no-evidence` are what is missing up to the human tier. */
export interface Evidence {
  readonly code: ReasonCode;
  readonly points: number;
  readonly subject: string;
}

/** Evidence that asks for a person, whatever that takes. */
export type PersonRequired = Omit<Evidence, 'points'>;

/** What a rule is asked about: the writes of one part, what was seen, and the pods that go. */
export interface EvidenceQuestion {
  readonly writes: readonly JudgedEffect[];
  readonly facts: Facts;
  readonly losses: readonly Loss[];
  readonly policy: Policy;
}

export type EvidenceRule = (question: EvidenceQuestion) => Evidence | null;
export type PersonRule = (question: EvidenceQuestion) => PersonRequired | null;

/** More objects than these are counted, not named. */
const NAMED = 3;

/** "a, b, c and 4 more" */
export function named(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const rest = unique.length - NAMED;
  return rest > 0 ? `${unique.slice(0, NAMED).join(', ')} and ${rest} more` : unique.join(', ');
}

/** Evidence of the worst of several objects, naming those that it holds for; null when it holds for none. */
export function evidenceAbout(code: ReasonCode, points: number, names: readonly string[]): Evidence | null {
  return names.length === 0 || points <= 0 ? null : { code, points, subject: named(names) };
}

/** `part` of `whole` shares of points, rounded up, in whole numbers; never more than all of them. */
export function shareOf(points: number, part: number, whole: number): number {
  return whole <= 0 ? points : Math.min(points, Math.ceil((points * part) / whole));
}

/** The targets of one effect. */
export function targetsOf(effect: Effect, { targets }: Facts): Facts['targets'] {
  return touchedBy(effect, targets);
}
