// While people are asked: is it still in time and still true? It must never end a proposal on a doubt.
import { plusSeconds } from '../core/instant.ts';
import { RHYTHM } from '../core/remediation/todo.ts';
import { assessAgain } from './assess.ts';
import { nowOf } from './step.ts';
import type { Done, Tick } from './tick.ts';

/** Expired, stale, or asked again later. */
export const recheck = async ({ gate, remediation, signal }: Tick): Promise<Done> => {
  const now = nowOf(gate);
  if (now >= remediation.expiresAt) return { events: [{ event: 'expired' }], onto: remediation };
  const still = await assessAgain(gate, remediation.spec, signal);
  if (still.is === 'stale') return { events: [{ event: 'went-stale', refusal: still.refusal }], onto: remediation };
  const later = plusSeconds(now, RHYTHM.recheck);
  return { later: later < remediation.expiresAt ? later : remediation.expiresAt };
};
