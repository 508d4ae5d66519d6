// An object → whether this gate has written to it, whoever made it.
import type { JsonObject } from '../../core/model/json.ts';
import { listAt } from './json-at.ts';

/**
 * A name alone says nothing of who made an object; one without any field of its own has no manager. `manager`: whom the API server
 * names as the writer.
 */
export function wroteIt(object: JsonObject, manager: string): boolean {
  const managers = listAt(object, 'metadata', 'managedFields');
  // A server-side apply has the manager that the command names.
  return managers.length === 0 || managers.some((one) => one['manager'] === manager || one['operation'] === 'Apply');
}
