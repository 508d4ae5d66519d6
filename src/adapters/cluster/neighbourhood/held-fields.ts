// Fields of an object that Argo CD or Flux holds, from its managedFields.

import { isObject, type JsonObject } from '../../../core/model/json.ts';
import type { HeldFact } from '../../../core/model/neighbourhood.ts';
import type { ObjectKey } from '../../../core/model/object-ref.ts';
import { listAt, objectAt, textAt } from '../json-at.ts';

/** Names under which Argo CD and Flux apply what stands in Git. */
const GITOPS: ReadonlySet<string> = new Set([
  'argocd-controller',
  'argocd-application-controller',
  'kustomize-controller',
  'helm-controller',
  'flux',
]);

/** "f:spec" is spec, "k:{\"name\":\"web\"}" is web, "v:\"a\"" is a; null for "." which is the object itself. */
const segment = (key: string): string | null => {
  const [mark, rest] = [key.slice(0, 2), key.slice(2)];
  if (mark === 'f:') return rest;
  if (mark !== 'k:' && mark !== 'v:') return null;
  try {
    const value: unknown = JSON.parse(rest);
    return typeof value === 'object' && value !== null ? Object.values(value).map(String).join(',') : String(value);
  } catch {
    return rest;
  }
};

const leaves = (fields: JsonObject, path: readonly string[]): readonly string[] =>
  Object.entries(fields).flatMap(([key, inner]) => {
    const name = segment(key);
    if (name === null) return [];
    const here = [...path, name];
    const below = isObject(inner) ? leaves(inner, here) : [];
    return below.length > 0 ? below : [here.join('.')];
  });

/** One fact for each GitOps manager of the object, in the order of its managedFields. */
export function heldFields(key: ObjectKey, object: JsonObject): readonly HeldFact[] {
  const byManager = Map.groupBy(
    listAt(object, 'metadata', 'managedFields').filter(
      (entry) => GITOPS.has(textAt(entry, 'manager') ?? '') && textAt(entry, 'subresource') !== 'status',
    ),
    (entry) => textAt(entry, 'manager') ?? '',
  );
  return [...byManager].map(([manager, entries]) => ({
    object: key,
    manager,
    fields: [...new Set(entries.flatMap((entry) => leaves(objectAt(entry, 'fieldsV1'), [])))].toSorted(),
  }));
}
