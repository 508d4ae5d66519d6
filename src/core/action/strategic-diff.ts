// Two states of an object become the strategic merge patch that leads from one to the other, as kubectl computes it
// (apimachinery 0.36, util/strategicpatch: CreateTwoWayMergePatch, diffMaps).
import { isObject, type Json, type JsonObject, ownValue, sameJson } from '../model/json.ts';
import { byText } from '../model/text-order.ts';
import type { MergeField, MergeSchema } from './merge-schema.ts';

/** Which differences count. */
interface DiffScope {
  readonly changes: boolean;
  readonly deletions: boolean;
}

/** Elements of a list cannot be told apart: one is no object, or lacks the merge key. */
export class UnmergeableList extends Error {
  readonly mergeKey: string;
  constructor(mergeKey: string) {
    super(`an element of a list has no ${JSON.stringify(mergeKey)}`);
    this.mergeKey = mergeKey;
  }
}

/** A plain value as text, as which lists are sorted. */
export function plainText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The value of the merge key, and the element as an object. */
export function keyedElement(element: Json, mergeKey: string): { readonly key: Json; readonly element: JsonObject } {
  const key = isObject(element) ? ownValue(element, mergeKey) : undefined;
  if (!isObject(element) || key === undefined) throw new UnmergeableList(mergeKey);
  return { key, element };
}

/** Where in the list an element of this key stands, or -1. */
const placeOf = (list: readonly Json[], key: Json, mergeKey: string): number =>
  list.findIndex((one) => sameJson(mergeKey === '' ? one : keyedElement(one, mergeKey).key, key));

