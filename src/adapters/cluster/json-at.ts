// Reads a place inside JSON that another program wrote.
import { isObject, type Json, type JsonObject, ownValue, setOwnValue } from '../../core/model/json.ts';
import { byText } from '../../core/model/text-order.ts';

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The value at that path of keys; undefined where there is none. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let here: Json | undefined = value;
  for (const key of path) here = isObject(here) ? ownValue(here, key) : undefined;
  return here;
}

export function textAt(value: Json | undefined, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : null;
}

/** A whole number that JavaScript can count with (Kubernetes has no others in the fields that are read); null otherwise. */
export function numberAt(value: Json | undefined, ...path: readonly string[]): number | null {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isSafeInteger(found) ? found : null;
}

/** {} where there is none. */
export function objectAt(value: Json | undefined, ...path: readonly string[]): JsonObject {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
}

/** The texts of an object, by key; {} where there is none. */
export function textMapAt(value: Json | undefined, ...path: readonly string[]): { readonly [key: string]: string } {
  const texts: { [key: string]: string } = {};
  for (const [key, text] of Object.entries(objectAt(value, ...path)))
    if (typeof text === 'string') setOwnValue(texts, key, text);
  return texts;
}

/** The objects of a list; [] where there is none. */
export function listAt(value: Json | undefined, ...path: readonly string[]): readonly JsonObject[] {
  const found = at(value, ...path);
  return isList(found) ? found.filter(isObject) : [];
}

/** The same value as text, whatever the order of its keys. */
export function stable(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => byText(a, b))) : inner,
  );
}
