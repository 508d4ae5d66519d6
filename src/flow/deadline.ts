// How long each peer may take.

/** Seconds. A claim outlives a read, a dry run and a write together. */
export const LIMITS = {
  store: 10,
  read: 10,
  dryRun: 15,
  write: 20,
  sample: 10,
  check: 5,
  send: 15,
  forge: 10,
  claim: 90,
} as const;

/** The same where a peer needs so many seconds more. */
export function withinMore(what: keyof typeof LIMITS, moreSeconds: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout((LIMITS[what] + moreSeconds) * 1000)]);
}

/** Ends when the gate shuts down or the peer's time is over. */
export function within(what: keyof typeof LIMITS, signal: AbortSignal): AbortSignal {
  return withinSeconds(LIMITS[what], signal);
}

/** The same after so many seconds. */
export function withinSeconds(seconds: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
}

/** Ends so many seconds after the signal; `over`: nobody waits for it any more. */
export function delayed(signal: AbortSignal, seconds: number, over: AbortSignal): AbortSignal {
  const later = new AbortController();
  const begin = (): void =>
    AbortSignal.timeout(seconds * 1000).addEventListener('abort', () => later.abort(), { once: true });
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true, signal: over });
  return later.signal;
}
