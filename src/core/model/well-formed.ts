// JSON as Unicode text: half a surrogate pair is no text and has no canonical form.

/** A list or object and the copy of it that is still empty. */
interface Pending {
  readonly from: object;
  readonly to: object;
}

const copyOf = (value: unknown, pending: Pending[]): unknown => {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  const to = Array.isArray(value) ? [] : {};
  pending.push({ from: value, to });
  return to;
};

/** Nearly always it is, and then it needs no copy. */
const isWellFormed = (value: unknown): boolean => {
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === 'string' && !next.isWellFormed()) return false;
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) {
      for (const inner of next) pending.push(inner);
      continue;
    }
    for (const key of Object.keys(next)) {
      if (!key.isWellFormed()) return false;
      // as: any object.
      pending.push((next as Readonly<Record<string, unknown>>)[key]);
    }
  }
  return true;
};

/**
 * The value where it is Unicode text, else a copy whose strings and keys hold U+FFFD where half a surrogate pair stood, which no name
 * in a cluster can hold. Without recursion, since the JSON of a stranger may be nested as deep as it is long.
 */
export function wellFormed<T>(value: T): T {
  if (isWellFormed(value)) return value;
  const pending: Pending[] = [];
  const copy = copyOf(value, pending);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const [key, inner] of Object.entries(next.from)) {
      // Not by assignment: "__proto__" is a key like any other.
      const own = { value: copyOf(inner, pending), enumerable: true, writable: true, configurable: true };
      Object.defineProperty(next.to, key.toWellFormed(), own);
    }
  }
  return copy as T;
}
