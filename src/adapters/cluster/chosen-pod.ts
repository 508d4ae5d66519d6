// An object that has pods → the one of them in which kubectl would run a program.
import type { JsonObject } from '../../core/model/json.ts';
import type { ObjectRef } from '../../core/model/object-ref.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { type ClusterClient, getJson } from './client.ts';
import { selectorText } from './history.ts';
import { at, listAt, numberAt, objectAt, textAt } from './json-at.ts';
import { apiPrefix, collectionPath, objectPath } from './resource-path.ts';
import { isReady } from './rollout-status.ts';

/** Services and replication controllers have plain labels in the place of a selector. */
const selectorOf = (object: JsonObject, resource: string): string | null => {
  const selector = objectAt(object, 'spec')['selector'];
  const isPlain = resource === 'services' || resource === 'replicationcontrollers';
  return selectorText(isPlain && selector !== undefined ? { matchLabels: selector } : selector);
};

const PHASES: readonly (string | null)[] = ['Pending', 'Unknown', 'Running'];

const readySince = (pod: JsonObject): string =>
  textAt(
    listAt(pod, 'status', 'conditions').find((one) => one['type'] === 'Ready'),
    'lastTransitionTime',
  ) ?? '';

const mostOf = (statuses: readonly JsonObject[]): number =>
  Math.max(0, ...statuses.map((one) => numberAt(one, 'restartCount') ?? 0));

/** Of the containers; of sidecars where those are alike. */
const RESTARTS: readonly ((pod: JsonObject) => number)[] = [
  (pod) => mostOf(listAt(pod, 'status', 'containerStatuses')),
  (pod) => {
    const sidecars = listAt(pod, 'spec', 'initContainers').filter((one) => one['restartPolicy'] === 'Always');
    const isSidecar = (status: JsonObject): boolean => sidecars.some(({ name }) => name === status['name']);
    return mostOf(listAt(pod, 'status', 'initContainerStatuses').filter(isSidecar));
  },
];

/** Ready by its condition alone: one that is being deleted may be. */
const isMarkedReady = (pod: JsonObject): boolean =>
  isReady(pod) ||
  listAt(pod, 'status', 'conditions').some((one) => one['type'] === 'Ready' && one['status'] === 'True');

/** Each counts only where those before it are equal; the larger is the better (kubectl 1.36, podutils.ActivePods in reverse). */
const RANKS: readonly ((pod: JsonObject) => number | string)[] = [
  (pod) => ((textAt(pod, 'spec', 'nodeName') ?? '') === '' ? 0 : 1),
  // What has ended stands at 0 as well: Go's map has no entry for it.
  (pod) => Math.max(0, PHASES.indexOf(textAt(pod, 'status', 'phase'))),
  (pod) => (isMarkedReady(pod) ? 1 : 0),
  (pod) => (at(pod, 'metadata', 'deletionTimestamp') === undefined ? 1 : 0),
  (pod) => textAt(pod, 'metadata', 'deletionTimestamp') ?? '',
];

/** Of two that are alike so far: ready for longer, then fewer restarts, then older. */
const compareAge = (one: JsonObject, other: JsonObject): number => {
  if (isMarkedReady(one) && readySince(one) !== readySince(other)) return readySince(one) < readySince(other) ? 1 : -1;
  for (const restarts of RESTARTS) {
    const [mine, its] = [restarts(one), restarts(other)];
    if (mine !== its) return mine < its ? 1 : -1;
  }
  const [made, madeOther] = [one, other].map((pod) => textAt(pod, 'metadata', 'creationTimestamp') ?? '');
  return made === madeOther ? 0 : (made ?? '') < (madeOther ?? '') ? 1 : -1;
};

/** The best first; those that are alike stay in their order. */
const bestFirst = (one: JsonObject, other: JsonObject): number => {
  for (const rank of RANKS) {
    const [mine, its] = [rank(one), rank(other)];
    if (mine !== its) return mine < its ? 1 : -1;
  }
  return -compareAge(one, other);
};

/**
 * The pod, or null where the object has none. kubectl waits a minute for the first one; nobody approves what is not there. Throws
 * AdapterError where it cannot be read.
 */
export async function chosenPod(client: ClusterClient, of: ObjectRef, signal: AbortSignal): Promise<JsonObject | null> {
  const prefix = await apiPrefix(client, of, signal);
  const object = await client.send(getJson(objectPath(prefix, of.resource, of.namespace, of.name ?? '')), signal);
  const labelSelector = selectorOf(object, of.resource);
  if (labelSelector === null)
    throw new AdapterError('refused', `${of.resource} ${of.name}: it has no selector of pods`, { status: 404 });
  const path = collectionPath('/api/v1', 'pods', of.namespace);
  const pods = listAt(await client.send(getJson(path, { labelSelector }), signal), 'items');
  return pods.toSorted(bestFirst)[0] ?? null;
}
