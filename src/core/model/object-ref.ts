// An object of a cluster by group, resource, namespace and name → every spelling of it: its key, its kubectl name.

import { BUILT_IN } from './built-in-resources.ts';

/** Enough of an effect, a fact or a request to name what it is about. */
export interface ObjectRef {
  readonly group: string;
  readonly resource: string;
  /** null: cluster-scoped; in an effect "*" for all namespaces. */
  readonly namespace: string | null;
  /** null: the server names it; "*": a selector decides. */
  readonly name: string | null;
}

/** "deployments.apps shop/web", "nodes n1": resource.group, namespace, name, as facts and reasons name objects. */
export type ObjectKey = string;

/** "deployments.apps"; the core group has no suffix: "pods". */
export function resourceKey({ group, resource }: Pick<ObjectRef, 'group' | 'resource'>): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** The key of an object; cluster-scoped ones have no namespace, a name that only the server knows is "?". */
export function objectKey(object: ObjectRef): ObjectKey {
  return `${resourceKey(object)} ${object.namespace === null ? '' : `${object.namespace}/`}${object.name ?? '?'}`;
}

/** The fields of a key; what cannot be read off it stands as an empty name. */
export function objectOfKey(key: ObjectKey): ObjectRef & { readonly name: string } {
  const [, resource = '', group = '', namespace = null, name = ''] =
    /^([^. ]+)(?:\.(\S+))? (?:([^/\s]+)\/)?(.*)$/.exec(key) ?? [];
  return { group, resource, namespace, name };
}

/** Whether a key is of an object of this resource: "deployments.apps". */
export function isOfResource(key: ObjectKey | null, resource: string): boolean {
  return key?.startsWith(`${resource} `) === true;
}

/** "deployment", "namespace"; kinds that are not built in keep their plural and group: "widgets.example.com". */
const typeName = (object: ObjectRef): string =>
  BUILT_IN.find(({ name, group }) => name === object.resource && group === object.group)?.singular ??
  resourceKey(object);

/** "deployment/web"; the type alone with "*" where the name is not known. */
export function objectName(object: ObjectRef): string {
  return `${typeName(object)}/${object.name ?? '*'}`;
}

/** "deployment/web -n shop": one object of a cluster, in words that every language and kubectl share. */
export function placedName(object: ObjectRef): string {
  return `${objectName(object)}${object.namespace === null ? '' : ` -n ${object.namespace}`}`;
}

/** A key, or a resource of which every key is meant ("deployments.apps"). */
export type KeyPattern =
  | { readonly is: 'key'; readonly key: ObjectKey }
  | { readonly is: 'resource'; readonly resource: string };

/** Under which keys something may be filed that speaks of this object, itself and its "*" forms; of "*" any of its resource. */
export function patternsOf(key: ObjectKey): readonly KeyPattern[] {
  const { namespace, name, ...kind } = objectOfKey(key);
  if (namespace === '*' || name === '*') return [{ is: 'resource', resource: resourceKey(kind) }];
  return (namespace === null ? [null] : [namespace, '*']).flatMap((place) =>
    [name, '*'].map((one) => ({ is: 'key', key: objectKey({ ...kind, namespace: place, name: one }) }) as const),
  );
}

/** Whether an effect speaks of this object; "*" speaks of all. */
export function touches(effect: ObjectRef, object: ObjectRef): boolean {
  return (
    effect.group === object.group &&
    effect.resource === object.resource &&
    (effect.namespace === '*' || effect.namespace === object.namespace) &&
    (effect.name === '*' || effect.name === object.name)
  );
}

/** So few are compared one by one sooner than filed. */
const FEW = 16;
const FILED = new WeakMap<readonly ObjectRef[], ReadonlyMap<string, readonly ObjectRef[]>>();

const fileOf = ({ group, resource, namespace, name }: ObjectRef): string =>
  `${group}\u0000${resource}\u0000${namespace ?? '\u0000'}\u0000${name ?? '\u0000'}`;

/**
 * Those of the objects that an effect speaks of, in their order. Many effects that each name one of many objects would take their
 * product: a list is filed once by name, so it may not change afterwards.
 */
export function touchedBy<T extends ObjectRef>(effect: ObjectRef, objects: readonly T[]): readonly T[] {
  if (objects.length <= FEW || effect.namespace === '*' || effect.name === '*')
    return objects.filter((object) => touches(effect, object));
  const filed = FILED.get(objects) ?? Map.groupBy<string, ObjectRef>(objects, fileOf);
  FILED.set(objects, filed);
  // as: what is filed under a list is of that list.
  return (filed.get(fileOf(effect)) ?? []) as readonly T[];
}
