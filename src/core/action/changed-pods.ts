// The pods of a workload as a command wants them: variables, resources, images and account of its containers
// (kubectl 1.36, pkg/cmd/set).
import type { Json, JsonObject } from '../model/json.ts';
import type { EnvironmentVariable, MutationContent, VariableSource } from '../model/mutation.ts';
import {
  type ChangedObject,
  changedAt,
  elementsOf,
  fieldsOf,
  refused,
  stringOf,
  withoutField,
} from './changed-object.ts';

/** Where the specification of its pods stands, by kind (kubectl 1.36, polymorphichelpers/updatepodspec.go). */
const POD_SPECS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['Pod', ['spec']],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template', 'spec']],
  ...['ReplicationController', 'Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet', 'Job'].map(
    (kind) => [kind, ['spec', 'template', 'spec']] as const,
  ),
]);

const BUILT_IN_GROUPS: ReadonlySet<string> = new Set(['v1', 'apps/v1', 'batch/v1']);

/** The path to the specification of a kind's pods; null where it has none. */
export function podSpecPath(object: JsonObject): readonly string[] | null {
  const known = BUILT_IN_GROUPS.has(stringOf(object['apiVersion']));
  return known ? (POD_SPECS.get(stringOf(object['kind'])) ?? null) : null;
}

/**
 * Whether a name fits a pattern with "*", as kubectl finds it: piece by piece, each searched behind the start of the one
 * before, the last one measured from where its search began (kubectl 1.36, pkg/cmd/set/helper.go, selectString).
 */
export function fitsPattern(name: string, pattern: string): boolean {
  if (pattern === '*') return true;
  if (!pattern.includes('*')) return name === pattern;
  const parts = pattern.split('*');
  let from = 0;
  for (const [at, part] of parts.entries()) {
    if (part === '') continue;
    const next = name.slice(from).indexOf(part);
    if (next < from || (at === 0 && from !== 0)) return false;
    if (at === parts.length - 1 && name.length !== part.length + next) return false;
    from = next;
  }
  return true;
}

/** A container changed, or why not; null: not this one. */
type ContainerChange = (container: JsonObject) => ChangedObject | null;

const LISTS = ['initContainers', 'containers'] as const;

/** The object with its containers changed; none that is changed is a refusal about `wanted`. */
const changedContainers = (live: JsonObject, wanted: string, change: ContainerChange): ChangedObject => {
  const path = podSpecPath(live);
  if (path === null) return refused('no-pod-template');
  let failed: ChangedObject | null = null;
  let found = false;
  const changed = (container: Json): Json => {
    const result = change(fieldsOf(container));
    if (result === null) return container;
    found = true;
    if (!result.ok) failed ??= result;
    return result.ok ? result.object : container;
  };
  const object = changedAt(live, path, (spec) => ({
    ...spec,
    ...Object.fromEntries(
      LISTS.filter((list) => Array.isArray(spec[list])).map(
        (list) => [list, elementsOf(spec[list]).map(changed)] as const,
      ),
    ),
  }));
  if (failed !== null) return failed;
  return found ? { ok: true, object } : refused('container-missing', wanted);
};

const nameOf = (container: Json): string => stringOf(fieldsOf(container)['name']);

/** A variable as a container has it, with a value or a reference. */
type Variable = JsonObject & { readonly name: string };

/** As Go writes it: an empty value is left out. */
const variable = ({ name, value }: EnvironmentVariable): Variable => (value === '' ? { name } : { name, value });

const REFERENCES = { configmaps: 'configMapKeyRef', secrets: 'secretKeyRef' } as const;

/** A variable for each key that is wanted, in the order of the keys: kubectl takes them in any. */
const referencesTo = ({ resource, name, keys, prefix }: VariableSource, source: JsonObject): readonly Variable[] =>
  Object.keys(fieldsOf(source['data']))
    .filter((key) => keys.length === 0 || keys.includes(key))
    .toSorted()
    .map((key) => ({
      name: `${prefix}${key.replaceAll(/[^a-zA-Z0-9_]/g, '_').toUpperCase()}`,
      valueFrom: { [REFERENCES[resource]]: { name, key } },
    }));

/** Variables that are there keep their place, new ones follow; a removal wins. */
const mergedVariables = (
  before: readonly Json[],
  set: readonly Variable[],
  remove: readonly string[],
): readonly Json[] => {
  const covered = new Set(remove);
  const after: Json[] = [];
  for (const one of before) {
    const name = nameOf(one);
    if (covered.has(name)) continue;
    const newer = set.find((wanted) => wanted.name === name);
    if (newer !== undefined) covered.add(name);
    after.push(newer ?? one);
  }
  for (const one of set) {
    if (covered.has(one.name)) continue;
    covered.add(one.name);
    after.push(one);
  }
  return after;
};

type Environment = Extract<MutationContent, { is: 'environment' }>;

/** set env; `source` is the object whose keys --from names, null where there is none or it was not named. */
export function withEnvironment(
  live: JsonObject,
  { containers, set: plain, remove, overwrite, from }: Environment,
  source: JsonObject | null,
): ChangedObject {
  if (from !== undefined && source === null) return refused('source-missing', from.name);
  const set = [...plain.map(variable), ...(from === undefined || source === null ? [] : referencesTo(from, source))];
  return changedContainers(live, containers, (container) => {
    if (!fitsPattern(nameOf(container), containers)) return null;
    const before = elementsOf(container['env']);
    const other = set.find(({ name, value }) => {
      const known = before.find((one) => nameOf(one) === name);
      return known !== undefined && stringOf(fieldsOf(known)['value']) !== stringOf(value);
    });
    if (other !== undefined && !overwrite) return refused('value-exists', other.name);
    const env = mergedVariables(before, set, remove);
    return { ok: true, object: env.length === 0 ? withoutField(container, 'env') : { ...container, env } };
  });
}

type Resources = Extract<MutationContent, { is: 'resources' }>;

/** set resources */
export function withResources(live: JsonObject, { containers, requests, limits }: Resources): ChangedObject {
  return changedContainers(live, containers, (container) => {
    if (!fitsPattern(nameOf(container), containers)) return null;
    const before = fieldsOf(container['resources']);
    const resources = {
      ...before,
      ...(limits === null ? {} : { limits: { ...fieldsOf(before['limits']), ...limits } }),
      ...(requests === null ? {} : { requests: { ...fieldsOf(before['requests']), ...requests } }),
    };
    return { ok: true, object: { ...container, resources } };
  });
}

/** set image */
export function withContainerImages(
  live: JsonObject,
  images: readonly { readonly container: string; readonly image: string }[],
): ChangedObject {
  return images.reduce<ChangedObject>(
    (before, { container: wanted, image }) =>
      before.ok
        ? changedContainers(before.object, wanted, (container) =>
            wanted === '*' || nameOf(container) === wanted ? { ok: true, object: { ...container, image } } : null,
          )
        : before,
    { ok: true, object: live },
  );
}

/** set serviceaccount */
export function withServiceAccount(live: JsonObject, serviceAccountName: string): ChangedObject {
  const path = podSpecPath(live);
  if (path === null) return refused('no-pod-template');
  return { ok: true, object: changedAt(live, path, (spec) => ({ ...spec, serviceAccountName })) };
}
