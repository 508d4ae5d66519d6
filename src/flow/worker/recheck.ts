// While people are asked: is it still in time and still true?
import { plusSeconds } from '../../core/model/instant.ts';
import type { Revalidation } from '../../core/remediation/revalidate.ts';
import { RHYTHM } from '../../core/remediation/todo.ts';
import { assessAgain } from '../requests/assess.ts';
import { nowOf } from '../transition.ts';
import { isHeldByAnother } from './execute.ts';
import type { Tick, TickResult } from './tick.ts';

/** Expired, stale, or asked again later. */
export async function recheck(tick: Tick): Promise<TickResult> {
  const { gate, remediation, signal } = tick;
  const now = nowOf(gate);
  if (now >= remediation.expiresAt) return { events: [{ event: 'expired' }], onto: remediation };
  const held = await isHeldByAnother(tick);
  const still: Revalidation = held
    ? { kind: 'undecided', why: 'another remediation is under way' }
    : await assessAgain(gate, remediation, signal);
  if (still.kind === 'stale') return { events: [{ event: 'went-stale', refusal: still.refusal }], onto: remediation };
  const later = plusSeconds(now, RHYTHM.recheck);
  return { later: later < remediation.expiresAt ? later : remediation.expiresAt };
}
