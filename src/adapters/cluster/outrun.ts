// An object that moved on since it was read: how often it is read again, and how long it is given before.

/** Status updates move the resourceVersion: so often an object is read and compared again before giving up. */
export const CONFLICT_LIMIT = 5;

/** Milliseconds before another try: a controller in the middle of a rollout updates the status several times in one moment. */
export function pauseAfterConflict(attempt: number): number {
  return 50 * attempt ** 2;
}
