// Kubernetes' strategic merge patch: like a merge patch, but lists with a merge key are merged element by element, and
// directives ($patch, $setElementOrder/…, $deleteFromPrimitiveList/…, $retainKeys) say the rest. Pure.
import { isObject, sameJson } from '../json.ts';
import type { Json, JsonObject } from '../model.ts';
import type { Message } from '../schema.ts';

export class BadPatch extends Error {}

const ORDER = '$setElementOrder/';
const DELETE = '$deleteFromPrimitiveList/';

/** `target` with `patch` merged in, after the merge keys of `message`. Throws BadPatch where the patch cannot be meant. */
export function strategicMerge(target: JsonObject, patch: JsonObject, message: Message | null): JsonObject {
  if (patch['$patch'] === 'delete') return {};
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  const result: Record<string, Json | undefined> = retained(target, patch['$retainKeys']);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE)) removeFromList(result, key.slice(DELETE.length), value);
    else if (key.startsWith('$')) continue;
    else if (value === null) delete result[key];
    else if (value !== undefined) result[key] = mergeField(result[key], value, key, message);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(ORDER))
      reorder(result, target[key.slice(ORDER.length)], key.slice(ORDER.length), value, message);
  }
  return result;
}

function mergeField(old: Json | undefined, value: Json, key: string, message: Message | null): Json {
  const field = message?.fields.get(key);
  const inner = field?.type === 'm' && field.shape !== 'map' ? field.message() : null;
  if (Array.isArray(value)) {
    const mergeKey = field?.mergeKey ?? null;
    const before: readonly Json[] = Array.isArray(old) ? (old as readonly Json[]) : [];
    if (mergeKey === null) return value;
    const merged = mergeKey === '' ? union(before, value) : mergeList(before, value, mergeKey, inner);
    return ordered(merged, value, before, mergeKey);
  }
  return isObject(value) ? strategicMerge(isObject(old) ? old : {}, value, inner) : value;
}

function union(old: readonly Json[], added: readonly Json[]): readonly Json[] {
  return [...old, ...added.filter((value) => !old.some((known) => sameJson(known, value)))];
}

function mergeList(
  old: readonly Json[],
  patch: readonly Json[],
  key: string,
  message: Message | null,
): readonly Json[] {
  const items = patch.map((item) => {
    if (!isObject(item)) throw new BadPatch(`a list merged by "${key}" holds something that is no object`);
    return item;
  });
  if (items.some((item) => item['$patch'] === 'replace' && item[key] === undefined))
    return items.filter((item) => item['$patch'] === undefined);
  const result = [...old];
  for (const item of items) {
    const id = item[key];
    if (id === undefined)
      throw new BadPatch(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    const at = result.findIndex((known) => isObject(known) && sameJson(known[key], id));
    const known = result[at];
    if (item['$patch'] === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (isObject(known)) result[at] = strategicMerge(known, item, message);
    else result.push(withoutDirectives(item));
  }
  return result;
}

function withoutDirectives(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([key, inner]) => !key.startsWith('$') && inner !== null);
  return Object.fromEntries(kept.map(([key, inner]) => [key, isObject(inner) ? withoutDirectives(inner) : inner]));
}

function retained(target: JsonObject, keys: Json | undefined): Record<string, Json | undefined> {
  if (!Array.isArray(keys)) return { ...target };
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)));
}

function removeFromList(result: Record<string, Json | undefined>, key: string, gone: Json | undefined): void {
  const list = result[key];
  if (Array.isArray(list) && Array.isArray(gone))
    result[key] = list.filter((value) => !gone.some((one) => sameJson(one, value)));
}

/** Puts a merged list into the order that `$setElementOrder` names. */
function reorder(
  result: Record<string, Json | undefined>,
  before: Json | undefined,
  key: string,
  order: Json | undefined,
  message: Message | null,
): void {
  const list = result[key];
  const mergeKey = message?.fields.get(key)?.mergeKey ?? null;
  if (!Array.isArray(list) || !Array.isArray(order) || mergeKey === null) return;
  result[key] = ordered(list, order, Array.isArray(before) ? (before as readonly Json[]) : [], mergeKey);
}

/**
 * Kubernetes' order of a merged list: the elements that the patch names in the patch's order, the others in the order
 * they had; one of the others comes first only where it stood before the named one.
 */
function ordered(
  merged: readonly Json[],
  patch: readonly Json[],
  before: readonly Json[],
  mergeKey: string,
): readonly Json[] {
  const identity = (value: Json | undefined): Json | undefined =>
    mergeKey !== '' && isObject(value) ? value[mergeKey] : value;
  const place = (list: readonly Json[], value: Json): number =>
    list.findIndex((one) => sameJson(identity(one), identity(value)));
  const sorted = (list: readonly Json[], by: readonly Json[]): readonly Json[] =>
    [...list].sort((a, b) => place(by, a) - place(by, b));
  const named = [
    ...sorted(
      merged.filter((one) => place(patch, one) >= 0),
      patch,
    ),
  ];
  const others = [
    ...sorted(
      merged.filter((one) => place(patch, one) < 0),
      before,
    ),
  ];
  const result: Json[] = [];
  for (
    let [other, name] = [others[0], named[0]];
    other !== undefined || name !== undefined;
    [other, name] = [others[0], named[0]]
  ) {
    const stoodBefore =
      other !== undefined &&
      name !== undefined &&
      place(before, name) >= 0 &&
      place(before, other) < place(before, name);
    const next = (stoodBefore || name === undefined ? others : named).shift();
    if (next !== undefined) result.push(next);
  }
  return result;
}
