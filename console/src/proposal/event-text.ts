// What stands in an event of which only the name is known to the page. Pure.

/** A text or number in an event, however deep; null where there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string | null {
  let here: unknown = value;
  for (const name of path)
    here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[name] : null;
  return typeof here === 'string' || typeof here === 'number' ? String(here) : null;
}
