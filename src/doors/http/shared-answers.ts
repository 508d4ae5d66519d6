// Answers that are the same for every reader: of many who ask at a time for what has just changed, one is read and written, and all get it.

/** Milliseconds that an answer is given again: what depends on the time or on people.yaml is never older. */
const KEPT_MS = 1_000;
/** Answers that are kept at most; the oldest goes first. */
const KEPT = 200;

interface Kept<T> {
  readonly since: number;
  readonly answer: Promise<T>;
}

export interface SharedAnswers<T> {
  /** The answer by this name, made by `make` where there is none that is new enough. What failed is made anew for whoever asks next. */
  get(name: string, make: () => Promise<T>): Promise<T>;
}

/** `now`: milliseconds. A name must say all that the answer depends on, but for the time and people. */
export function createSharedAnswers<T>(now: () => number): SharedAnswers<T> {
  const kept = new Map<string, Kept<T>>();
  return {
    get: (name, make) => {
      const known = kept.get(name);
      if (known !== undefined && now() - known.since < KEPT_MS) return known.answer;
      const made = { since: now(), answer: make() };
      kept.delete(name);
      kept.set(name, made);
      const [oldest] = kept.keys();
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
      made.answer.catch(() => {
        if (kept.get(name) === made) kept.delete(name);
      });
      return made.answer;
    },
  };
}
