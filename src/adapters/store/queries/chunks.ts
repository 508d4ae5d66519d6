// Many keys, in parts that one statement can take.

/** So many parameters at once that every database takes them. */
const AT_ONCE = 500;

export function chunksOf(keys: readonly string[]): readonly string[][] {
  return Array.from({ length: Math.ceil(keys.length / AT_ONCE) }, (_, i) => keys.slice(i * AT_ONCE, (i + 1) * AT_ONCE));
}
