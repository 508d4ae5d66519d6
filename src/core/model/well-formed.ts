// JSON as Unicode text: half a surrogate pair is no text and has no canonical form.

/** A copy whose strings and keys hold U+FFFD where half a surrogate pair stood, which no name in a cluster can hold. */
export function wellFormed<T>(value: T): T {
  return copy(value) as T;
}

const copy = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value)
    ? value.map(copy)
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), copy(inner)]));
};
