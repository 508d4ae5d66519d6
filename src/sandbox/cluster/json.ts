// Reading and comparing JSON values, of which everything in the sandbox is made. Pure.
import type { Json, JsonObject } from './model.ts';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as text: what is no text, number or truth value is `otherwise`. */
export function plainText(value: unknown, otherwise = ''): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : otherwise;
}

/** Equality of JSON values, blind to the order of keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, at) => sameJson(one, b[at]));
  return sameFields(a as JsonObject, b as JsonObject);
}

/** Whether two objects say the same; a field that is undefined is not there. */
function sameFields(a: JsonObject, b: JsonObject): boolean {
  for (const key in a) if (!sameJson(a[key], b[key])) return false;
  for (const key in b) if (b[key] !== undefined && a[key] === undefined) return false;
  return true;
}

/** Deep copy of what JSON can say; fields that are undefined are gone. */
export function copyJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** The value at a dotted path, or undefined. */
export function at(object: unknown, path: string): Json | undefined {
  let value: unknown = object;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value as Json | undefined;
}

export function textAt(object: unknown, path: string, otherwise = '<none>'): string {
  const text = plainText(at(object, path));
  return text === '' ? otherwise : text;
}

export function numberAt(object: unknown, path: string): number {
  const value = at(object, path);
  return typeof value === 'number' ? value : 0;
}

export function listAt(object: unknown, path: string): readonly Json[] {
  const value = at(object, path);
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
