// Fields of JSON that another program answered, read for printing.
import type { Json, JsonObject } from '../core/model/json.ts';

/** A scalar as its text, null and nothing as "", anything else as JSON. */
export function fieldText(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** {} where the field is no object. */
export function fieldObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** [] where the field is no list. */
export function fieldList(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(fieldObject) : [];
}
