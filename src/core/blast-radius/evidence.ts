// What the cluster and the gate's memory add (scoring section 5), as a table of witnesses. It must never take a point away.

import { lossesOf } from '../impact/outage.ts';
import type { Facts } from '../model/facts.ts';
import { budget } from './evidence/budget.ts';
import { endpoints, lastReplica, pdb, replicaDrop, share } from './evidence/disruption.ts';
import type { Call, Evidence, Question, Witness } from './evidence/evidence-rule.ts';
import { autoscaled, gitops } from './evidence/governed.ts';
import { history, noEvidence, noWayBack } from './evidence/past.ts';
import { barePod, capacity, stateful } from './evidence/pods.ts';
import type { JudgedEffect } from './judged-effect.ts';
import type { Policy } from './policy.ts';

/** One row a code that has points of its own, in the order in which reasons are listed. */
const WITNESSES: readonly Witness[] = [
  autoscaled,
  barePod,
  capacity,
  endpoints,
  gitops,
  history,
  lastReplica,
  noWayBack,
  pdb,
  replicaDrop,
  share,
  stateful,
];

/** What the witnesses are asked about one part; null when it writes nothing, and then needs no evidence. */
export const questionOf = (judged: readonly JudgedEffect[], facts: Facts, policy: Policy): Question | null => {
  const writes = judged.filter((one) => one.writes);
  if (writes.length === 0) return null;
  return { writes, facts, losses: lossesOf(writes, facts.targets, facts.around), policy };
};

/** Evidence with points of its own. */
export const evidenceOf = (question: Question): readonly Evidence[] =>
  WITNESSES.map((witness) => witness(question)).filter((evidence) => evidence !== null);

/** Evidence that asks for a person, given the points so far; a budget only concerns what would run without one. */
export const callsForHuman = (question: Question, points: number): readonly Call[] => {
  const alone = points <= question.policy.document.tiers.auto ? budget(question, points) : null;
  return [alone, noEvidence(question)].filter((evidence) => evidence !== null);
};
