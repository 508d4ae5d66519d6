// Two strategic patches of one object: do they change the same field to different values (apimachinery 0.36, strategicpatch,
// MergingMapsHaveConflicts).
import { isObject, type Json, type JsonObject, ownValue, sameJson } from '../model/json.ts';
import type { MergeField, MergeSchema } from './merge-schema.ts';
import { plainText } from './strategic-diff.ts';

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const plainOrder = (list: readonly Json[]): readonly Json[] =>
  list.some(isObject) ? list : [...new Set(list)].sort((one, other) => (plainText(one) < plainText(other) ? -1 : 1));

/** Elements of the same key are compared; plain values that are merged never clash. */
const inKeyedLists = (
  one: readonly Json[],
  other: readonly Json[],
  { mergeKey, below }: MergeField,
  at: string,
): string | null => {
  for (const element of one) {
    if (!isObject(element) || mergeKey === null || mergeKey === '') return null;
    const key = ownValue(element, mergeKey) ?? null;
    const same = other.findLast((theirs) => isObject(theirs) && sameJson(theirs[mergeKey], key));
    const found = same === undefined ? null : inValues(element, same, null, below, `${at}/${plainText(key)}`);
    if (found !== null) return found;
  }
  return null;
};

const inLists = (one: readonly Json[], other: readonly Json[], merge: MergeField | null, at: string): string | null => {
  if (merge !== null && merge.mergeKey !== null) return inKeyedLists(one, other, merge, at);
  if (one.length !== other.length) return at;
  const [left, right] = [plainOrder(one), plainOrder(other)];
  for (const [index, element] of left.entries()) {
    const found = inValues(element, right[index] ?? null, null, merge?.below ?? null, at);
    if (found !== null) return found;
  }
  return null;
};

/** `merge` says how the field is merged, `schema` what stands below an object. */
const inValues = (
  one: Json,
  other: Json,
  merge: MergeField | null,
  schema: MergeSchema | null,
  at: string,
): string | null => {
  if (isObject(one)) {
    if (!isObject(other) || !sameJson(one['$patch'], other['$patch'])) return at;
    if (merge?.replaced === true || schema === null) return null;
    return conflictIn(one, other, schema, at);
  }
  if (isList(one)) return isList(other) ? inLists(one, other, merge, at) : at;
  return sameJson(one, other) ? null : at;
};

/** The first field that both patches change, each to another value; null where they get along. */
export function conflictIn(one: JsonObject, other: JsonObject, schema: MergeSchema, at = ''): string | null {
  for (const [field, value] of Object.entries(one)) {
    const theirs = field.startsWith('$') ? undefined : ownValue(other, field);
    if (theirs === undefined) continue;
    const merge = schema(field);
    const found = inValues(value, theirs, merge, merge.below, `${at}/${field}`);
    if (found !== null) return found;
  }
  return null;
}
