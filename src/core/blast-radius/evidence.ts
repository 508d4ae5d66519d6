// What the cluster and the gate's memory add (scoring section 5). It must never take a point away.
import type { Facts, MissingFact } from '../facts.ts';
import type { ReasonCode } from '../reason.ts';
import type { JudgedEffect } from './judged-effect.ts';
import type { Policy } from './policy.ts';

/** `to-human` adds what is missing up to the human tier. */
export interface Evidence {
  readonly code: ReasonCode;
  readonly points: number | 'to-human';
  readonly subject: string;
}

type Witness = (judged: readonly JudgedEffect[], facts: Facts, policy: Policy) => Evidence | null;

/** An object that does not exist was asked for and answered; every other gap is a fact that did not come back. */
export const unanswered = (facts: Facts): readonly MissingFact[] =>
  facts.missing.filter(({ why }) => why !== 'not-found');

/** One row a code, in the order in which reasons are listed. */
const WITNESSES: readonly Witness[] = [
  (_judged, { failures }, { document }) =>
    failures.length === 0
      ? null
      : {
          code: 'history',
          points: Math.min(document.evidence.history * failures.length, document.limits.history),
          subject: `${failures.length}`,
        },
  (_judged, facts) => {
    const [first] = unanswered(facts);
    return first === undefined
      ? null
      : { code: 'no-evidence', points: 'to-human', subject: `${first.what}: ${first.why}` };
  },
];

/** The evidence about one part. Reads need none. */
export const evidenceOf = (judged: readonly JudgedEffect[], facts: Facts, policy: Policy): readonly Evidence[] => {
  if (!judged.some(({ writes }) => writes)) return [];
  return WITNESSES.map((witness) => witness(judged, facts, policy)).filter((evidence) => evidence !== null);
};
