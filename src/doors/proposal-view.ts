// A remediation as the doors show it (contract section 2).
import { refusalsOf } from '../core/action/runnable.ts';
import type { People, Proposer } from '../core/approval/people.ts';
import { approvalsIn, lackingOf, validVotes } from '../core/approval/quorum.ts';
import type { Vote } from '../core/approval/vote.ts';
import type { ProgramOutput } from '../core/model/program-output.ts';
import type { Refusal } from '../core/model/refusal.ts';
import type { EventRecord } from '../core/remediation/event.ts';
import type { Remediation } from '../core/remediation/remediation.ts';
import { describeRefusal, describeRollbackVerdict, describeRunnable, describeVerdict } from '../core/text/describe.ts';
import { describeNext, type TextContext } from '../core/text/next-step.ts';
import { describeReview } from '../core/text/review-notice.ts';
import { whyOf } from '../core/text/state-reason.ts';
import type { Lang } from '../core/text/words/lang.ts';
import { within } from '../flow/deadline.ts';
import { frozenNow } from '../flow/freeze.ts';
import { answerDoorsOf, type Gate, gatesOf, isOwn, reviewRuleOf } from '../flow/gate.ts';

export type NumberedEvent = EventRecord & { readonly seq: number };

/** `output`: what its program printed (readOutput); lists leave it out. */
export function proposalView(
  remediation: Remediation,
  events: readonly NumberedEvent[],
  { people, ...context }: ViewContext,
  output?: ProgramOutput | null,
) {
  const { lang, reviewRule } = context;
  const { spec } = remediation;
  const frozen = context.frozenBy?.(remediation) ?? null;
  const votes = validVotes({ ...remediation, digest: spec.digest }, people);
  const refusals = shownRefusals(remediation);
  return {
    id: remediation.id,
    incident: remediation.incident,
    state: remediation.state,
    code: codeOf(remediation),
    digest: spec.digest,
    tier: spec.tier,
    score: spec.blastRadiusScore,
    proposer: proposerName(remediation.proposer),
    createdAt: remediation.createdAt,
    expiresAt: remediation.expiresAt,
    diagnosis: remediation.diagnosis,
    runnable: describeRunnable(spec, lang),
    spec,
    refusals: refusals.map((refusal) => describeRefusal(refusal, lang)),
    votes: remediation.votes,
    ...(remediation.breakGlass === undefined ? {} : { breakGlass: remediation.breakGlass }),
    needed: neededOf(remediation, votes),
    ...(frozen === null ? {} : { frozen }),
    review: remediation.review,
    verdict: verdictOf(remediation, lang),
    rollbackVerdict:
      remediation.backVerdict === null
        ? null
        : { ...remediation.backVerdict, message: describeRollbackVerdict(remediation.backVerdict, lang) },
    ...(output === undefined ? {} : { output }),
    events: events.map(eventView),
    why: whyOf(remediation, remediation.state, lang),
    reviewNotice: describeReview(remediation, reviewRule, lang),
    next: describeNext(remediation, votes, context),
  };
}

/** Why it does not run: what was found when it was proposed, and what has come since. */
export function shownRefusals({ state, spec, refusal }: Remediation): readonly Refusal[] {
  const refused = state === 'refused' ? refusalsOf(spec) : spec.refusals;
  return [...refused, ...(refusal === null ? [] : [refusal])];
}

/** How many must agree and have agreed; what rules of the policy ask for besides, and what of it is lacking still. */
const neededOf = ({ decision }: Remediation, votes: readonly Vote[]) => {
  const approvals = decision?.approvals ?? 0;
  const requirement = decision?.requirement;
  const have = approvalsIn(votes);
  if (requirement === undefined) return { approvals, have };
  const { from, channels, strongVotes, reasonRequired, rules } = requirement;
  const { from: lacking, strongVote } = lackingOf(votes, requirement);
  return {
    approvals,
    have,
    from,
    channels,
    strongVotes,
    reasonRequired,
    rules,
    lacking: { from: lacking, strongVote },
  };
};

/** What a proposal is shown with: who there is, and how its texts are written. */
export interface ViewContext extends TextContext {
  readonly people: People;
}

/** The context of a gate, as it is now. */
export function viewContextOf(gate: Gate): ViewContext {
  return {
    people: gate.people(),
    lang: gate.lang,
    doors: answerDoorsOf(gate),
    reviewRule: reviewRuleOf(gate),
    frozenBy: (remediation) => frozenNow(gate, remediation),
  };
}

/** The same for readers of these, who must know whether the gate of their cluster is paused. */
export async function readViewContext(
  gate: Gate,
  shown: readonly Remediation[],
  signal: AbortSignal,
): Promise<ViewContext> {
  const paused: Gate[] = [];
  for (const one of gatesOf(gate))
    if (shown.some((remediation) => isOwn(one, remediation)))
      if (await gate.store.controls.paused(one.clusterName, within('store', signal))) paused.push(one);
  return { ...viewContextOf(gate), isPaused: (remediation) => paused.some((one) => isOwn(one, remediation)) };
}

export type ProposalView = ReturnType<typeof proposalView>;

const verdictOf = ({ verdict }: Remediation, lang: Lang) =>
  verdict === null ? null : { ...verdict, message: describeVerdict(verdict, lang) };

/** The registered code of a proposal that will not run. */
const codeOf = ({ state, spec, refusal }: Remediation): string | null => {
  if (state === 'blocked') return 'hard-rule';
  if (state === 'refused') return refusalsOf(spec)[0]?.code ?? null;
  return refusal?.code ?? null;
};

const proposerName = (proposer: Proposer): string => (proposer.kind === 'agent' ? `agent:${proposer.id}` : proposer.id);

/** The whole spec stands once in the proposal; its event names the digest. */
export function eventView({ seq, at, event, from, to }: NumberedEvent): Record<string, unknown> {
  return event.event === 'proposed'
    ? { seq, at, event: event.event, from, to, proposer: proposerName(event.proposer), digest: event.spec.digest }
    : { seq, at, from, to, ...event };
}
