// While people are asked: is it still in time and still true?
import { raisedSince } from '../../core/approval/demand.ts';
import { dueReminder } from '../../core/approval/reminder.ts';
import { type Instant, plusSeconds } from '../../core/model/instant.ts';
import type { Event } from '../../core/remediation/event.ts';
import type { Doubt, Revalidation } from '../../core/remediation/revalidate.ts';
import { RHYTHM } from '../../core/remediation/todo.ts';
import type { Gate } from '../gate.ts';
import { assessAgain } from '../requests/assess.ts';
import { nowOf } from '../transition.ts';
import { isHeldByAnother } from './execute.ts';
import type { Tick, TickResult } from './tick.ts';

/** Stored with the message that it makes: a gate that dies in between has told nobody, or has told it once. */
const reminderOf = ({ gate, remediation }: Tick, now: Instant): Event | null => {
  const { reminders } = gate.policy.document;
  if (reminders === undefined) return null;
  const due = dueReminder(reminders, { waitsSince: remediation.createdAt, told: remediation.reminded ?? 0 }, now);
  return due === null ? null : { event: 'reminded', step: due.step, ...due.rule };
};

/** Those that wait are judged again in turn: more than so many are not looked at by anybody at once. */
const REMEMBERED = 2000;

const remember = ({ rechecked }: Gate, id: string, seen: { at: Instant; doubt: Doubt | null }): void => {
  rechecked.delete(id);
  rechecked.set(id, seen);
  const [oldest] = rechecked.keys();
  if (rechecked.size > REMEMBERED && oldest !== undefined) rechecked.delete(oldest);
};

/** Expired, stale, reminded of, or asked again later. */
export async function recheck(tick: Tick): Promise<TickResult> {
  const { gate, remediation, signal } = tick;
  const now = nowOf(gate);
  if (now >= remediation.expiresAt) return { events: [{ event: 'expired' }], onto: remediation };
  const raised = raisedSince({ ...remediation, policy: gate.policy.document, flags: gate.flags });
  if (raised !== null) return { events: [{ event: 'went-stale', refusal: raised }], onto: remediation };
  const held = await isHeldByAnother(tick);
  const still: Revalidation = held
    ? { kind: 'undecided', doubt: { code: 'other-under-way' } }
    : await assessAgain(gate, remediation, signal);
  remember(gate, remediation.id, { at: now, doubt: still.kind === 'undecided' ? still.doubt : null });
  if (still.kind === 'stale') return { events: [{ event: 'went-stale', refusal: still.refusal }], onto: remediation };
  const reminder = reminderOf(tick, now);
  if (reminder !== null) return { events: [reminder], onto: remediation };
  const later = plusSeconds(now, RHYTHM.recheck);
  return { later: later < remediation.expiresAt ? later : remediation.expiresAt };
}
