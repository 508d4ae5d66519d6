// How long a request waits for people, and in how many arrivals → how long it is held now, and when it may come again.

/** Seconds. kubectl resends what has Retry-After up to ten times (client-go, rest/request.go: maxRetries), so it arrives eleven times. */
export interface Patience {
  /** Since the first arrival. */
  readonly waitSeconds: number;
  /** Of one arrival: a load balancer cuts what is silent for longer. */
  readonly holdSeconds: number;
}

/** The wait is over when it arrives for the tenth time at the latest, so that one is left for an arrival that was lost. */
const ARRIVALS = 10;

export const HOLD_SECONDS = 20;
/** Beyond, the pauses between two arrivals are so long that nobody's success comes in time. */
export const MOST_WAIT_SECONDS = 300;

/** Seconds that this arrival may still be held, `elapsed` seconds after the first. */
export function holdFor({ waitSeconds, holdSeconds }: Patience, elapsed: number): number {
  return Math.max(0, Math.min(holdSeconds, waitSeconds - elapsed));
}

/** Whole seconds until it may come again, `elapsed` after the first of `arrivals`: as few as still cover the wait. */
export function comeAgainIn({ waitSeconds, holdSeconds }: Patience, elapsed: number, arrivals: number): number {
  const left = Math.max(1, ARRIVALS - arrivals);
  return Math.max(1, Math.ceil((waitSeconds - elapsed) / left - holdSeconds));
}
