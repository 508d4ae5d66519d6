// An object that does nothing by itself → the pods that use it, and how they are.
import type { JsonObject } from '../../../core/model/json.ts';
import { isMet } from '../../../core/model/neighbourhood.ts';
import { type ObjectRef, placedName, resourceKey } from '../../../core/model/object-ref.ts';
import type { Sample } from '../../../core/remediation/sample.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { labelSelector } from '../cache/trim-meta.ts';
import type { ClusterClient } from '../client.ts';
import { at, listAt, textAt, textMapAt } from '../json-at.ts';
import { pagesOf } from '../list-pages.ts';
import { podsPath } from './live-object.ts';
import { healthOfPods } from './pods.ts';

/** Whether a pod uses it; `object` is null where it is not there (any more). */
type Uses = (pod: JsonObject, name: string, object: JsonObject | null) => boolean;

const containersOf = (pod: JsonObject): readonly JsonObject[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => listAt(pod, 'spec', list));

const volumesOf = (pod: JsonObject): readonly JsonObject[] =>
  listAt(pod, 'spec', 'volumes').flatMap((volume) => [volume, ...listAt(volume, 'projected', 'sources')]);

/** By environment: envFrom and single variables. */
const inEnvironment = (pod: JsonObject, from: string, key: string, name: string): boolean =>
  containersOf(pod).some(
    (container) =>
      listAt(container, 'envFrom').some((one) => textAt(one, from, 'name') === name) ||
      listAt(container, 'env').some((one) => textAt(one, 'valueFrom', key, 'name') === name),
  );

const usesConfigMap: Uses = (pod, name) =>
  volumesOf(pod).some((volume) => textAt(volume, 'configMap', 'name') === name) ||
  inEnvironment(pod, 'configMapRef', 'configMapKeyRef', name);

/** A volume names it secretName, a projected source name. */
const usesSecret: Uses = (pod, name) =>
  volumesOf(pod).some(
    (volume) => textAt(volume, 'secret', 'secretName') === name || textAt(volume, 'secret', 'name') === name,
  ) ||
  listAt(pod, 'spec', 'imagePullSecrets').some((one) => textAt(one, 'name') === name) ||
  inEnvironment(pod, 'secretRef', 'secretKeyRef', name);

const isSelected: Uses = (pod, _, object) => {
  if (object === null) return false;
  const labels = textMapAt(pod, 'metadata', 'labels');
  return labelSelector(at(object, 'spec', 'podSelector'))?.every((term) => isMet(term, labels)) === true;
};

const USERS: ReadonlyMap<string, Uses> = new Map([
  ['configmaps', usesConfigMap],
  ['secrets', usesSecret],
  ['networkpolicies.networking.k8s.io', isSelected],
]);

/** Whether pods tell how an object of this kind does. */
export function hasUsers(ref: Pick<ObjectRef, 'group' | 'resource'>): boolean {
  return USERS.has(resourceKey(ref));
}

/** The name of their sample: "pods of configmap/app -n shop". */
export function usersName(ref: ObjectRef): string {
  return `pods of ${placedName(ref)}`;
}

/**
 * How the pods are that use it. What they read at their start they read anew at the next one: a change that breaks them is seen
 * where they restart while somebody watches.
 */
export async function sampleUsers(
  client: ClusterClient,
  ref: ObjectRef,
  object: JsonObject | null,
  signal: AbortSignal,
): Promise<Sample> {
  const target = usersName(ref);
  const uses = USERS.get(resourceKey(ref));
  if (uses === undefined || ref.name === null) throw new Error(`${target}: no pods use it (this is a bug)`);
  const users: JsonObject[] = [];
  try {
    for await (const { items } of pagesOf(client, podsPath(ref.namespace), {}, signal))
      users.push(...items.filter((pod) => uses(pod, ref.name ?? '', object)));
  } catch (error) {
    if (error instanceof AdapterError) return { seen: 'nothing', target, why: error.message };
    throw error;
  }
  const health = healthOfPods(users);
  return health === null ? { seen: 'written', target } : { seen: 'object', target, health };
}
