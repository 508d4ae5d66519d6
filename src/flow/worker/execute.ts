// Runs what was approved: judged again, intent stored, written once.

import { drainSeconds } from '../../core/action/drained-pods.ts';
import { hashesOf } from '../../core/action/hidden-content.ts';
import { anewSeconds } from '../../core/action/write-steps.ts';
import { type Direction, type ExecutionPermit, mintForward } from '../../core/approval/permit.ts';
import { type Instant, plusSeconds, secondsBetween } from '../../core/model/instant.ts';
import type { Json } from '../../core/model/json.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { Event, WriteResult } from '../../core/remediation/event.ts';
import { type Remediation, writesTo } from '../../core/remediation/remediation.ts';
import { isHeldForReview } from '../../core/remediation/review.ts';
import { changesOf, runsProgram } from '../../core/sealed-spec/declarative-spec.ts';
import { describeDoubt } from '../../core/text/describe.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { delayed, LIMITS, within, withinMore, withinSeconds } from '../deadline.ts';
import { frozenNow } from '../freeze.ts';
import { reviewRuleOf } from '../gate.ts';
import { logStep } from '../log-steps.ts';
import { assessAgain } from '../requests/assess.ts';
import { applyEvents, nowOf, save, toStoreChange } from '../transition.ts';
import { tripBreaker } from './breaker.ts';
import { keepOutput } from './keep-output.ts';
import { superviseWrite } from './supervise-write.ts';
import type { Tick, TickResult } from './tick.ts';
import { baselineOf } from './verify.ts';

/** Seconds until an approved write that cannot begin now (paused, another writer, a cluster that cannot be asked) is tried again. */
const TRY_START_AGAIN = 5;
/** A write begins within this part of its claim after its intent, or not at all: the rest of the claim is for its end. */
const LATE = 6;

/** A freeze may be taken out of the policy before it ends: asked again after so many seconds. */
const FROZEN_AGAIN = 60;

/** Approved: the last look before the write. What cannot be decided waits until the approval expires. */
export async function execute(tick: Tick): Promise<TickResult> {
  const { gate, remediation } = tick;
  if (nowOf(gate) >= remediation.expiresAt) return { events: [{ event: 'expired' }], onto: remediation };
  const ready = await checkPreconditions(tick);
  if ('later' in ready || 'events' in ready) return ready;
  const [rehearsed, baseline] = await Promise.all([dryRun(tick, ready.permit), baselineOf(tick)]);
  if (rehearsed !== null) return rehearsed;
  // A rehearsal may take long: who paused meanwhile, or took a right away, has been told that it holds.
  const held = await heldNow(tick);
  if (held !== null) return held;
  const approved = checkApproval(tick);
  if (!('permit' in approved)) return approved;
  return writeWithIntent(tick, 'forward', approved.permit, [
    { event: 'write-intended', direction: 'forward', ...(baseline.length === 0 ? {} : { baseline }) },
  ]);
}

/** Not paused, still true, and still approved by people who may. */
export async function checkPreconditions(tick: Tick): Promise<TickResult | { readonly permit: ExecutionPermit }> {
  const { gate, remediation, signal } = tick;
  const later: TickResult = { later: plusSeconds(nowOf(gate), TRY_START_AGAIN) };
  // One that failed just before a crash may not have been counted when it ended: the breaker is asked here too.
  const [held, isTripped, isHeld] = await Promise.all([
    heldNow(tick),
    tripBreaker(gate, signal),
    isHeldByAnother(tick),
  ]);
  if (held !== null) return held;
  // While another writes to the same workload it is not as it will be: judged when that has ended.
  if (isTripped || isHeld) return later;
  const still = await assessAgain(gate, remediation, signal);
  if (still.kind === 'stale') return stale(tick, still.refusal);
  if (isHeldForReview(remediation, reviewRuleOf(gate))) {
    gate.log.warn('start_postponed', { proposal: remediation.id, why: 'its review issue does not exist' });
    return later;
  }
  if (still.kind === 'undecided') {
    gate.log.warn('start_postponed', { proposal: remediation.id, why: describeDoubt(still.doubt, 'en') });
    return later;
  }
  return checkApproval(tick);
}

