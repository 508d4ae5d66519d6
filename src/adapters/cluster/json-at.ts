// Reads a place inside JSON that another program wrote. It must never take one type for another.
import { isObject, type Json, type JsonObject } from '../../core/model/json.ts';

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The value at that path of keys; undefined where there is none. */
export const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined => {
  let here: Json | undefined = value;
  for (const key of path) here = isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  return here;
};

export const textAt = (value: Json | undefined, ...path: readonly string[]): string | null => {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : null;
};

export const numberAt = (value: Json | undefined, ...path: readonly string[]): number | null => {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : null;
};

/** {} where there is none. */
export const objectAt = (value: Json | undefined, ...path: readonly string[]): JsonObject => {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
};

/** The objects of a list; [] where there is none. */
export const listAt = (value: Json | undefined, ...path: readonly string[]): readonly JsonObject[] => {
  const found = at(value, ...path);
  return isList(found) ? found.filter(isObject) : [];
};

/** The same value as text, whatever the order of its keys. */
export const stable = (value: Json): string =>
  JSON.stringify(value, (_, inner: Json) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
