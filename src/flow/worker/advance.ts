// One tick: claims the remediation that is due; its one todo is then done and the event saved.
import { DEFAULT_WRITES_AT_ONCE } from '../../core/blast-radius/policy.ts';
import { plusSeconds } from '../../core/model/instant.ts';
import { isFailure } from '../../core/remediation/breaker.ts';
import type { Event } from '../../core/remediation/event.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { todoOf } from '../../core/remediation/todo.ts';
import type { Lane } from '../../ports/store.ts';
import { LIMITS, within } from '../deadline.ts';
import { type Gate, scopeOf } from '../gate.ts';
import { logOutcome, logStep } from '../log-steps.ts';
import { applyEvents, nowOf, RACES, retryOnConflict, save, toStoreChange } from '../transition.ts';
import { tripBreaker } from './breaker.ts';
import { execute } from './execute.ts';
import type { NextStep } from './next-step.ts';
import { recheck } from './recheck.ts';
import { markUncertain, reconcileWrite } from './reconcile-write.ts';
import { rollBack } from './roll-back.ts';
import type { Tick, TickResult } from './tick.ts';
import { verify } from './verify.ts';

/** Takes the one most overdue thing of the lane. Throws AdapterError when the store fails. */
export async function nextStep(gate: Gate, lane: Lane, signal: AbortSignal): Promise<NextStep> {
  const now = nowOf(gate);
  const writesAtOnce = gate.policy.document.writesAtOnce ?? DEFAULT_WRITES_AT_ONCE;
  const turn = { lane, scope: scopeOf(gate), now, until: plusSeconds(now, LIMITS.claim), writesAtOnce };
  const found = await gate.store.remediations.claim(turn, within('store', signal));
  if (!found.ok) return { kind: 'nothing', nextDue: found.nextDue };
  const tick: Tick = { gate, claim: found.claim, remediation: found.remediation, signal };
  return { kind: 'step', take: () => takeStep(tick) };
}

/** Throws AdapterError when the store fails; the claim then runs out by itself. */
const takeStep = async (tick: Tick): Promise<void> => {
  const done = await doTodo(tick);
  // What was done must be kept even while the gate shuts down.
  const last = new AbortController().signal;
  if ('later' in done) await tick.gate.store.remediations.postpone(tick.claim, done.later, within('store', last));
  else if (done.events.length > 0) await finish(tick, done.onto, done.events);
};

const doTodo = (tick: Tick): Promise<TickResult> => {
  const todo = todoOf(tick.remediation);
  switch (todo.kind) {
    case 'recheck':
      return recheck(tick);
    case 'start':
      return execute(tick);
    case 'doubt':
      return Promise.resolve(markUncertain(tick, todo.direction));
    case 'look':
      return reconcileWrite(tick, todo.direction);
    case 'sample':
      return verify(tick, todo.direction);
    case 'go-back':
      return rollBack(tick);
    case 'rest':
      throw new Error(`${tick.remediation.id} is ${tick.remediation.state} and was due (this is a bug)`);
    default:
      return todo satisfies never;
  }
};

/**
 * Saves the tick's last events and gives the claim back. What others recorded meanwhile (a review issue) is folded first;
 * a lost claim means that another has gone on already.
 */
const finish = async ({ gate, claim }: Tick, onto: Remediation, events: readonly Event[]): Promise<void> => {
  const last = new AbortController().signal;
  let remediation: Remediation | null = onto;
  let hasFailed = false;
  await retryOnConflict(RACES, async () => {
    if (remediation === null) return;
    const step = applyEvents(remediation, events, nowOf(gate));
    if (!step.ok) return giveUp(gate, remediation, `${events[0]?.event}: ${step.refusal.code}`);
    const saved = await save(gate, [toStoreChange(step, claim, 'release-claim')], last);
    if (!saved.ok) {
      if (saved.why !== 'conflict') return giveUp(gate, remediation, saved.why);
      remediation = await gate.store.remediations.read(claim.proposal, within('store', last));
      return 'conflict';
    }
    logStep(gate.log, step);
    logOutcome(gate.log, step);
    hasFailed = isFailure(step.remediation.state);
    return;
  });
  if (hasFailed) await tripBreaker(gate, last);
};

const giveUp = (gate: Gate, { id }: Remediation, why: string): void =>
  gate.log.warn('step_lost', { proposal: id, why });