/** Paused, or frozen: when to look again; null: neither. */
const heldNow = async ({ gate, remediation, signal }: Tick): Promise<TickResult | null> => {
  const now = nowOf(gate);
  if (await gate.store.controls.paused(gate.clusterName, within('store', signal)))
    return { later: plusSeconds(now, TRY_START_AGAIN) };
  const frozen = frozenNow(gate, remediation);
  if (frozen === null) return null;
  gate.log.info('start_postponed', { proposal: remediation.id, why: `frozen by ${frozen.name} until ${frozen.until}` });
  return { later: earliest(frozen.until, remediation.expiresAt, plusSeconds(now, FROZEN_AGAIN)) };
};

const earliest = (...times: readonly Instant[]): Instant => times.reduce((one, other) => (one < other ? one : other));

/** Approved by people who may, and who still count. */
const checkApproval = (tick: Tick): TickResult | { readonly permit: ExecutionPermit } => {
  const { gate, remediation } = tick;
  const now = nowOf(gate);
  const people = gate.people();
  const minted = mintForward({ ...remediation, people, flags: gate.flags, policy: gate.policy.document, now });
  if (minted.ok) return minted;
  // No gate starts without people: the file cannot be read now. Who still counts cannot be decided, so it waits.
  if (people.people.length === 0) {
    gate.log.warn('start_postponed', { proposal: remediation.id, why: 'nobody is known: fix the people file' });
    return { later: plusSeconds(now, TRY_START_AGAIN) };
  }
  return stale(tick, minted.refusal);
};

/**
 * A drain that a crash has cut off goes on with the same pods, so it is not judged anew: half of it is done already. Pause and freeze
 * hold the rest as they hold any forward write, since what is left on the node runs on; an approval that ends meanwhile ends the
 * waiting too, and what was done is taken back (docs/approval.md).
 */
export async function checkGoingOn(tick: Tick): Promise<TickResult | { readonly permit: ExecutionPermit }> {
  const approved = checkApproval(tick);
  if (!('permit' in approved)) return approved;
  return (await heldNow(tick)) ?? approved;
}

/** Another remediation is under way on one of the objects. */
export async function isHeldByAnother({ gate, remediation, signal }: Tick): Promise<boolean> {
  const holders = await gate.store.history.holders(writesTo(remediation.spec), within('store', signal));
  return holders.some((id) => id !== remediation.id);
}

const stale = ({ remediation }: Tick, refusal: Refusal): TickResult => ({
  events: [{ event: 'went-stale', refusal }],
  onto: remediation,
});

/** The server's dry run where the spec asks for it; null: nothing stands against the write. */
const dryRun = async (tick: Tick, permit: ExecutionPermit): Promise<TickResult | null> => {
  const { gate, remediation, signal } = tick;
  if (!remediation.spec.dryRunRequired) return null;
  const intent = { at: nowOf(gate), revealed: await revealedFor(tick, 'forward') };
  const answer = await answerOf(() => gate.writer.dryRun(permit, intent, within('dryRun', signal)));
  switch (answer.outcome) {
    case 'written':
      return null;
    case 'stale':
      return stale(tick, { code: answer.code, about: answer.why });
    case 'refused':
      return stale(tick, { code: 'dry-run-refused', about: answer.why });
    case 'unheard':
      return { later: plusSeconds(nowOf(gate), TRY_START_AGAIN) };
    default:
      return answer satisfies never;
  }
};

/**
 * Stores the intent under the claim, then writes. Whoever finds the intent without an answer later knows that this
 * process died in between, and reads the cluster first.
 */
