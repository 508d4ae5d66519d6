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
  return withinSeconds(LIMITS[what] + moreSeconds, signal);
}

/** Ends when the gate shuts down or the peer's time is over. */
export function within(what: keyof typeof LIMITS, signal: AbortSignal): AbortSignal {
  return withinSeconds(LIMITS[what], signal);
}

/** The same after so many seconds, and a twentieth of one at most: what begins at nearly the same time has one timer. */
export function withinSeconds(seconds: number, signal: AbortSignal): AbortSignal {
  const timeout = timeoutOf(seconds);
  const known = joined.get(signal);
  if (known?.timeout === timeout) return known.both;
  const both = AbortSignal.any([signal, timeout]);
  joined.set(signal, { timeout, both });
  return both;
}

const SHARED_MS = 50;

interface Timeout {
  readonly signal: AbortSignal;
  /** Aborted: nobody may share it any more. */
  readonly isOver: AbortSignal;
}

/** By seconds: the timer that began last. */
const timeouts = new Map<number, Timeout>();
/** What each signal was last joined with: a request asks its store several times within a moment. */
const joined = new WeakMap<AbortSignal, { readonly timeout: AbortSignal; readonly both: AbortSignal }>();

const timeoutOf = (seconds: number): AbortSignal => {
  const known = timeouts.get(seconds);
  if (known?.isOver.aborted === false) return known.signal;
  const begun = { signal: AbortSignal.timeout(seconds * 1000 + SHARED_MS), isOver: AbortSignal.timeout(SHARED_MS) };
  timeouts.set(seconds, begun);
  return begun.signal;
};

/** Ends so many seconds after the signal; `over`: nobody waits for it any more. */
export function delayed(signal: AbortSignal, seconds: number, over: AbortSignal): AbortSignal {
  const later = new AbortController();
  const begin = (): void =>
    AbortSignal.timeout(seconds * 1000).addEventListener('abort', () => later.abort(), { once: true });
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true, signal: over });
  return later.signal;
}
