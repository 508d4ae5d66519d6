// Fields of JSON that another program answered, read for printing. It must never print "[object Object]".
import type { Json, JsonObject } from '../core/model/json.ts';

/** A scalar as its text, null and nothing as "", anything else as JSON. */
export const fieldText = (value: Json | undefined): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** {} where the field is no object. */
export const fieldObject = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

/** [] where the field is no list. */
export const fieldList = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.map(fieldObject) : [];
