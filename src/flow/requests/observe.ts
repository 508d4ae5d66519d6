// A request in shadow mode: whether it is only observed, and what the gate would have said to it. Nothing is proposed.
import { refusalsOf } from '../../core/action/runnable.ts';
import type { Proposer } from '../../core/approval/people.ts';
import { askedFor, prospectOf } from '../../core/approval/prospect.ts';
import { waysOf } from '../../core/approval/ways.ts';
import { requirementOf } from '../../core/decision/approval-rules.ts';
import { decideShadow, type ShadowDecision, type ShadowSettings } from '../../core/decision/shadow.ts';
import type { ShadowVerdict } from '../../core/decision/shadow-verdict.ts';
import type { Judgement } from '../../core/evaluation/judge.ts';
import { isWrite } from '../../core/model/effect.ts';
import { effectsOf, type Understanding } from '../../core/model/understanding.ts';
import { maskText } from '../../core/text/mask.ts';
import { within } from '../deadline.ts';
import { type Gate, voteDoorsOf } from '../gate.ts';
import { nowOf } from '../transition.ts';
import { type AssessmentRequest, assess } from './assess.ts';

export interface ObservationRequest extends AssessmentRequest {
  readonly incident: string;
  readonly proposer: Proposer;
  /** As people see it in the record. */
  readonly method: string;
  readonly path: string;
}

/** The verdict lacks only what the API server answers. */
export type Observation =
  /** The gate decides it, as ever. */
  | { readonly kind: 'enforced' }
  | { readonly kind: 'observed' | 'refused'; readonly decision: ShadowDecision; readonly verdict: ShadowVerdict };

/** What an operator has set for this gate. */
export function shadowSettings({
  policy,
  observesEverything,
}: Pick<Gate, 'policy' | 'observesEverything'>): ShadowSettings {
  return { everything: observesEverything ?? false, rules: policy.document.shadow ?? [] };
}

const isUnderstood = ({ parts }: Understanding): boolean =>
  parts.every(({ undecided, opaque }) => !undecided && opaque === null);

/** Whom it would have asked: those whom tier and rules of approval ask for, as far as they can be heard. */
const whomOf = (gate: Gate, proposer: Proposer, decision: Judgement['decision']): readonly string[] => {
  const [requirement, people, doors] = [requirementOf(decision), gate.people(), voteDoorsOf(gate)];
  const on = decision.reviewIssue === 'wanted' ? 'dual' : 'anything';
  const prospect = prospectOf(requirement, people, proposer, (person) => waysOf(person, doors, on));
  return askedFor(requirement, prospect, people).map(({ person }) => person.id);
};

const verdictOf = (
  gate: Gate,
  { proposer, incident, method, path }: ObservationRequest,
  { blastRadius, decision }: Pick<Judgement, 'blastRadius' | 'decision'>,
  became: ShadowVerdict['became'],
): ShadowVerdict => {
  const refusals = blastRadius.hardRule === null ? refusalsOf(blastRadius) : [];
  const isRefused = decision.leadsTo === 'refused' || refusals.length > 0;
  const approvals = isRefused ? 0 : decision.approvals;
  return {
    at: nowOf(gate),
    proposer: proposer.id,
    incident,
    method,
    path: maskText(path),
    action: blastRadius.action,
    score: blastRadius.score,
    tier: decision.tier,
    leadsTo: isRefused ? 'refused' : decision.leadsTo,
    approvals,
    whom: isRefused ? [] : whomOf(gate, proposer, decision),
    reasons: blastRadius.reasons.map(({ code, points }) => ({ code, points })),
    refusals: refusals.map(({ code }) => code),
    hardRule: blastRadius.hardRule?.code ?? null,
    became,
    code: null,
  };
};

/**
 * Judges a request as a proposal is judged, before it is sent on: facts and dry runs are those of before the write. What cannot
 * be judged (too complex, too many questions) is enforced: then the gate refuses it as ever. Throws AdapterError where the store fails.
 */
export async function observe(gate: Gate, request: ObservationRequest, signal: AbortSignal): Promise<Observation> {
  const settings = shadowSettings(gate);
  if (!settings.everything && settings.rules.length === 0) return { kind: 'enforced' };
  const { command, files, proposer } = request;
  // Whoever may approve also decides: of people nothing is only observed.
  if (proposer.kind !== 'agent') return { kind: 'enforced' };
  const { namespace: own, customResources } = gate.context;
  const turn = { caller: `${proposer.kind} ${proposer.id}`, signal };
  const question = { command, files, namespace: request.namespace ?? own, customResources };
  const read = await gate.judging.ask('understand', question, turn);
  if (!read.ok) return { kind: 'enforced' };
  const namespaces = effectsOf(read.value)
    .filter(isWrite)
    .map(({ namespace }) => (namespace === '*' ? null : namespace));
  const asks = { agent: proposer.id, namespaces, now: nowOf(gate), understood: isUnderstood(read.value) };
  if (decideShadow(settings, { ...asks, hardRule: null }).kind === 'enforced') return { kind: 'enforced' };
  const judged = await assess(gate, request, turn);
  if (!judged.ok) return { kind: 'enforced' };
  const decision = decideShadow(settings, { ...asks, hardRule: judged.value.blastRadius.hardRule });
  if (decision.kind === 'enforced') return { kind: 'enforced' };
  const became = decision.kind === 'observed' ? 'passed' : 'refused';
  return { kind: decision.kind, decision, verdict: verdictOf(gate, request, judged.value, became) };
}

/** Puts the verdict down with the API server's answer. A store that fails is logged: the request is answered already. */
export async function recordObservation(gate: Gate, verdict: ShadowVerdict, signal: AbortSignal): Promise<void> {
  const { proposer, action, tier, became, code, method, path } = verdict;
  try {
    await gate.store.shadow.append(verdict, within('store', signal));
    gate.log.info('shadow_observed', { agent: proposer, action, tier, became, code, method, path });
  } catch (error) {
    gate.log.error('shadow_not_recorded', {
      agent: proposer,
      error: error instanceof Error ? error.message : 'unknown',
    });
  }
}
