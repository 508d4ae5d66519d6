// How long each peer may take.

/** Seconds. A claim outlives a read, a dry run and a write together. */
export const LIMITS = {
  store: 10,
  read: 10,
  dryRun: 15,
  write: 20,
  sample: 10,
  send: 15,
  forge: 10,
  claim: 90,
} as const;

/** Ends when the gate shuts down or the peer's time is over. */
export function within(what: keyof typeof LIMITS, signal: AbortSignal): AbortSignal {
  return withinSeconds(LIMITS[what], signal);
}

/** The same after so many seconds. */
export function withinSeconds(seconds: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
}
