// An object as it stands becomes the object that a command wants: the pure part of what kubectl does before it computes a patch.
import { isObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import type { MutationRefusal, MutationRefusalCode } from '../model/mutation-refusal.ts';

/** The object after, or why there is none. */
export type ChangedObject =
  | { readonly ok: true; readonly object: JsonObject }
  | { readonly ok: false; readonly why: MutationRefusal };

/** Shorthand for a refusal. */
export function refused(code: MutationRefusalCode, about: string | null = null): ChangedObject & { ok: false } {
  return { ok: false, why: { code, about } };
}

/** An object that is there, or {}: what is missing is made. */
export function fieldsOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The list of a field, or []. */
export function elementsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** A text, or "". */
export function stringOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The object without a field. */
export function withoutField(object: JsonObject, field: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== field));
}

/** The object with what stands at a path changed; objects on the way are made. */
export function changedAt(
  object: JsonObject,
  path: readonly string[],
  change: (value: JsonObject) => JsonObject,
): JsonObject {
  const [step, ...rest] = path;
  if (step === undefined) return change(object);
  return { ...object, [step]: changedAt(fieldsOf(ownValue(object, step)), rest, change) };
}

/** The object with these labels or annotations set, or taken away where they are null. */
export function withKeys(
  object: JsonObject,
  on: 'labels' | 'annotations',
  set: { readonly [key: string]: string | null },
): JsonObject {
  return changedAt(object, ['metadata', on], (before) => {
    const after = new Map(Object.entries(before));
    for (const [key, value] of Object.entries(set)) {
      if (value === null) after.delete(key);
      else after.set(key, value);
    }
    return Object.fromEntries(after);
  });
}

/** What --record notes, which may be written over whatever else is kept. */
export const CHANGE_CAUSE = 'kubernetes.io/change-cause';

/** The object with what --record notes; as it is where nothing is noted. */
export function withCause(object: JsonObject, changeCause: string | undefined): JsonObject {
  return changeCause === undefined ? object : withKeys(object, 'annotations', { [CHANGE_CAUSE]: changeCause });
}
