// How far a write has come, and what was told of it before → whether it is put down now. It decides nothing else.

/** A step of a write of several: `atMs` by any clock that does not go back. */
export interface Step {
  readonly done: number;
  readonly of: number;
  /** Nothing was done: it says what is waited for. */
  readonly waits: boolean;
  readonly atMs: number;
}

/** What was put down so far. */
export interface Told {
  readonly last: Step;
  /** How many lines in all. */
  readonly lines: number;
}

/** Lines for one write, however many steps it has: a drain of 500 pods is followed, and the trail is not flooded. */
export const MOST_LINES = 40;
/** A line for about each twentieth of the way, at most one a second; nothing new for so long is a line too. */
const SHARE = 20;
const SHORTEST_MS = 1000;
const LONGEST_MS = 15_000;
/** So long nobody hears that it still waits for the same. */
const WAITING_MS = 60_000;

/** The end is always told, and the first step; the last line is kept for the end. */
export function isWorthTelling(told: Told | null, step: Step): boolean {
  if (told === null) return true;
  const { last, lines } = told;
  if (step.done >= step.of) return last.done < step.of;
  if (lines >= MOST_LINES - 1) return false;
  const quietMs = step.atMs - last.atMs;
  if (quietMs < SHORTEST_MS) return false;
  const further = step.done - last.done;
  // Why it stands still is told once it does, and then now and again.
  if (further <= 0) return step.waits && (!last.waits || quietMs >= WAITING_MS);
  return further >= Math.ceil(step.of / SHARE) || quietMs >= LONGEST_MS;
}
