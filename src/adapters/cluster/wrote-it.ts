// An object as read → whether this gate has written to it.
import type { JsonObject } from '../../core/model/json.ts';
import { listAt } from './json-at.ts';

/** This gate has written to it: a name alone says nothing of who made it. An object without any field of its own has no manager. */
export function wroteIt(object: JsonObject): boolean {
  const managers = listAt(object, 'metadata', 'managedFields');
  // A server-side apply has the manager that the command names.
  return (
    managers.length === 0 || managers.some((one) => one['manager'] === 'blastgate' || one['operation'] === 'Apply')
  );
}
