// JSON as a type. It must never hold behaviour.

/** Any value that survives JSON.stringify unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; a missing key reads as undefined. */
export interface JsonObject {
  readonly [key: string]: Json;
}
