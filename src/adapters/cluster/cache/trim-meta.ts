// What every kept object has, and the selectors of those that choose others.
import { isObject, type Json, type JsonObject } from '../../../core/model/json.ts';
import type { Requirement, Selector } from '../../../core/model/neighbourhood.ts';
import { at, listAt, objectAt, textAt } from '../json-at.ts';
import type { InternPool } from './intern.ts';
import type { KnownObject, OwnedObject, Owner } from './trimmed.ts';

export function textsAt(value: Json | undefined, ...path: readonly string[]): readonly string[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter((one): one is string => typeof one === 'string') : [];
}

export function knownOf(object: JsonObject, pool: InternPool): KnownObject {
  const metadata = objectAt(object, 'metadata');
  const namespace = textAt(metadata, 'namespace');
  return {
    uid: textAt(metadata, 'uid') ?? '',
    version: textAt(metadata, 'resourceVersion') ?? '',
    namespace: namespace === null ? null : pool.text(namespace),
    name: textAt(metadata, 'name') ?? '',
  };
}

/** "apps" of "apps/v1", "" of "v1". */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

/** "v1" of "apps/v1" and of "v1". */
const versionOf = (apiVersion: string): string => apiVersion.slice(apiVersion.indexOf('/') + 1);

const UNOWNED: readonly Owner[] = [];

export function ownerReferencesOf(object: JsonObject): readonly Owner[] {
  const owners = listAt(object, 'metadata', 'ownerReferences');
  if (owners.length === 0) return UNOWNED;
  return owners.map((owner) => {
    const apiVersion = textAt(owner, 'apiVersion') ?? '';
    return {
      group: groupOf(apiVersion),
      version: versionOf(apiVersion),
      kind: textAt(owner, 'kind') ?? '',
      name: textAt(owner, 'name') ?? '',
      uid: textAt(owner, 'uid') ?? '',
      controller: owner['controller'] === true,
    };
  });
}

export function ownedOf(object: JsonObject, pool: InternPool): OwnedObject {
  const owners = ownerReferencesOf(object);
  return {
    ...knownOf(object, pool),
    owners: owners.length === 0 ? owners : pool.value(owners),
    protected: textAt(object, 'metadata', 'annotations', 'blastgate.io/protected') === 'true',
  };
}

export function controllerAmong(owners: readonly Owner[]): Owner | null {
  return owners.find(({ controller }) => controller) ?? null;
}

const equal = (key: string, value: string): Requirement => ({ key, operator: 'In', values: [value] });

const equals = (labels: JsonObject): readonly Requirement[] =>
  Object.entries(labels).map(([key, value]) => equal(key, typeof value === 'string' ? value : JSON.stringify(value)));

/** A plain map of labels, as Services and ReplicationControllers have it: empty or absent, it selects nothing. */
export function mapSelector(labels: Json | undefined): Selector {
  if (!isObject(labels) || Object.keys(labels).length === 0) return null;
  return equals(labels);
}

const OPERATORS: readonly Requirement['operator'][] = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** A LabelSelector: empty, it selects everything; absent, nothing. */
export function labelSelector(selector: Json | undefined): Selector {
  if (!isObject(selector)) return null;
  const expressions = listAt(selector, 'matchExpressions').flatMap((one): readonly Requirement[] => {
    const operator = OPERATORS.find((known) => known === one['operator']);
    return operator === undefined ? [] : [{ key: textAt(one, 'key') ?? '', operator, values: textsAt(one, 'values') }];
  });
  return [...equals(objectAt(selector, 'matchLabels')), ...expressions];
}
