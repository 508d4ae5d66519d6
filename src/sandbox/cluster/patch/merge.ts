// JSON merge patch (RFC 7386): null deletes, objects merge, everything else replaces. Pure.
import { isObject } from '../json.ts';
import type { Json } from '../model.ts';

/** `target` with `patch` merged into it; neither is changed. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json | undefined> = { ...(isObject(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (value !== undefined) result[key] = mergePatch(result[key], value);
  }
  return result;
}
