// What the dry runs show that a write makes of a protected object → the core rule that it breaks, whatever the request said of itself: a
// PUT or a server-side apply takes away what it does not name.
import type { Facts } from '../model/facts.ts';
import { type Json, sameJson } from '../model/json.ts';
import type { FieldChange } from '../model/object-change.ts';
import { objectOfKey, resourceKey, touches } from '../model/object-ref.ts';
import type { FiredRule } from './blast-radius.ts';
import type { CoreRule } from './hard-rules.ts';
import type { SeenEffect } from './judged-effect.ts';

const PROTECTED: ReadonlySet<string> = new Set([
  'namespaces',
  'persistentvolumes',
  'persistentvolumeclaims',
  'clusterroles.rbac.authorization.k8s.io',
]);

const elements = (value: Json | undefined): readonly Json[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/** Whether something of the one is not in the other. */
const lacks = (one: Json | undefined, other: Json | undefined): boolean =>
  elements(one).some((element) => !elements(other).some((kept) => sameJson(kept, element)));

const isAt = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);

const ruleOf = ({ path, before, after }: FieldChange, resource: string): CoreRule | null => {
  if (isAt(path, '/metadata/finalizers')) return lacks(before, after) ? 'remove-finalizers' : null;
  if (isAt(path, '/metadata/ownerReferences')) return lacks(after, before) ? 'add-owner-reference' : null;
  if (isAt(path, '/spec/finalizers') && resource === 'namespaces')
    return lacks(before, after) ? 'finalize-namespace' : null;
  return isAt(path, '/spec/claimRef') && resource === 'persistentvolumes' ? 'change-claim-ref' : null;
};

/** The first core rule that the difference breaks; null where nothing was rehearsed. */
export function rehearsedRuleFired(seen: readonly SeenEffect[], facts: Facts | null): FiredRule | null {
  for (const { object, op, fields } of facts?.rehearsal?.changes ?? []) {
    const place = objectOfKey(object);
    const resource = resourceKey(place);
    if (op !== 'update' || !PROTECTED.has(resource)) continue;
    if (!seen.some(({ effect, writes }) => writes && touches(effect, place))) continue;
    for (const field of fields) {
      const code = ruleOf(field, resource);
      if (code !== null) return { code, subject: object };
    }
  }
  return null;
}
