// Effects and an object → by which field managers their writes show on it once they were carried out.
import type { Effect } from '../model/effect.ts';
import { isObject, type Json, type JsonObject, valueAt } from '../model/json.ts';
import { type ObjectRef, touches } from '../model/object-ref.ts';

/** As whom the gate writes where a command or a request names nobody. */
const OWN = 'blastgate';

const namedBy = ({ mutation }: Effect): string =>
  (mutation?.is === 'apply' ? mutation.serverSide?.fieldManager : undefined) ??
  (mutation?.is === 'request' ? mutation.query['fieldManager'] : undefined) ??
  OWN;

/** The gate's own, and whoever the writes of these effects name. */
export function fieldManagersOf(effects: readonly Effect[], object: ObjectRef): ReadonlySet<string> {
  const wrote = effects.filter((effect) => touches({ ...effect, name: effect.name ?? '*' }, object));
  return new Set([OWN, ...wrote.map(namedBy)]);
}

/** The managers of an object's fields; none: it has no field of its own, or they are not shown. */
export function managersOf(object: JsonObject): readonly string[] {
  const entries = valueAt(object, '/metadata/managedFields');
  if (!Array.isArray(entries)) return [];
  return (entries as readonly Json[]).map((one) =>
    isObject(one) && typeof one['manager'] === 'string' ? one['manager'] : '',
  );
}
