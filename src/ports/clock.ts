// The time, the only way to it for everything above.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A clock that also tells how much time has gone by, whatever becomes of the date meanwhile. */
export interface SteadyClock extends Clock {
  /** Milliseconds since some fixed moment. Never set, never goes back; may stand still while the machine sleeps. */
  elapsed(): number;
}
