// After a write without an answer: reads the cluster before anything is sent again.
import { drainSeconds } from '../../core/action/drained-pods.ts';
import { type Direction, type Minted, mintBack, mintForward } from '../../core/approval/permit.ts';
import { plusSeconds } from '../../core/model/instant.ts';
import type { Event } from '../../core/remediation/event.ts';
import { maySendAgain } from '../../core/remediation/next.ts';
import type { Attempt, Remediation } from '../../core/remediation/remediation.ts';
import { RHYTHM } from '../../core/remediation/todo.ts';
import { within } from '../deadline.ts';
import { applyEvents, nowOf } from '../transition.ts';
import { checkGoingOn, checkPreconditions, intentOf, revealedFor, writeWithIntent } from './execute.ts';
import type { Tick, TickResult } from './tick.ts';
import { lookNow } from './verify.ts';

type WriteFound = 'all' | 'some' | 'none' | 'unknown';

/** An intent without an answer was found. */
export function markUncertain({ remediation }: Tick, direction: Direction): TickResult {
  return {
    events: [{ event: 'answer-missed', direction }],
    onto: remediation,
  };
}

/** There: go on. Not there: send again, with the rights of now. Unknown: look later. */
export async function reconcileWrite(tick: Tick, direction: Direction): Promise<TickResult> {
  const { gate, remediation } = tick;
  const permit = permitOf(tick, direction);
  const found = await findWrite(tick, direction, permit);
  const goingOn = found === 'some' && direction === 'forward' ? await goOn(tick) : null;
  if (goingOn !== null) return goingOn;
  const looked: Event = { event: 'looked', direction, found, ...(await converging(tick, direction)) };
  const now = nowOf(gate);
  const step = applyEvents(remediation, [looked], now);
  if (!step.ok) throw new Error(`${remediation.id}: ${step.refusal.code} for a look (this is a bug)`);
  if (step.remediation.state !== 'uncertain') return { events: [looked], onto: remediation };
  const later: TickResult = { later: plusSeconds(now, RHYTHM.look) };
  if (found === 'unknown' && direction === 'back') return { events: [looked], onto: remediation };
  if (found === 'unknown' || found === 'all' || !maySendAgain(attemptOf(remediation, direction))) return later;
  const intended: readonly Event[] = [looked, { event: 'write-intended', direction }];
  if (direction === 'back') return permit.ok ? writeWithIntent(tick, 'back', permit.permit, intended) : later;
  const ready = await checkPreconditions(tick);
  if ('later' in ready) return later;
  if ('events' in ready) {
    // What changed after the look may be the unanswered write itself, come late.
    const late = await findWrite(tick, direction, permit);
    if (late === 'unknown') return later;
    const then = late === 'none' ? [looked, ...ready.events] : [{ ...looked, found: late }];
    return { events: then, onto: remediation };
  }
  return writeWithIntent(tick, 'forward', ready.permit, intended);
}

/** Part of a drain has arrived: the rest is asked for, unless it was given up; null: what has arrived is taken back. */
const goOn = async (tick: Tick): Promise<TickResult | null> => {
  const { spec } = tick.remediation;
  const isDrain = drainSeconds(spec.effects, spec.facts) > 0;
  if (!isDrain || !maySendAgain(attemptOf(tick.remediation, 'forward'))) return null;
  const ready = await checkGoingOn(tick);
  if ('later' in ready) return ready;
  if ('events' in ready) return null;
  const intended = [{ event: 'write-intended', direction: 'forward' }] as const;
  return writeWithIntent(tick, 'forward', ready.permit, intended, 'where it is');
};

/** Looking needs the permit of the write that is looked for: derived from the record as it was when the intent was stored. */
const permitOf = ({ gate, remediation }: Tick, direction: Direction): Minted => {
  const { forward, spec } = remediation;
  if (direction === 'back') return mintBack({ spec, forwardReachedAt: forward?.reachedAt ?? null });
  const now = attemptOf(remediation, 'forward').intendedAt;
  const { flags, policy } = gate;
  return mintForward({ ...remediation, people: gate.people(), flags, policy: policy.document, now });
};

const findWrite = async (tick: Tick, direction: Direction, permit: Minted): Promise<WriteFound> => {
  const { gate, remediation, signal } = tick;
  if (!permit.ok) return 'unknown';
  try {
    const intent = { at: intentOf(remediation, direction), revealed: await revealedFor(tick, direction) };
    return await gate.writer.wasWritten(permit.permit, intent, within('read', signal));
  } catch (error) {
    gate.log.warn('look_failed', {
      proposal: remediation.id,
      error: error instanceof Error ? error.message : 'unknown',
    });
    return 'unknown';
  }
};

/** A rollback is watched while it is looked for, so that it can be judged as soon as it is found whole. */
const converging = async (
  tick: Tick,
  direction: Direction,
): Promise<Pick<Extract<Event, { event: 'looked' }>, 'look' | 'verdict'>> =>
  direction === 'back' ? lookNow(tick, 'back') : { look: null, verdict: null };

const attemptOf = (remediation: Remediation, direction: Direction): Attempt => {
  const attempt = remediation[direction];
  if (attempt === null) throw new Error(`uncertain ${direction} without an attempt (this is a bug)`);
  return attempt;
};
