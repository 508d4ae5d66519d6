// A remediation as the console shows it: the view of every door, and each of its sentences in both languages.
import { lackingOf, validVotes } from '../core/approval/quorum.ts';
import type { ProgramOutput } from '../core/model/program-output.ts';
import type { Remediation } from '../core/remediation/remediation.ts';
import {
  describeConstraints,
  describeHardRule,
  describeNoRollback,
  describeReason,
  describeRefusal,
  describeRollbackVerdict,
  describeRunnable,
  describeTargetState,
  describeVerdict,
} from '../core/text/describe.ts';
import { describeNext } from '../core/text/next-step.ts';
import { describeConditions } from '../core/text/requirement.ts';
import { describeReview } from '../core/text/review-notice.ts';
import { describeLosses } from '../core/text/rollback-losses.ts';
import { whyOf } from '../core/text/state-reason.ts';
import type { Lang } from '../core/text/words/lang.ts';
import { eventView, type NumberedEvent, proposalView, shownRefusals, type ViewContext } from './proposal-view.ts';

/** A page lets its reader choose the language: it is told in each. */
export function inEachLanguage<T>(say: (lang: Lang) => T): { readonly [L in Lang]: T } {
  return { en: say('en'), 'zh-TW': say('zh-TW') };
}

/** The view of one proposal, and `told`: what the gate says of it, in each language. */
export function pageView(
  remediation: Remediation,
  events: readonly NumberedEvent[],
  context: ViewContext,
  output: ProgramOutput | null | undefined,
) {
  const view = proposalView(remediation, events, context, output);
  return {
    ...view,
    events: events.map((one) => ({ ...eventView(one), ...toldOf(one) })),
    told: inEachLanguage((lang) => toldView(remediation, { ...context, lang })),
  };
}

/** What an event says in words, where the gate has words for it. */
const toldOf = ({ event }: NumberedEvent): { readonly told?: { readonly [L in Lang]: string } } => {
  if (event.event === 'sampled') {
    const describe = event.direction === 'back' ? describeRollbackVerdict : describeVerdict;
    return { told: inEachLanguage((lang) => describe(event.verdict, lang)) };
  }
  if (event.event === 'went-stale' || event.event === 'way-back-lost')
    return { told: inEachLanguage((lang) => describeRefusal(event.refusal, lang).message) };
  return {};
};

/** Of a proposal in a list what a row shows: 50,000 of them are read while somebody scrolls. */
export function pageRow(remediation: Remediation, context: ViewContext) {
  const { spec, ...view } = proposalView(remediation, [], context);
  const { schemaVersion, digest, cluster, tier, action, command, target, namespace, runnable, targetState } = spec;
  return {
    ...view,
    spec: { schemaVersion, digest, cluster, tier, action, command, target, namespace, runnable, targetState },
    told: inEachLanguage((lang) => ({ effect: describeTargetState(remediation.spec, lang) })),
  };
}

/**
 * Every sentence of a proposal in the language of `context`. `reasons` add up to the score; `needed` is what rules of the policy
 * still ask for beside a number of people, "" where they ask for nothing.
 */
const toldView = (remediation: Remediation, context: ViewContext) => {
  const { lang, reviewRule, people } = context;
  const { spec, decision, verdict, backVerdict } = remediation;
  const votes = validVotes({ ...remediation, digest: spec.digest }, people);
  const requirement = decision?.requirement;
  return {
    effect: describeTargetState(spec, lang),
    reasons: spec.reasons.map((reason) => ({
      code: reason.code,
      points: reason.points,
      message: describeReason(reason, lang),
    })),
    constraints: describeConstraints(spec, lang),
    rollback: {
      none: describeNoRollback(spec, lang),
      loses: spec.rollbackPlan.fidelity === 'partial' ? describeLosses(spec, lang) : [],
    },
    refusals: shownRefusals(remediation).map((refusal) => describeRefusal(refusal, lang)),
    hardRule: spec.hardRule === null ? null : describeHardRule(spec.hardRule, lang).message,
    runnable: describeRunnable(spec, lang).why,
    next: describeNext(remediation, votes, context),
    why: whyOf(remediation, remediation.state, lang),
    verdict: verdict === null ? null : describeVerdict(verdict, lang),
    rollbackVerdict: backVerdict === null ? null : describeRollbackVerdict(backVerdict, lang),
    reviewNotice: describeReview(remediation, reviewRule, lang),
    needed:
      requirement === undefined ? '' : describeConditions(requirement, lang, lackingOf(votes, requirement)).trim(),
  };
};