export async function writeWithIntent(
  tick: Tick,
  direction: Direction,
  permit: ExecutionPermit,
  intended: readonly Event[],
  from: 'the beginning' | 'where it is' = 'the beginning',
): Promise<TickResult> {
  const { gate, claim, signal } = tick;
  const now = nowOf(gate);
  const step = applyEvents(tick.remediation, intended, now);
  if (!step.ok) throw new Error(`${tick.remediation.id}: ${step.refusal.code} for an intent (this is a bug)`);
  const saved = await save(gate, [toStoreChange(step, claim, 'keep-claim')], signal);
  if (!saved.ok) {
    return { later: saved.why === 'held' ? plusSeconds(now, TRY_START_AGAIN) : now };
  }
  logStep(gate.log, step);
  const revealed = await revealedFor(tick, direction);
  const goesOn = from === 'where it is' ? ({ goesOn: true } as const) : {};
  const waitsForReply = direction === 'forward' && tick.remediation.arrived !== undefined;
  const intent = {
    at: intentOf(step.remediation, direction),
    revealed,
    ...(waitsForReply ? ({ wantsReply: true } as const) : {}),
    ...goesOn,
  };
  const draining = direction === 'forward' ? drainSeconds(permit.spec.effects, permit.spec.facts) : 0;
  const more = draining + anewSeconds(permit.spec.effects);
  const isProgram = direction === 'forward' && runsProgram(permit.spec);
  const ended = new AbortController();
  const deadline = isProgram
    ? programDeadline(step.remediation, signal, ended.signal)
    : // A write under way is finished while the gate shuts down: broken off, nobody would know what arrived.
      withinMore('write', more, new AbortController().signal);
  // Stopped in between (a paused machine), the claim may be another's by now: left as a crash would leave it, and looked at first.
  if (secondsBetween(now, nowOf(gate)) > LIMITS.claim / LATE)
    return { events: [{ event: 'answer-missed', direction }], onto: step.remediation };
  const { control, end } = superviseWrite(tick, step.remediation, more > 0 || isProgram ? 'long' : 'a moment');
  const answer = await answerOf(() => gate.writer.write(permit, intent, deadline, control));
  ended.abort();
  const onto = await end();
  // What takes minutes is left as a crash would leave it, and gone on with after the next start.
  if (draining > 0 && signal.aborted && answer.outcome === 'unheard')
    return { events: [{ event: 'answer-missed', direction }], onto };
  return {
    events: [{ event: 'write-answered', direction, answer: await keepOutput(gate, step.remediation.incident, answer) }],
    onto,
  };
}

/** A program has as long as its spec lets it; while the gate shuts down it is not waited for that long. */
const programDeadline = ({ spec }: Remediation, shutdown: AbortSignal, ended: AbortSignal): AbortSignal =>
  withinSeconds(spec.convergeWithinSeconds, delayed(shutdown, LIMITS.write, ended));

/** What is sent, or given back, although the spec shows only hashes of it. */
export async function revealedFor(
  { gate, remediation: { spec }, signal }: Tick,
  direction: Direction,
): Promise<ReadonlyMap<string, Json>> {
  const before = changesOf(spec).flatMap(({ fields }) => fields.flatMap(({ hidden }) => hidden?.before ?? []));
  const hashes = direction === 'back' ? [...before, ...hashesOf(spec.effects)] : hashesOf(spec.effects);
  return hashes.length === 0 ? new Map() : gate.store.hidden.reveal(hashes, within('store', signal));
}

export function intentOf(remediation: Remediation, direction: Direction): string {
  const attempt = remediation[direction];
  if (attempt === null) throw new Error('an intent without an attempt (this is a bug)');
  return attempt.intendedAt;
}

type Unanswered = Extract<WriteResult, { readonly outcome: 'refused' | 'unheard' }>;

/** A writer that throws was not understood: unless it was a refusal, nobody knows what arrived. */
const answerOf = async <T extends WriteResult>(ask: () => Promise<T>): Promise<T | Unanswered> => {
  try {
    return await ask();
  } catch (error) {
    const why = error instanceof Error ? error.message : 'the writer failed without saying why';
    if (error instanceof AdapterError && error.kind === 'refused') return { outcome: 'refused', why, written: 0 };
    return { outcome: 'unheard', why };
  }
};
