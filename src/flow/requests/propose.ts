// Takes a proposal in: safety guard, judgement, decision, stored with what people must be told.

import { whyNotRunnable } from '../../core/action/runnable.ts';
import type { Proposer } from '../../core/approval/people.ts';
import { requirementOf } from '../../core/decision/approval-rules.ts';
import { type Decision, refuseAsNotRunnable } from '../../core/decision/decide.ts';
import type { Judgement } from '../../core/evaluation/judge.ts';
import type { ApiReply, ArrivedRequest } from '../../core/model/api-reply.ts';
import { isIncidentId } from '../../core/model/incident.ts';
import { isTooLarge } from '../../core/model/limits.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { TraceContext } from '../../core/model/trace-context.ts';
import type { Event, EventRecord } from '../../core/remediation/event.ts';
import { proposalPlace, type Remediation } from '../../core/remediation/remediation.ts';
import type { RemediationChange } from '../../ports/store.ts';
import { within } from '../deadline.ts';
import { type Gate, isOfCluster } from '../gate.ts';
import { logDecision } from '../log-steps.ts';
import { pausedBy } from '../pause.ts';
import { applyEvents, nowOf, RACES, retryOnConflict, save, toStoreChange } from '../transition.ts';
import { type AssessmentRequest, assess } from './assess.ts';

export interface ProposalRequest extends AssessmentRequest {
  readonly incident: string;
  readonly proposer: Proposer;
  /** Asked again just before it is stored: whoever lost the right while it was judged has proposed nothing. */
  readonly mayStill: () => boolean;
  /** The proposer's words; nothing reads them but people. */
  readonly diagnosis: string | null;
  /** Of a request that came through the proxy. */
  readonly arrived?: ArrivedRequest;
  /** Of the request that proposes it, where that has one. */
  readonly trace?: TraceContext | null;
}

export type Proposed =
  /** Stored, decided: `remediation.state` is never `proposed`. `events`: all that it has, by their lines in the trail. */
  | {
      readonly ok: true;
      readonly made: 'new';
      readonly remediation: Remediation;
      readonly events: readonly NumberedRecord[];
    }
  /** The same (incident, digest) was open. */
  | { readonly ok: true; readonly made: 'open-already'; readonly remediation: Remediation }
  /** Turned away by the guard, with nothing stored; or stored as refused, since this gate would not run it. */
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      readonly remediation: Remediation | null;
      /** The API server's own no to the dry run, where that is the refusal. */
      readonly reply?: ApiReply;
    };

/** The safety guard, the judgement and the decision. Throws AdapterError only when the store fails: then nothing happened. */
export async function propose(gate: Gate, proposal: ProposalRequest, signal: AbortSignal): Promise<Proposed> {
  const guarded = await guard(gate, proposal, signal);
  if (guarded !== null) return turnedAway(gate, proposal, guarded);
  const { proposer } = proposal;
  const judged = await assess(gate, proposal, { caller: `${proposer.kind} ${proposer.id}`, signal });
  if (!judged.ok) return turnedAway(gate, proposal, judged.refusal);
  const assessment = judged.value;
  if (!proposal.mayStill()) return turnedAway(gate, proposal, { code: 'no-right', about: `${proposer.id}, propose` });
  const obstacle = notOurs(assessment);
  const decision = obstacle === null ? assessment.decision : refuseAsNotRunnable(assessment.decision);
  const stored = await retryOnConflict(RACES, () => store(gate, proposal, { ...assessment, decision }, signal));
  if (stored === 'conflict')
    throw new Error(`the proposal for ${proposal.incident} lost ${RACES} races; propose it again`);
  if (!stored.ok || obstacle === null) return stored;
  const reply = obstacle.code === 'dry-run-refused' ? judged.reply : undefined;
  return { ok: false, refusal: obstacle, remediation: stored.remediation, ...(reply === undefined ? {} : { reply }) };
}

