// The sum of one part, a line each: base, weight, multiplier, modifiers, evidence, floor, cap (scoring section 6).

import { type Action, rowOf } from '../model/effect.ts';
import type { Facts } from '../model/facts.ts';
import { resourceKey } from '../model/object-ref.ts';
import { REASON_CODES, type Reason, type ReasonCode } from '../model/reason.ts';
import type { EvidenceQuestion } from './evidence/evidence-rule.ts';
import { callsForHuman, evidenceOf, evidenceQuestionOf } from './evidence.ts';
import type { Floor } from './floors.ts';
import type { JudgedEffect } from './judged-effect.ts';
import { modifiersOf } from './modifiers.ts';
import type { Policy } from './policy.ts';
import { floorOf } from './tier.ts';

/** The highest score that adding up can reach; 100 is reserved for hard rules. */
const HIGHEST = 99;

const LINE = new Map<ReasonCode, number>(REASON_CODES.map((code, line) => [code, line]));
const byLine = (a: Reason, b: Reason): number => (LINE.get(a.code) ?? 0) - (LINE.get(b.code) ?? 0);
const inOrder = (reasons: readonly Reason[]): readonly Reason[] =>
  reasons.length < 2 ? reasons : reasons.toSorted(byLine);

/** The effect that counts: the highest points, at equal points the lower row of scoring section 2. */
export function highestOf(judged: readonly JudgedEffect[]): JudgedEffect | null {
  let highest: JudgedEffect | null = null;
  for (const one of judged) {
    if (
      highest === null ||
      one.points > highest.points ||
      (one.points === highest.points && rowOf(one.kind) > rowOf(highest.kind))
    ) {
      highest = one;
    }
  }
  return highest;
}

const ofEffect = (highest: JudgedEffect, policy: Policy): Reason[] => {
  const { kind, base, weight, multiplied, effect } = highest;
  const reasons: Reason[] = [{ code: 'base', points: base, subject: kind }];
  if (weight !== 0) reasons.push({ code: 'weight', points: weight, subject: resourceKey(effect) });
  if (multiplied !== 0) {
    const name = highest.namespaceClass ?? 'other';
    const tenths = policy.tenths[name];
    reasons.push({
      code: 'multiplier',
      points: multiplied,
      subject: `${name} ×${Math.floor(tenths / 10)}.${tenths % 10}`,
    });
  }
  return reasons;
};

/** At equal points the one that stands first is kept. */
const OUTAGE: readonly ReasonCode[] = ['scale-to-zero', 'endpoints', 'replica-drop', 'last-replica', 'share'];

/** Several codes describe one outage (scoring section 5): the list with the largest of these codes and without the others, in the same order. */
const oneOutage = <T extends { readonly code: ReasonCode; readonly points: number }>(
  reasons: readonly T[],
): readonly T[] => {
  let largest: T | null = null;
  for (const code of OUTAGE) {
    for (const reason of reasons) {
      if (reason.code === code && (largest === null || reason.points > largest.points)) largest = reason;
    }
  }
  return reasons.filter((reason) => reason === largest || !OUTAGE.includes(reason.code));
};

export interface Sum {
  readonly score: number;
  /** They add up to `score`. */
  readonly reasons: readonly Reason[];
}

/** Adds one part up. Without an effect the base is nothing of its action, and the floor says the rest. */
export function sumOf(
  action: Action,
  judged: readonly JudgedEffect[],
  floor: Floor | null,
  facts: Facts | null,
  policy: Policy,
): Sum {
  const { tiers } = policy.document;
  const highest = highestOf(judged);
  const base = highest?.points ?? 0;
  const question = facts === null ? null : evidenceQuestionOf(judged, facts, policy);
  const modifiers = modifiersOf(judged, facts, policy);
  const more = inOrder(question === null ? modifiers : withEvidence(base, modifiers, question));
  const reasons: Reason[] =
    highest === null ? [{ code: 'base', points: 0, subject: action }] : ofEffect(highest, policy);
  for (const reason of more) reasons.push(reason);
  let score = pointsOf(base, more);
  const lowest = floor === null ? 0 : floorOf(floor.tier, tiers);
  if (floor !== null && score < lowest) {
    reasons.push({ code: 'floor', points: lowest - score, subject: floor.cause });
    score = lowest;
  }
  if (score > HIGHEST) {
    reasons.push({ code: 'cap', points: HIGHEST - score, subject: null });
    score = HIGHEST;
  }
  return { score, reasons };
}

const pointsOf = (base: number, reasons: readonly Reason[]): number => {
  let points = base;
  for (const reason of reasons) points += reason.points;
  return points;
};

/** The modifiers with what the cluster says: one reason for each outage, and what calls for a person whatever the sum. */
const withEvidence = (base: number, modifiers: readonly Reason[], question: EvidenceQuestion): readonly Reason[] => {
  const found = oneOutage([...modifiers, ...evidenceOf(question)]);
  const before = pointsOf(base, found);
  const missing = Math.max(0, floorOf('human', question.policy.document.tiers) - before);
  const lifted = callsForHuman(question, before).map(
    (reason, at): Reason => ({ ...reason, points: at === 0 ? missing : 0 }),
  );
  return [...found, ...lifted];
};
