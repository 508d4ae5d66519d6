// What the cluster and the gate's memory add (scoring section 5), as a table of rules.

import { lossesOf } from '../impact/outage.ts';
import type { Facts } from '../model/facts.ts';
import { budget } from './evidence/budget.ts';
import { endpoints, lastReplica, pdb, replicaDrop, share } from './evidence/disruption.ts';
import type { Evidence, EvidenceQuestion, EvidenceRule, PersonRequired } from './evidence/evidence-rule.ts';
import { history, noEvidence, noWayBack } from './evidence/history.ts';
import { autoscaled, gitops, owned } from './evidence/managed-elsewhere.ts';
import { barePod, capacity, stateful, unschedulable } from './evidence/pods.ts';
import type { JudgedEffect } from './judged-effect.ts';
import type { Policy } from './policy.ts';

/** One row a code that has points of its own, in the order in which reasons are listed. */
const EVIDENCE_RULES: readonly EvidenceRule[] = [
  autoscaled,
  barePod,
  capacity,
  endpoints,
  gitops,
  history,
  lastReplica,
  noWayBack,
  owned,
  pdb,
  replicaDrop,
  share,
  stateful,
  unschedulable,
];

/** What the rules are asked about one part; null when it writes nothing, and then needs no evidence. */
export function evidenceQuestionOf(
  judged: readonly JudgedEffect[],
  facts: Facts,
  policy: Policy,
): EvidenceQuestion | null {
  const writes = judged.filter((one) => one.writes);
  if (writes.length === 0) return null;
  return { writes, facts, losses: lossesOf(writes, facts.targets, facts.neighbourhood), policy };
}

/** Evidence with points of its own. */
export function evidenceOf(question: EvidenceQuestion): readonly Evidence[] {
  return EVIDENCE_RULES.map((rule) => rule(question)).filter((evidence) => evidence !== null);
}

/** Evidence that asks for a person, given the points so far; a budget only concerns what would run without one. */
export function callsForHuman(question: EvidenceQuestion, points: number): readonly PersonRequired[] {
  const alone = points <= question.policy.document.tiers.auto ? budget(question, points) : null;
  return [alone, noEvidence(question)].filter((evidence) => evidence !== null);
}
