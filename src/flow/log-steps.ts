// The pinned log events (contract section 5), one place for their fields.
import type { BlastRadius } from '../core/blast-radius/blast-radius.ts';
import type { Event } from '../core/remediation/event.ts';
import type { Remediation } from '../core/remediation/remediation.ts';
import { isFinal } from '../core/remediation/state.ts';
import type { Log, LogFields } from '../ports/log.ts';
import { recordDeclarativeOutcome } from './record-outcome.ts';
import type { Transition } from './transition.ts';

/** Every line names incident, proposal and digest, and the trace where there is one. */
export function logFieldsOf({ incident, id, spec, trace }: Remediation): LogFields {
  return {
    incident,
    incident_id: incident,
    proposal: id,
    digest: spec.digest,
    ...(trace === undefined ? {} : { trace_id: trace.traceId }),
  };
}

/** What was measured, sealed and decided of a new proposal. */
export function logDecision(log: Log, remediation: Remediation, radius: BlastRadius): void {
  const fields = { ...logFieldsOf(remediation), action: radius.action, tier: remediation.spec.tier };
  const score = { blast_radius: radius.score, blast_radius_score: radius.score };
  if (radius.score === null) log.error('decision_blast_radius_failed', { ...fields, error: failureIn(radius) });
  else log.info('blast_radius_evaluated', { ...fields, ...score, evidence: radius.evidence });
  log.info('declarative_spec_sealed', { ...fields, target: remediation.spec.target });
  const { state, decision } = remediation;
  log.info('decision_tier_applied', { ...fields, ...score, state, approvals: decision?.approvals ?? null });
}

const failureIn = ({ reasons }: BlastRadius): string | null =>
  reasons.find(({ code }) => code === 'calculation-failed')?.subject ?? null;

/** One saved step: each of its events that has a pinned name, and the end. */
export function logStep(log: Log, { remediation, records }: Transition): void {
  for (const { event } of records) logEvent(log, remediation, event);
  const last = records.at(-1);
  if (last === undefined || last.from === last.to) return;
  const { refusal } = remediation;
  const why = refusal === null ? {} : { code: refusal.code, about: refusal.about };
  log.info('state_changed', { ...logFieldsOf(remediation), from: last.from, to: last.to, ...why });
  if (!isFinal(last.to) || remediation.forward === null) return;
  const wentBack = last.to === 'rolled-back' || last.to === 'rollback-failed' || remediation.back !== null;
  log.info(wentBack ? 'rollback_finished' : 'execution_finished', { ...logFieldsOf(remediation), state: last.to });
}

const logEvent = (log: Log, remediation: Remediation, event: Event): void => {
  const fields = logFieldsOf(remediation);
  if (event.event === 'voted') {
    const { person, channel, decision } = event.vote;
    const { fallen } = event;
    log.info('vote_recorded', {
      ...fields,
      person,
      channel,
      decision,
      ...(fallen === undefined ? {} : { fallen: fallen.length }),
    });
  } else if (event.event === 'vote-withdrawn') {
    log.info('vote_withdrawn', { ...fields, person: event.person });
  } else if (event.event === 'glass-broken') {
    log.warn('glass_broken', { ...fields, person: event.breakGlass.by, reason: event.breakGlass.reason });
  } else if (event.event === 'write-intended') {
    const times = remediation[event.direction]?.times ?? null;
    log.info(event.direction === 'forward' ? 'execution_started' : 'rollback_started', { ...fields, times });
  } else if (event.event === 'sampled' && event.verdict.is !== 'moving') {
    const { is, code, subject } = event.verdict;
    log.info('convergence_verdict', { ...fields, direction: event.direction, verdict: is, code, subject });
  }
};

/** Logs the outcome that the saved step held, where it held one. */
export function logOutcome(log: Log, step: Transition): void {
  const outcome = recordDeclarativeOutcome(step.remediation, step.records);
  if (outcome === null) return;
  const { key, tier, blast_radius_score, rolled_back, state } = outcome;
  log.info('declarative_outcome_recorded', {
    ...logFieldsOf(step.remediation),
    key,
    tier,
    blast_radius_score,
    rolled_back,
    state,
  });
}
