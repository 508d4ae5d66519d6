// stub
import type { JsonObject } from '../model/json.ts';
import { type ChangedObject, refused } from './changed-object.ts';
import type { MergeSchema } from './merge-schema.ts';
export function applyPatch(_: {
  object: JsonObject;
  live: JsonObject;
  schema: MergeSchema | null;
  overwrite: boolean;
}): ChangedObject {
  return refused('not-built');
}
