// JSON as a type, and the tests that its readers ask: is it an object, is it nested too deep.

/** Any value that survives JSON.stringify unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; a missing key reads as undefined. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** True for a JSON object: neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equal as JSON values; the order of keys does not matter. */
export function sameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    return (one as readonly Json[]).every((item, i) => sameJson(item, other[i]));
  }
  const [left, right] = [one as JsonObject, other as JsonObject];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
  );
}

/** What the object itself has under the key: `constructor` and its like, which every object inherits, are not there. */
export function ownValue<T>(object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a key as JSON means it: `__proto__` too is one like any other. */
export function setOwnValue<T>(object: { [key: string]: T }, key: string, value: T): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** The keys that a JSON pointer (RFC 6901) leads through; none for the whole value. */
export function pointerTokens(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What stands at a JSON pointer; null where nothing does. */
export function valueAt(value: Json, pointer: string): Json {
  return pointerTokens(pointer).reduce<Json>(
    (here, token) =>
      Array.isArray(here)
        ? ((here as readonly Json[])[Number(token)] ?? null)
        : isObject(here)
          ? (ownValue(here, token) ?? null)
          : null,
    value,
  );
}

/** 2^63: beyond it the API server keeps floats, which JSON.parse reads as it does. */
const BEYOND_INT64 = 2 ** 63;

/**
 * True when it holds a number that may be another than was read: JSON.parse rounds integers beyond 2^53, of which the API server keeps
 * 64 bits ("unlimited" is often 9223372036854775807). The value is deep no more than MAX_DEPTH.
 */
export function holdsRounded(value: Json | undefined): boolean {
  if (typeof value === 'number')
    return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) <= BEYOND_INT64;
  if (typeof value !== 'object' || value === null) return false;
  return (Array.isArray(value) ? (value as readonly Json[]) : Object.values(value)).some(holdsRounded);
}

/** No real object is nested deeper; what is, is neither read nor shown. It bounds every recursion over a proposer's JSON. */
export const MAX_DEPTH = 128;

/** True when the value holds lists or objects nested more than `levels` deep; it looks no deeper than that. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const inner of Array.isArray(value) ? value : Object.values(value))
    if (isDeeperThan(inner, levels - 1)) return true;
  return false;
}
