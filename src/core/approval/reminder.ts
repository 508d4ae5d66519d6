// The policy's reminders, since when a proposal waits and the time → the reminder that is due, if any.
import type { ReminderRule, Reminders } from '../blast-radius/policy.ts';
import { windowAt } from '../decision/freeze-window.ts';
import { type Instant, plusSeconds } from '../model/instant.ts';

/** One is told after the other, each once. `step` counts from 0: how many were told before. */
export interface DueReminder {
  readonly step: number;
  readonly rule: ReminderRule;
}

/**
 * Of several that are due at once (the gate was down, or it was quiet) only the last is told: it escalates furthest. In quiet
 * hours none is; what came due meanwhile is told when they end, if people are still asked.
 */
export function dueReminder(
  { rules, quiet }: Reminders,
  { waitsSince, told }: { readonly waitsSince: Instant; readonly told: number },
  now: Instant,
): DueReminder | null {
  if (quiet !== undefined && windowAt(quiet, now) !== null) return null;
  const due = rules
    .map((rule, step) => ({ rule, step }))
    .filter(({ rule, step }) => step >= told && plusSeconds(waitsSince, rule.afterMinutes * 60) <= now);
  return due.at(-1) ?? null;
}
