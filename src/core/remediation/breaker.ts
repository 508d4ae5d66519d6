// Failures that ended lately → whether the gate pauses itself.
import type { Breaker } from '../blast-radius/policy.ts';
import { type Instant, plusSeconds } from '../model/instant.ts';
import type { State } from './state.ts';

/** A remediation that failed or was rolled back, and when it came to that. */
export interface FailedEnd {
  readonly proposal: string;
  readonly at: Instant;
}

const FAILURES = ['failed', 'rolled-back', 'rollback-failed', 'handed-over'] as const satisfies readonly State[];

/** Whether a remediation that ends so has failed: refused by the cluster, rolled back, or left to a person. */
export function isFailure(state: State): state is (typeof FAILURES)[number] {
  return FAILURES.some((one) => one === state);
}

/** The instant after which failures count: so many minutes ago, and after the latest resume (null: there was none). */
export function countedSince({ withinMinutes }: Breaker, now: Instant, resumedAt: Instant | null): Instant {
  const begin = plusSeconds(now, -withinMinutes * 60);
  return resumedAt !== null && resumedAt > begin ? resumedAt : begin;
}
