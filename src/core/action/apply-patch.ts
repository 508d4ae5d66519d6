// The manifest, what was applied before and the object as it stands become the patch that `kubectl apply` sends: what the
// manifest changes, and what it no longer says (apimachinery 0.36, strategicpatch.CreateThreeWayMergePatch, jsonmergepatch).
import { isDeeperThan, isObject, type Json, type JsonObject, MAX_DEPTH } from '../model/json.ts';
import { lastAppliedOf, withLastApplied } from '../model/last-applied.ts';
import { type ChangedObject, listAt, refused } from './changed-object.ts';
import type { MergeSchema } from './merge-schema.ts';
import { diffObjects, inOrderOf, keyedElement, mergeDiff, sameJson } from './strategic-diff.ts';

/** What apply is given. */
export interface ApplyCase {
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

/** The list that a directive is about. */
const listOf = (directive: string): string => directive.slice(directive.indexOf('/') + 1);

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
  return joinedLists(listAt(first), listAt(second), listAt(second_[`${ORDER}${field}`]), mergeKey, below);
};

/** Two patches as one: applied, it does what both do one after the other. */
const joinedPatches = (first: JsonObject, second: JsonObject, schema: MergeSchema): JsonObject => {
  const joined = new Map(Object.entries(first));
  for (const [field, value] of Object.entries(second)) {
    const known = joined.get(field);
    const isAside = field.startsWith('$');
    joined.set(field, known === undefined || isAside ? value : joinedField(field, known, value, second, schema));
  }
  // a directive of order without its list, where only the other patch had elements
  for (const directive of Object.keys(first))
    if (directive.startsWith(ORDER) && !joined.has(listOf(directive))) joined.delete(directive);
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

/** The first field that two patches change to different values; null where they agree. */
const conflictOf = (one: Json, other: Json, at: string): string | null => {
  if (isObject(one) && isObject(other)) {
    for (const [key, value] of Object.entries(one)) {
      const theirs = Object.hasOwn(other, key) && !key.startsWith('$') ? other[key] : undefined;
      const found = theirs === undefined ? null : conflictOf(value, theirs, `${at}/${key}`);
      if (found !== null) return found;
    }
    return null;
  }
  return sameJson(one, other) ? null : at;
};

/**
 * The patch of a client-side apply, with the new annotation of the last apply in it; {} where nothing differs. It is a strategic
 * merge patch where a schema is given, else a JSON merge patch. Throws UnmergeableList as diffObjects does.
 */
export function applyPatch({ object, live, schema, overwrite }: ApplyCase): ChangedObject {
  const last = lastObject(live);
  if (last === null) return refused('last-applied-unreadable');
  const wanted = withLastApplied(object);
  if (schema === null) {
    const patch = joinedMerges(filtered(mergeDiff(last, wanted), 'nulls'), filtered(mergeDiff(live, wanted), 'values'));
    return { ok: true, object: patch };
  }
  const deletions = diffObjects(last, wanted, schema, DELETIONS);
  const patch = joinedPatches(deletions, diffObjects(live, wanted, schema, CHANGES), schema);
  const conflict = overwrite ? null : conflictOf(patch, diffObjects(last, live, schema, BOTH), '');
  return conflict === null ? { ok: true, object: patch } : refused('apply-conflict', conflict);
}
