// What happens next with a remediation, in one sentence.
import { refusalsOf } from '../action/runnable.ts';
import { approvalsIn, lackingOf, peopleLacking } from '../approval/quorum.ts';
import type { Vote } from '../approval/vote.ts';
import type { ReviewRule } from '../blast-radius/policy.ts';
import { requirementOf } from '../decision/approval-rules.ts';
import type { Frozen } from '../decision/freeze.ts';
import type { Remediation } from '../remediation/remediation.ts';
import { isHeldForReview } from '../remediation/review.ts';
import { type AnswerDoors, answerSubjectOf, answerWays } from './answer-doors.ts';
import { describeRefusal } from './describe.ts';
import { describeConditions } from './requirement.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

/** What a text about a proposal depends on beside the proposal: language, ways to answer, whether it must have its issue. */
export interface TextContext {
  readonly lang: Lang;
  readonly doors: AnswerDoors;
  readonly reviewRule: ReviewRule;
  /** The freeze that holds a proposal now; absent: there are none. */
  readonly frozenBy?: (remediation: Remediation) => Frozen | null;
  /** Whether the gate of its cluster is paused now; absent: nobody has asked. */
  readonly isPaused?: (remediation: Remediation) => boolean;
}

/** `votes`: those that still count. */
export function describeNext(remediation: Remediation, votes: readonly Vote[], context: TextContext): string {
  const frozen = context.frozenBy?.(remediation) ?? null;
  const words = DICTIONARIES[context.lang];
  const waits = remediation.state === 'awaiting-approval' || remediation.state === 'approved';
  return [
    ...(waits && context.isPaused?.(remediation) === true ? [words.pausedNow] : []),
    ...(frozen === null ? [] : [words.frozen(frozen.name, frozen.until)]),
    nextOf(remediation, votes, context),
  ].join(' ');
}

const nextOf = (remediation: Remediation, votes: readonly Vote[], context: TextContext): string => {
  const { state, decision, expiresAt } = remediation;
  const { lang, doors, reviewRule } = context;
  const { states, waitsFor, review } = DICTIONARIES[lang];
  if (state === 'refused') return refusedNext(remediation, lang);
  const isHeld = isHeldForReview(remediation, reviewRule);
  if (state === 'approved' && isHeld) return review.notice.held;
  if (state !== 'awaiting-approval') return states[state];
  const ways = answerWays(answerSubjectOf(remediation), doors, lang);
  const requirement = requirementOf(decision);
  const lacking = lackingOf(votes, requirement);
  const conditions = describeConditions(requirement, lang, lacking);
  const waits = waitsFor(peopleLacking(lacking), approvalsIn(votes), conditions, ways, expiresAt);
  return isHeld ? `${review.notice.held} ${waits}` : waits;
};

/** What helps depends on what was refused: another command, a right, or waiting until the cluster answers. */
const refusedNext = ({ spec }: Remediation, lang: Lang): string => {
  const { states } = DICTIONARIES[lang];
  const [first] = refusalsOf(spec);
  const remedy = first === undefined ? null : describeRefusal(first, lang).remedy;
  return remedy === null ? states.refused : `${states.refused} ${remedy}`;
};
