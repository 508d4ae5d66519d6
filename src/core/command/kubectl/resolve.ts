// A word such as "deploy", "pods.v1." or "hpa.autoscaling" becomes the kind that kubectl would take it for.

import type { ApiPath } from '../../model/api-path.ts';
import { BUILT_IN } from '../../model/built-in-resources.ts';
import type { Known } from '../../model/effect.ts';
import type { Resource } from '../../model/resource.ts';
import { isUnknown } from '../shell/unknown.ts';

/** A kind that was found, and whether it is built in or the cluster's own. */
export interface Resolved {
  readonly resource: Resource;
  readonly known: 'built-in' | 'custom';
}

/** Kinds by full name (plural, singular, Kind, lower case), by short name and by category, in order of precedence. */
interface Index {
  readonly byName: ReadonlyMap<string, readonly Resolved[]>;
  readonly byShort: ReadonlyMap<string, readonly Resolved[]>;
  readonly byCategory: ReadonlyMap<string, readonly Resolved[]>;
}

const indexOf = (all: readonly Resolved[]): Index => {
  const index = {
    byName: new Map<string, Resolved[]>(),
    byShort: new Map<string, Resolved[]>(),
    byCategory: new Map<string, Resolved[]>(),
  };
  const add = (map: Map<string, Resolved[]>, key: string, one: Resolved): void => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [one]);
    else if (!list.includes(one)) list.push(one);
  };
  for (const one of all) {
    const { name, singular, kind, shortNames, categories } = one.resource;
    for (const word of [name, singular, kind.toLowerCase()]) add(index.byName, word, one);
    for (const word of shortNames) add(index.byShort, word, one);
    for (const word of categories) add(index.byCategory, word, one);
  }
  return index;
};

const builtIn: readonly Resolved[] = BUILT_IN.map((resource) => ({ resource, known: 'built-in' }));
const BUILT_IN_INDEX = indexOf(builtIn);
const indexes = new WeakMap<readonly Resource[], Index>();

/** One index for each list of custom kinds: a list is made once a cluster, not once a command. */
const indexFor = (custom: readonly Resource[]): Index => {
  if (custom.length === 0) return BUILT_IN_INDEX;
  const ready = indexes.get(custom);
  if (ready !== undefined) return ready;
  const isNew = (one: Resource): boolean =>
    !BUILT_IN.some((other) => other.name === one.name && other.group === one.group);
  const index = indexOf([
    ...builtIn,
    ...custom.filter(isNew).map((resource): Resolved => ({ resource, known: 'custom' })),
  ]);
  indexes.set(custom, index);
  return index;
};

/** The first of a group, else the first of a group that begins so, as the REST mapper chooses. */
const inGroup = (found: readonly Resolved[], group: string): Resolved | undefined =>
  found.find((one) => one.resource.group === group) ?? found.find((one) => one.resource.group.startsWith(group));

/** A short name is expanded unless the word, as written, is a full name; its group may be a beginning of the real one. */
const lookUp = (index: Index, name: string, group: string, version: string): Resolved | undefined => {
  const written = index.byName.get(name);
  const exact = written?.some((one) => (group === '' || one.resource.group === group) && one.resource.kind !== name);
  const short = exact === true ? undefined : index.byShort.get(name);
  if (short !== undefined) {
    const found = group === '' ? short[0] : inGroup(short, group);
    if (found !== undefined) return found; // a version given with a short name is ignored
  }
  const full = written ?? index.byName.get(name.toLowerCase()) ?? [];
  const served = version === '' ? full : full.filter((one) => one.resource.versions.includes(version));
  if (group === '') return served[0];
  return version === '' ? inGroup(served, group) : served.find((one) => one.resource.group === group);
};

/**
 * The kind that kubectl takes a word for: plural, singular or Kind in any case, short names as they are, with
 * ".group" or ".version.group" (kubectl 1.36, parsing rules C2 and C3). Null when no such kind is known.
 */
export function resolveResource(word: string, custom: readonly Resource[]): Resolved | null {
  const index = indexFor(custom);
  const dot = word.indexOf('.');
  if (dot < 0) return lookUp(index, word, '', '') ?? null;
  const name = word.slice(0, dot);
  const rest = word.slice(dot + 1);
  const second = rest.indexOf('.');
  const versioned = second < 0 ? undefined : lookUp(index, name, rest.slice(second + 1), rest.slice(0, second));
  return versioned ?? lookUp(index, name, rest, '') ?? null;
}

/** The kinds of a category such as "all"; empty when the word is no category. Categories are lower case only. */
export function resolveCategory(word: string, custom: readonly Resource[]): readonly Resolved[] {
  return indexFor(custom).byCategory.get(word) ?? [];
}

/** An apiVersion, taken apart. */
export interface GroupVersion {
  /** "" is the core group. */
  readonly group: string;
  readonly version: string;
}

/** "apps/v1", "v1", and "/v1" for the same; null where a second slash stands (apimachinery schema.ParseGroupVersion). */
export function parseGroupVersion(apiVersion: string): GroupVersion | null {
  const [first = '', second, ...more] = apiVersion.split('/');
  if (more.length > 0) return null;
  return second === undefined ? { group: '', version: first } : { group: first, version: second };
}

/** The kind of an object by its group and kind, as manifests name it; null when it is not known. */
export function resolveKind(group: string, kind: string, custom: readonly Resource[]): Resolved | null {
  const found = indexFor(custom).byName.get(kind.toLowerCase()) ?? [];
  return found.find((one) => one.resource.kind === kind && one.resource.group === group) ?? null;
}

/** The kind that a path of the API names: by its plural, whatever the version; compared without case. */
export function resolvePathKind(
  { group, version, resource }: Pick<ApiPath, 'group' | 'version' | 'resource'>,
  custom: readonly Resource[],
): { readonly resource: Resource; readonly known: Known } {
  const plural = resource.toLowerCase();
  const found = indexFor(custom).byName.get(plural) ?? [];
  return (
    found.find((one) => one.resource.name === plural && one.resource.group === group) ?? {
      resource: unknownResource(`${resource}.${version}.${group}`),
      known: 'unknown',
    }
  );
}

/** A stand-in for a kind that is not known here, as its word says: "foos.example.com" is foos of the group example.com. */
export function unknownResource(word: string): Resource {
  const [first = '', ...rest] = word.split('.');
  const name = isUnknown(first) ? first : first.toLowerCase();
  const group = /^v\d/.test(rest[0] ?? '') && rest.length > 1 ? rest.slice(1).join('.') : rest.join('.');
  return {
    name,
    singular: name,
    shortNames: [],
    kind: first,
    group,
    versions: [],
    namespaced: true,
    categories: [],
    verbs: [],
  };
}
