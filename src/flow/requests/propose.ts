// Takes a proposal in: safety guard, judgement, decision, stored with what people must be told.

import { hasExecutor } from '../../core/action/executors.ts';
import type { Proposer } from '../../core/approval/people.ts';
import type { Judgement } from '../../core/evaluation/judge.ts';
import { isWrite } from '../../core/model/effect.ts';
import { isIncidentId } from '../../core/model/incident.ts';
import { isTooLarge } from '../../core/model/limits.ts';
import type { Refusal, RefusalCode } from '../../core/model/refusal.ts';
import type { Event } from '../../core/remediation/event.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import type { RemediationChange } from '../../ports/store.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { logDecision } from '../log-steps.ts';
import { applyEvents, nowOf, RACES, retryOnConflict, save, toStoreChange } from '../transition.ts';
import { type AssessmentRequest, assess } from './assess.ts';

export interface ProposalRequest extends AssessmentRequest {
  readonly incident: string;
  readonly proposer: Proposer;
  /** The proposer's words; nothing reads them but people. */
  readonly diagnosis: string | null;
}

export type Proposed =
  /** Stored, decided: `remediation.state` is never `proposed`. `open-already`: the same (incident, digest) was open. */
  | { readonly ok: true; readonly made: 'new' | 'open-already'; readonly remediation: Remediation }
  /** Turned away: nothing is stored but a line of the audit trail. */
  | { readonly ok: false; readonly refusal: Refusal };

const RATE_WINDOW_MS = 60_000;

/** The safety guard, the judgement and the decision. Throws AdapterError only when the store fails: then nothing happened. */
export async function propose(gate: Gate, proposal: ProposalRequest, signal: AbortSignal): Promise<Proposed> {
  const guarded = await guard(gate, proposal, signal);
  if (guarded !== null) return turnedAway(gate, proposal, guarded, signal);
  const { proposer } = proposal;
  const judged = await assess(gate, proposal, { caller: `${proposer.kind} ${proposer.id}`, signal });
  if (!judged.ok) return turnedAway(gate, proposal, judged.refusal, signal);
  const assessment = judged.value;
  const problem = notOurs(assessment);
  if (problem !== null) return turnedAway(gate, proposal, problem, signal);
  const stored = await retryOnConflict(RACES, () => store(gate, proposal, assessment, signal));
  if (stored === 'conflict')
    throw new Error(`the proposal for ${proposal.incident} lost ${RACES} races; propose it again`);
  return stored;
}

/** null: it may be judged. In the order of design section 3. */
const guard = async (gate: Gate, proposal: ProposalRequest, signal: AbortSignal): Promise<Refusal | null> => {
  if (isTooLarge(proposal.command)) return { code: 'too-large', about: null };
  if (!isIncidentId(proposal.incident)) return { code: 'bad-incident', about: null };
  if (await gate.store.controls.paused(within('store', signal))) return { code: 'paused', about: null };
  const since = new Date(gate.clock.now() - RATE_WINDOW_MS).toISOString();
  const limit = gate.proposalsPerMinute;
  const { proposer } = proposal;
  const admitted = await gate.store.controls.tryAdmit(
    `${proposer.kind}:${proposer.id}`,
    nowOf(gate),
    since,
    limit,
    within('store', signal),
  );
  return admitted ? null : { code: 'rate-limited', about: `${limit} a minute` };
};

/** Executable, and still not for the gate to run: nothing to do, or nobody here who could. */
const notOurs = ({ blastRadius }: Judgement): Refusal | null => {
  if (blastRadius.hardRule !== null || !blastRadius.executable) return null;
  const writes = blastRadius.effects.filter(isWrite);
  if (writes.length === 0) return { code: 'nothing-to-do', about: null };
  const [foreign] = writes.filter((effect) => !hasExecutor(effect));
  return foreign === undefined ? null : { code: 'no-executor', about: `${foreign.kind} of ${foreign.resource}` };
};

/** A flood must not become a flood of audit lines: what the guard turns away, which no rate limits, is only logged. */
const NOT_NOTED: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'rate-limited',
  'bad-incident',
  'too-large',
  'paused',
  'busy',
]);

const turnedAway = async (
  gate: Gate,
  { incident, proposer }: ProposalRequest,
  refusal: Refusal,
  signal: AbortSignal,
): Promise<Proposed> => {
  const named = isIncidentId(incident) ? incident : null;
  gate.log.info('proposal_turned_away', { incident: named, code: refusal.code, proposer: proposer.id });
  if (!NOT_NOTED.has(refusal.code)) {
    const about = `${refusal.code} ${incident}`;
    const note = { kind: 'note', at: nowOf(gate), what: 'proposal-turned-away', who: proposer.id, about } as const;
    await gate.store.trail.append(note, within('store', signal));
  }
  return { ok: false, refusal };
};

const store = async (
  gate: Gate,
  proposal: ProposalRequest,
  { spec, decision, blastRadius }: Judgement,
  signal: AbortSignal,
): Promise<Proposed | 'conflict'> => {
  const [id, now] = [gate.newId(), nowOf(gate)];
  const { incident, proposer, diagnosis } = proposal;
  const events: readonly Event[] = [
    { event: 'proposed', id, incident, proposer, diagnosis, spec },
    { event: 'decided', decision },
  ];
  const made = applyEvents(null, events, now);
  if (!made.ok) throw new Error(`a new proposal was refused: ${made.refusal.code} (this is a bug)`);
  const isOpen = decision.leadsTo === 'awaiting-approval' || decision.leadsTo === 'approved';
  const older = isOpen ? await superseded(gate, made.remediation, signal) : [];
  const saved = await save(gate, [...older, toStoreChange(made, null, 'release-claim')], signal);
  if (saved.ok) {
    logDecision(gate.log, made.remediation, blastRadius);
    return { ok: true, made: 'new', remediation: made.remediation };
  }
  if (saved.why !== 'open-already') return 'conflict';
  const remediation = await gate.store.remediations.read(saved.proposal, within('store', signal));
  return remediation === null ? 'conflict' : { ok: true, made: 'open-already', remediation };
};

/** Older proposals of the same incident and target that wait for people give way to the newer one. */
const superseded = async (
  gate: Gate,
  newer: Remediation,
  signal: AbortSignal,
): Promise<readonly RemediationChange[]> => {
  const filter = { state: 'awaiting-approval', incident: newer.incident } as const;
  const waiting = await gate.store.remediations.list(filter, within('store', signal));
  const sameTarget = waiting.filter(
    ({ spec }) =>
      spec.target === newer.spec.target && spec.namespace === newer.spec.namespace && spec.digest !== newer.spec.digest,
  );
  return sameTarget.flatMap((older) => {
    const step = applyEvents(older, [{ event: 'superseded', by: newer.id }], nowOf(gate));
    return step.ok ? [toStoreChange(step, null, 'release-claim')] : [];
  });
};
