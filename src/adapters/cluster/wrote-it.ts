// An object → whether this gate has written to it, whoever made it.
import { managersOf } from '../../core/action/field-managers.ts';
import type { JsonObject } from '../../core/model/json.ts';

/**
 * A name alone says nothing of who made an object; one without any field of its own has no manager. `expected`: whom the API server
 * names as the writer.
 */
export function wroteIt(object: JsonObject, expected: ReadonlySet<string>): boolean {
  const managers = managersOf(object);
  return managers.length === 0 || managers.some((one) => expected.has(one));
}