/** Elements in the order that a list gives them; those that it does not name keep their place behind. */
export function inOrderOf(elements: readonly Json[], order: readonly Json[], mergeKey: string): readonly Json[] {
  const place = (one: Json): number => {
    const at = placeOf(order, mergeKey === '' ? one : keyedElement(one, mergeKey).key, mergeKey);
    return at < 0 ? order.length : at;
  };
  return elements
    .map((one) => ({ one, at: place(one) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

/** Pairs of elements with the same key, the lists walked in the order of their keys: of a key given twice, the nth meets the nth. */
const pairsByKey = (
  before: readonly Json[],
  after: readonly Json[],
  mergeKey: string,
): readonly (readonly [JsonObject | null, JsonObject | null])[] => {
  const sorted = (list: readonly Json[]) =>
    list
      .map((one) => {
        const { key, element } = keyedElement(one, mergeKey);
        return { text: plainText(key), element };
      })
      .sort((a, b) => byText(a.text, b.text));
  const [left, right] = [sorted(before), sorted(after)];
  const pairs: [JsonObject | null, JsonObject | null][] = [];
  for (let [i, j] = [0, 0]; i < left.length || j < right.length; ) {
    const [one, other] = [left[i], right[j]];
    const order = one === undefined ? 1 : other === undefined ? -1 : byText(one.text, other.text);
    pairs.push([order <= 0 ? (one?.element ?? null) : null, order >= 0 ? (other?.element ?? null) : null]);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return pairs;
};

/** What a patch says of one list, by the keys of the patch. */
type ListPatch = readonly (readonly [key: string, value: Json])[];

const diffKeyedLists = (
  field: string,
  before: readonly Json[],
  after: readonly Json[],
  merge: MergeField,
  scope: DiffScope,
): ListPatch => {
  const mergeKey = merge.mergeKey ?? '';
  const changed: Json[] = [];
  const deleted: Json[] = [];
  for (const [one, other] of pairsByKey(before, after, mergeKey)) {
    if (one !== null && other !== null) {
      const inner = diffObjects(one, other, merge.below, scope, merge.retainKeys);
      if (Object.keys(inner).length > 0) changed.push({ ...inner, [mergeKey]: ownValue(other, mergeKey) ?? null });
    } else if (other !== null) {
      if (scope.changes) changed.push(other);
    } else if (one !== null && scope.deletions)
      deleted.push({ [mergeKey]: ownValue(one, mergeKey) ?? null, $patch: 'delete' });
  }
  const patch = [...inOrderOf(changed, after, mergeKey), ...deleted];
  const keys = (list: readonly Json[]): readonly Json[] => list.map((one) => keyedElement(one, mergeKey).key);
  const moved = !sameJson(keys(before), keys(after));
  const orders = after.length > 0 && (patch.length > 0 || (scope.changes && moved));
  return [
    ...(patch.length > 0 ? [[field, patch] as const] : []),
    ...(orders ? [[`$setElementOrder/${field}`, keys(after).map((key) => ({ [mergeKey]: key }))] as const] : []),
  ];
};

const diffPlainLists = (
  field: string,
  before: readonly Json[],
  after: readonly Json[],
  scope: DiffScope,
): ListPatch => {
  const without = (list: readonly Json[], other: readonly Json[]): readonly Json[] =>
    list.filter((one) => !other.some((known) => sameJson(known, one)));
  const sorted = (list: readonly Json[]): readonly Json[] =>
    list.toSorted((a, b) => byText(plainText(a), plainText(b)));
  const added = scope.changes ? without(after, before) : [];
  const deleted = scope.deletions ? sorted([...new Set(without(before, after))]) : [];
  // kubectl has sorted the list by now, and compares that: an unsorted one is put in order though it has not changed, which does nothing
  const moved = scope.changes && !sameJson(sorted(before), after);
  const orders = after.length > 0 && (moved || deleted.length > 0);
  return [
    ...(added.length > 0 ? [[field, added] as const] : []),
    ...(deleted.length > 0 ? [[`$deleteFromPrimitiveList/${field}`, deleted] as const] : []),
    ...(orders ? [[`$setElementOrder/${field}`, after] as const] : []),
  ];
};

const diffLists = (
  field: string,
  before: readonly Json[],
  after: readonly Json[],
  merge: MergeField,
  scope: DiffScope,
): ListPatch => {
  if (merge.mergeKey === null) return scope.changes && !sameJson(before, after) ? [[field, after]] : [];
  if (before.length === 0) return after.length === 0 || !scope.changes ? [] : [[field, after]];
  return [...before, ...after].some(isObject)
    ? diffKeyedLists(field, before, after, merge, scope)
    : diffPlainLists(field, before, after, scope);
};

/** What a patch says of one field that is there before and after. */
const diffField = (field: string, before: Json, after: Json, schema: MergeSchema, scope: DiffScope): ListPatch => {
  if (isObject(before) && isObject(after)) {
    const merge = schema(field);
    if (merge.replaced) return scope.changes ? [[field, after]] : [];
    const inner = diffObjects(before, after, merge.below, scope, merge.retainKeys);
    return Object.keys(inner).length > 0 ? [[field, inner]] : [];
  }
  if (isList(before) && isList(after)) return diffLists(field, before, after, schema(field), scope);
  return scope.changes && !sameJson(before, after) ? [[field, after]] : [];
};

/** The keys that stay, where a patch must name them. */
const retained = (before: JsonObject, after: JsonObject, patches: boolean): ListPatch => {
  const keys = Object.keys(after).filter((key) => after[key] !== null);
  const clears = Object.keys(before).some((key) => before[key] !== null && !Object.hasOwn(after, key));
  return keys.length > 0 && (patches || clears) ? [['$retainKeys', keys.sort(byText)]] : [];
};

/**
 * The patch from one object to another; {} where nothing differs. With all of the scope it leads to exactly `after`.
 * Throws UnmergeableList where elements of a list with a merge key cannot be told apart.
 */
export function diffObjects(
  before: JsonObject,
  after: JsonObject,
  schema: MergeSchema,
  scope: DiffScope,
  retainKeys = false,
): JsonObject {
  const patch: (readonly [string, Json])[] = [];
  for (const [field, wanted] of Object.entries(after)) {
    const known = ownValue(before, field);
    if (known === undefined) {
      if (scope.changes) patch.push([field, wanted]);
    } else patch.push(...diffField(field, known, wanted, schema, scope));
  }
  if (scope.deletions)
    for (const field of Object.keys(before)) if (!Object.hasOwn(after, field)) patch.push([field, null]);
  const retain = retainKeys ? retained(before, after, patch.length > 0) : [];
  return Object.fromEntries([...patch, ...retain]);
}

const ALL: DiffScope = { changes: true, deletions: true };

/** The strategic merge patch that leads from one object to another; {} where nothing differs. */
export function strategicDiff(before: JsonObject, after: JsonObject, schema: MergeSchema): JsonObject {
  return diffObjects(before, after, schema, ALL);
}

/** The JSON merge patch (RFC 7396) that leads from one object to another; {} where nothing differs. */
export function mergeDiff(before: JsonObject, after: JsonObject): JsonObject {
  const patch: (readonly [string, Json])[] = [];
  for (const [field, wanted] of Object.entries(after)) {
    const known = ownValue(before, field);
    if (isObject(known) && isObject(wanted)) {
      const inner = mergeDiff(known, wanted);
      if (Object.keys(inner).length > 0) patch.push([field, inner]);
    } else if (!sameJson(known, wanted)) patch.push([field, wanted]);
  }
  for (const field of Object.keys(before)) if (!Object.hasOwn(after, field)) patch.push([field, null]);
  return Object.fromEntries(patch);
}
