// How often somebody may ask within a minute, counted in memory: a restart begins anew, and each gate counts for itself.

/** Milliseconds. */
const WINDOW = 60_000;

/** `retryAfterSeconds`: when the first of those that were counted is a minute old. */
export type Admission = { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number };

export interface RateLimit {
  readonly perMinute: number;
  /** Counts one more of `who`, or refuses it where `perMinute` were counted within the minute before `now` (milliseconds). */
  admit(who: string, now: number): Admission;
}

/** Remembers at most `perMinute` instants of each `who`; callers name only whom they know. */
export function createRateLimit(perMinute: number): RateLimit {
  const counted = new Map<string, number[]>();
  return {
    perMinute,
    admit: (who, now) => {
      const times = counted.get(who) ?? [];
      counted.set(who, times);
      const fresh = times.findIndex((at) => at > now - WINDOW);
      times.splice(0, fresh === -1 ? times.length : fresh);
      const [first] = times;
      if (times.length >= perMinute && first !== undefined)
        return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil((first + WINDOW - now) / 1000)) };
      times.push(now);
      return { ok: true };
    },
  };
}
