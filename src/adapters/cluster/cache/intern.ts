// Gives equal small values one home, since a hundred pods of a workload have the same labels.

export interface InternPool {
  text<T extends string>(value: T): T;
  /** Values that are equal as JSON become one; callers must not change them. */
  value<T>(value: T): T;
}

/** A pool only grows: it is thrown away with each list. */
export function createInternPool(): InternPool {
  const texts = new Map<string, string>();
  const values = new Map<string, unknown>();
  return {
    text: <T extends string>(value: T): T => {
      const known = texts.get(value);
      if (known === undefined) texts.set(value, value);
      // as: equal texts are the same text.
      return (known ?? value) as T;
    },
    value: <T>(value: T): T => {
      const key = JSON.stringify(value);
      if (!values.has(key)) values.set(key, value);
      // as: stored under its own JSON.
      return values.get(key) as T;
    },
  };
}
