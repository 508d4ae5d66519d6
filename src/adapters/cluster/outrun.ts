// An object that moved on since it was read, or a server that has no time just now: how often it is asked again, and after how long.
import { AdapterError } from '../../ports/adapter-error.ts';

/** Status updates move the resourceVersion: so often an object is read and compared again before giving up. */
export const CONFLICT_LIMIT = 5;

/** The API server turned it away unread, and asks for patience (Kubernetes API priority and fairness); kubectl asks again too. */
export function isBusy(error: unknown): boolean {
  return error instanceof AdapterError && error.status === 429;
}

/** No longer than this, whatever the server asks for: the whole write has its deadline. */
const LONGEST_SECONDS = 5;

/** Milliseconds before another try of what the server had no time for. */
export function pauseAfterBusy(error: unknown): number {
  const asked = error instanceof AdapterError ? error.retryAfterSeconds : null;
  return 1000 * Math.min(asked ?? 1, LONGEST_SECONDS);
}

/** Milliseconds before another try: a controller in the middle of a rollout updates the status several times in one moment. */
export function pauseAfterConflict(attempt: number): number {
  return 50 * attempt ** 2;
}
