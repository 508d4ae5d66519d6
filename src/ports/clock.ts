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

/** The clock that all gates on one store agree on. */
export interface StoreClock extends SteadyClock {
  /** Reads it again and again until aborted; a store that does not answer leaves it as it runs. */
  keep(signal: AbortSignal): Promise<void>;
}
