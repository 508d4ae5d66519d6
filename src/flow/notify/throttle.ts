// Lets something happen once for each key and span of time, in bounded memory.

export interface Throttle {
  /** True the first time within the span; false too while more keys are remembered than fit. `now` in milliseconds. */
  isFirst(key: string, now: number): boolean;
}

/** `everyMs`: the span; `keys`: how many different ones there may be within it. */
export function createThrottle({ everyMs, keys }: { readonly everyMs: number; readonly keys: number }): Throttle {
  const last = new Map<string, number>();
  return {
    isFirst: (key, now) => {
      // Insertion order is the order of time: what is over stands in front. A clock that was set back forgets.
      for (const [known, at] of last) {
        if (at <= now && now - at < everyMs) break;
        last.delete(known);
      }
      if (last.has(key) || last.size >= keys) return false;
      last.set(key, now);
      return true;
    },
  };
}
