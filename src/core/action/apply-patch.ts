// The manifest, what was applied before and the object as it stands become the patch that `kubectl apply` sends: what the
// manifest changes, and what it no longer says (apimachinery 0.36, strategicpatch.CreateThreeWayMergePatch, jsonmergepatch).
import { isDeeperThan, isObject, type Json, type JsonObject, MAX_DEPTH, sameJson } from '../model/json.ts';
import { lastAppliedOf, withLastApplied } from '../model/last-applied.ts';
import { type ChangedObject, elementsOf, refused } from './changed-object.ts';
import type { MergeSchema } from './merge-schema.ts';
import { conflictIn } from './patch-conflict.ts';
import { diffObjects, inOrderOf, keyedElement, mergeDiff } from './strategic-diff.ts';

/** What apply is given. */
interface ApplyCase {
  /** The manifest, without the annotation of the last apply or with any. */
  readonly object: JsonObject;
  readonly live: JsonObject;
  /** null: the server does not merge this kind strategically, so that a JSON merge patch is sent. */
  readonly schema: MergeSchema | null;
  /** --overwrite=false: what somebody else changed since is a conflict. */
  readonly overwrite: boolean;
}

const CHANGES = { changes: true, deletions: false } as const;
const DELETIONS = { changes: false, deletions: true } as const;
const BOTH = { changes: true, deletions: true } as const;

const ORDER = '$setElementOrder/';

const keyOf = (element: Json, mergeKey: string): Json =>
  mergeKey === '' ? element : keyedElement(element, mergeKey).key;

const isIn = (list: readonly Json[], element: Json, mergeKey: string): boolean =>
  list.some((one) => sameJson(keyOf(one, mergeKey), keyOf(element, mergeKey)));

const isDirective = (element: Json): boolean => isObject(element) && Object.hasOwn(element, '$patch');

/**
 * Two patches of one list as one: the elements of both, those of the same key merged; in the order that the patch sets, what it
 * does not name (deletions) behind.
 */
const joinedLists = (
  first: readonly Json[],
  second: readonly Json[],
  order: readonly Json[],
  mergeKey: string,
  below: MergeSchema,
): readonly Json[] => {
  const merged: Json[] = first.map((one) => {
    const same = second.find((other) => sameJson(keyOf(one, mergeKey), keyOf(other, mergeKey)));
    return same !== undefined && isObject(one) && isObject(same) && !isDirective(one)
      ? joinedPatches(one, same, below)
      : one;
  });
  const all = [...merged, ...second.filter((other) => !isIn(first, other, mergeKey))];
  const named = inOrderOf(
    all.filter((one) => !isDirective(one) && isIn(order, one, mergeKey)),
    order,
    mergeKey,
  );
  return [...named, ...all.filter((one) => isDirective(one) || !isIn(order, one, mergeKey))];
};

/** One field of two patches as one. */
const joinedField = (field: string, first: Json, second: Json, second_: JsonObject, schema: MergeSchema): Json => {
  const { below, mergeKey, replaced } = schema(field);
  if (isObject(first) && isObject(second)) return replaced ? second : joinedPatches(first, second, below);
  if (mergeKey === null || !Array.isArray(first) || !Array.isArray(second)) return second;
  // a list that is new to the second patch stands there whole, in its order
  const order = second_[`${ORDER}${field}`] ?? second;
  return joinedLists(elementsOf(first), elementsOf(second), elementsOf(order), mergeKey, below);
};

/** Two patches as one: applied, it does what both do one after the other. */
const joinedPatches = (first: JsonObject, second: JsonObject, schema: MergeSchema): JsonObject => {
  const joined = new Map(Object.entries(first));
  for (const [field, value] of Object.entries(second)) {
    const known = joined.get(field);
    const isAside = field.startsWith('$');
    joined.set(field, known === undefined || isAside ? value : joinedField(field, known, value, second, schema));
  }
  return Object.fromEntries(joined);
};

/** Only the nulls of a merge patch, or all but them; what is empty then says nothing, unless it was empty before. */
const filtered = (patch: JsonObject, keep: 'nulls' | 'values'): JsonObject =>
  Object.fromEntries(
    Object.entries(patch).flatMap(([key, value]): (readonly [string, Json])[] => {
      if (value === null) return keep === 'nulls' ? [[key, null]] : [];
      if (!isObject(value) || Object.keys(value).length === 0) return keep === 'values' ? [[key, value]] : [];
      const inner = filtered(value, keep);
      return Object.keys(inner).length === 0 ? [] : [[key, inner]];
    }),
  );

const joinedMerges = (first: JsonObject, second: JsonObject): JsonObject => {
  const joined = new Map(Object.entries(first));
  for (const [key, value] of Object.entries(second)) {
    const known = joined.get(key);
    joined.set(key, isObject(known) && isObject(value) ? joinedMerges(known, value) : value);
  }
  return Object.fromEntries(joined);
};

/** The object of the last apply; {} where there was none, null where its annotation is no object. */
const lastObject = (live: JsonObject): JsonObject | null => {
  const text = lastAppliedOf(live);
  if (text === null) return {};
  try {
    const read: unknown = JSON.parse(text);
    return isObject(read) && !isDeeperThan(read, MAX_DEPTH) ? read : null;
  } catch {
    return null;
  }
};

/** An object as it was applied last, as it is wanted now, and as it stands. */
interface ThreeStates {
  readonly last: JsonObject;
  readonly wanted: JsonObject;
  readonly live: JsonObject;
}

/** The strategic patch of three states; a conflict only without `overwrite`. */
export function threeWayStrategic(
  { last, wanted, live }: ThreeStates,
  schema: MergeSchema,
  overwrite: boolean,
): ChangedObject {
  const deletions = diffObjects(last, wanted, schema, DELETIONS);
  const patch = joinedPatches(deletions, diffObjects(live, wanted, schema, CHANGES), schema);
  const conflict = overwrite ? null : conflictIn(patch, diffObjects(last, live, schema, BOTH), schema);
  return conflict === null ? { ok: true, object: patch } : refused('apply-conflict', conflict);
}

/** The JSON merge patch of three states. */
export function threeWayMerge({ last, wanted, live }: ThreeStates): JsonObject {
  return joinedMerges(filtered(mergeDiff(last, wanted), 'nulls'), filtered(mergeDiff(live, wanted), 'values'));
}

/**
 * The patch of a client-side apply, with the new annotation of the last apply in it; {} where nothing differs. It is a strategic
 * merge patch where a schema is given, else a JSON merge patch. Throws UnmergeableList as diffObjects does.
 */
export function applyPatch({ object, live, schema, overwrite }: ApplyCase): ChangedObject {
  const last = lastObject(live);
  if (last === null) return refused('last-applied-unreadable');
  const wanted = withLastApplied(object);
  return schema === null
    ? { ok: true, object: threeWayMerge({ last, wanted, live }) }
    : threeWayStrategic({ last, wanted, live }, schema, overwrite);
}