/** null: it may be judged. In the order of design section 3. */
const guard = async (gate: Gate, proposal: ProposalRequest, signal: AbortSignal): Promise<Refusal | null> => {
  if (isTooLarge(proposal.command)) return { code: 'too-large', about: null };
  if (!isIncidentId(proposal.incident)) return { code: 'bad-incident', about: null };
  const paused = await pausedBy(gate, signal);
  if (paused !== null) return { code: 'paused', about: paused.cluster };
  const { proposals } = gate.rates;
  const { proposer } = proposal;
  const admitted = proposals.admit(`${proposer.kind}:${proposer.id}`, gate.clock.now());
  return admitted.ok ? null : { code: 'rate-limited', about: `${proposals.perMinute} a minute` };
};

/** Executable, and still not for the gate to run: nothing to do, or nobody here who could. */
const notOurs = ({ blastRadius }: Judgement): Refusal | null => {
  if (blastRadius.hardRule !== null || !blastRadius.executable) return null;
  return whyNotRunnable(blastRadius);
};

/** A flood must not become a flood of audit lines: what the guard turns away, which no rate limits, is only logged. */
const turnedAway = (gate: Gate, { incident, proposer }: ProposalRequest, refusal: Refusal): Proposed => {
  const named = isIncidentId(incident) ? incident : null;
  gate.log.info('proposal_turned_away', { incident: named, code: refusal.code, proposer: proposer.id });
  return { ok: false, refusal, remediation: null };
};

const store = async (
  gate: Gate,
  proposal: ProposalRequest,
  { spec, decision, blastRadius, hidden }: Omit<Judgement, 'decision'> & { readonly decision: Decision },
  signal: AbortSignal,
): Promise<Proposed | 'conflict'> => {
  const [id, now] = [gate.newId(), nowOf(gate)];
  const { incident, proposer, diagnosis, arrived } = proposal;
  const trace = proposal.trace ?? gate.newTrace?.();
  const events: readonly Event[] = [
    {
      event: 'proposed',
      id,
      incident,
      proposer,
      diagnosis,
      spec,
      ...(arrived === undefined ? {} : { arrived }),
      ...(trace === undefined ? {} : { trace }),
    },
    { event: 'decided', decision: withLinkVotes(decision, gate) },
  ];
  const made = applyEvents(null, events, now);
  if (!made.ok) throw new Error(`a new proposal was refused: ${made.refusal.code} (this is a bug)`);
  const isOpen = decision.leadsTo === 'awaiting-approval' || decision.leadsTo === 'approved';
  const older = isOpen ? await superseded(gate, made.remediation, signal) : [];
  // Before the spec that needs them: a value without a spec harms nobody.
  if (hidden.length > 0) await gate.store.hidden.keep(new Map(hidden), incident, within('store', signal));
  const saved = await save(gate, [...older, toStoreChange(made, null, 'release-claim')], signal);
  if (saved.ok) {
    logDecision(gate.log, made.remediation, blastRadius);
    return { ok: true, made: 'new', remediation: made.remediation, events: numbered(made.records, saved.head.seq) };
  }
  if (saved.why !== 'open-already') return 'conflict';
  const remediation = await gate.store.remediations.read(saved.proposal, within('store', signal));
  return remediation === null ? 'conflict' : { ok: true, made: 'open-already', remediation };
};

type NumberedRecord = EventRecord & { readonly seq: number };

/** The last of them is the line at `last`; it was saved behind what it took the place of. */
const numbered = (records: readonly EventRecord[], last: number): readonly NumberedRecord[] =>
  records.map((record, i) => ({ ...record, seq: last - records.length + 1 + i }));

const withLinkVotes = (decision: Decision, { linkVotes }: Gate): Decision =>
  linkVotes === undefined || decision.approvals < 2
    ? decision
    : { ...decision, requirement: { ...requirementOf(decision), links: linkVotes } };

/** Older proposals of the same incident and target in this cluster that wait for people give way to the newer one. */
const superseded = async (
  gate: Gate,
  newer: Remediation,
  signal: AbortSignal,
): Promise<readonly RemediationChange[]> => {
  const { incident, spec } = newer;
  const waiting = await gate.store.remediations.waitingAt(incident, proposalPlace(newer), within('store', signal));
  const others = waiting.filter((older) => older.spec.digest !== spec.digest && isOfCluster(gate, older));
  return others.flatMap((older) => {
    const step = applyEvents(older, [{ event: 'superseded', by: newer.id }], nowOf(gate));
    return step.ok ? [toStoreChange(step, null, 'release-claim')] : [];
  });
};
