// A JSON merge patch (RFC 7396) applied to a value.
import { isObject, type Json } from './json.ts';

/** The value after: objects are merged, null takes a key away, everything else is put in place. */
export function mergePatched(before: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const after = new Map(isObject(before) ? Object.entries(before) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) after.delete(key);
    else after.set(key, mergePatched(after.get(key) ?? null, value));
  }
  return Object.fromEntries(after);
}
