// The pods for which a StatefulSet's controller waits in vain after its template has changed: found, and deleted.
import { setTimeout as pause } from 'node:timers/promises';
import type { TargetFact } from '../../core/model/facts.ts';
import type { JsonObject } from '../../core/model/json.ts';
import { type ObjectRef, placedName } from '../../core/model/object-ref.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { type ClusterClient, getJson } from './client.ts';
import { controlledBy } from './history.ts';
import { numberAt, textAt } from './json-at.ts';
import { objectPath } from './resource-path.ts';
import { isReady } from './rollout-status.ts';

export const REVISION_LABEL = 'controller-revision-hash';

/** How often, and for how long, the controller is asked whether it has seen the template. */
const POLL_MS = 200;
const PATIENCE_MS = 8000;
/** A pod's status moves its resourceVersion: so often the pods are read and compared again. */
const ROUNDS = 5;

const statefulSetPath = ({ namespace, name }: ObjectRef): string =>
  objectPath('/apis/apps/v1', 'statefulsets', namespace, name ?? '');

const podsPath = (namespace: string | null): string => `/api/v1/namespaces/${encodeURIComponent(namespace ?? '')}/pods`;

/** Not ready, not on its way out, and of another revision than the one that is wanted: OrderedReady never replaces it. */
export function isStuck(pod: JsonObject, wanted: string | null): boolean {
  return (
    !isReady(pod) &&
    textAt(pod, 'metadata', 'deletionTimestamp') === null &&
    textAt(pod, 'metadata', 'labels', REVISION_LABEL) !== wanted
  );
}

/** The StatefulSet once its controller has seen the template that it has now. Throws AdapterError where that does not come. */
export async function observed(client: ClusterClient, set: ObjectRef, signal: AbortSignal): Promise<JsonObject> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const object = await client.send(getJson(statefulSetPath(set)), signal);
    const generation = numberAt(object, 'metadata', 'generation') ?? 0;
    if ((numberAt(object, 'status', 'observedGeneration') ?? -1) >= generation) return object;
    if (performance.now() > until)
      throw new AdapterError('no-answer', `${placedName(set)}: its controller has not taken the template up`);
    await pause(POLL_MS, undefined, { signal });
  }
}

const stuckPods = async (
  client: ClusterClient,
  object: JsonObject,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> => {
  const wanted = textAt(object, 'status', 'updateRevision');
  const pods = await controlledBy(client, object, podsPath(textAt(object, 'metadata', 'namespace')), signal);
  return pods.filter((pod) => isStuck(pod, wanted));
};

/** Whether the controller has seen the template and waits for none of its pods in vain. Throws AdapterError. */
export async function hasNoStuckPods(client: ClusterClient, set: TargetFact, signal: AbortSignal): Promise<boolean> {
  const object = await client.send(getJson(statefulSetPath(set)), signal);
  if (textAt(object, 'metadata', 'uid') !== set.uid) return false;
  if ((numberAt(object, 'status', 'observedGeneration') ?? -1) < (numberAt(object, 'metadata', 'generation') ?? 0))
    return false;
  return (await stuckPods(client, object, signal)).length === 0;
}

/** Outrun: the pod is another by now, or away; what stands there is read again. */
const isOutrun = (error: unknown): boolean =>
  error instanceof AdapterError && (error.status === 404 || error.status === 409);

const deletePod = async (client: ClusterClient, pod: JsonObject, signal: AbortSignal): Promise<void> => {
  const name = textAt(pod, 'metadata', 'name') ?? '';
  const namespace = textAt(pod, 'metadata', 'namespace');
  const preconditions = {
    uid: textAt(pod, 'metadata', 'uid'),
    resourceVersion: textAt(pod, 'metadata', 'resourceVersion'),
  };
  const value = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions };
  const path = objectPath('/api/v1', 'pods', namespace, name);
  try {
    await client.send({ method: 'DELETE', path, query: {}, body: { type: 'application/json', value } }, signal);
  } catch (error) {
    if (isOutrun(error)) return;
    if (!(error instanceof AdapterError)) throw error;
    // A person who reads it can do by hand what the gate could not.
    const help = `pod/${name} holds up the rollout and was not deleted; run: kubectl delete pod ${name} -n ${namespace}`;
    throw new AdapterError(
      error.kind,
      `${help} (${error.message})`,
      error.status === null ? {} : { status: error.status },
    );
  }
};

/** Deletes them, each by its uid, until none is left. Throws AdapterError. */
export async function deleteStuckPods(client: ClusterClient, set: TargetFact, signal: AbortSignal): Promise<void> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const object = await observed(client, set, signal);
    if (textAt(object, 'metadata', 'uid') !== set.uid)
      throw new AdapterError('refused', `${placedName(set)}: another object has its name`, { status: 409 });
    const stuck = await stuckPods(client, object, signal);
    if (stuck.length === 0) return;
    for (const pod of stuck) await deletePod(client, pod, signal);
  }
}
