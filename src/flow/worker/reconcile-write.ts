// After a write without an answer: reads the cluster before anything is sent again.
import { drainSeconds } from '../../core/action/drained-pods.ts';
import { type Direction, mintBack, sealedWrite } from '../../core/approval/permit.ts';
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
  const found = await findWrite(tick, direction);
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
  if (direction === 'back') {
    const minted = mintBack({ spec: remediation.spec, forwardReachedAt: remediation.forward?.reachedAt ?? null });
    return minted.ok ? writeWithIntent(tick, 'back', minted.permit, intended) : later;
  }
  const ready = await checkPreconditions(tick);
  if ('later' in ready) return later;
  if ('events' in ready) {
    // What changed after the look may be the unanswered write itself, come late.
    const late = await findWrite(tick, direction);
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

const findWrite = async (tick: Tick, direction: Direction): Promise<WriteFound> => {
  const { gate, remediation, signal } = tick;
  const sent = sealedWrite(direction, remediation.spec);
  if (sent === null) return 'unknown';
  try {
    const intent = { at: intentOf(remediation, direction), revealed: await revealedFor(tick, direction) };
    return await gate.writer.wasWritten(sent, intent, within('read', signal));
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
