// A workload and its newest pods, as just read → what Kubernetes itself says of the rollout: deadline, conditions, events.
import type { JsonObject } from '../../core/model/json.ts';
import { type ObjectRef, objectName } from '../../core/model/object-ref.ts';
import type { Hindrance, RolloutStatus } from '../../core/remediation/sample.ts';
import { cut, plainLine } from '../../core/text/escape.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { type ClusterClient, getJson } from './client.ts';
import { listAt, numberAt, textAt } from './json-at.ts';

/** What the cluster says, as far as one line of a verdict holds it. */
export function shortened(message: string): string {
  return cut(plainLine(message), 300);
}

const conditionOf = (object: JsonObject, type: string): JsonObject | null =>
  listAt(object, 'status', 'conditions').find((one) => one['type'] === type) ?? null;

export function isReady(pod: JsonObject): boolean {
  return textAt(pod, 'metadata', 'deletionTimestamp') === null && conditionOf(pod, 'Ready')?.['status'] === 'True';
}

/** When this gate last changed the object, by the API server's own clock; null where managedFields do not say. */
const writtenAt = (object: JsonObject): string | null =>
  listAt(object, 'metadata', 'managedFields')
    .filter((one) => one['manager'] === 'blastgate')
    .flatMap((one) => textAt(one, 'time') ?? [])
    .toSorted()
    .at(-1) ?? null;

/** Whether the passed deadline stands in a condition that was written after this gate's change; both times are the cluster's. */
const exceededSince = (object: JsonObject, written: string | null): boolean | null => {
  const set = textAt(conditionOf(object, 'Progressing') ?? {}, 'lastUpdateTime');
  return set === null || written === null ? null : set > written;
};

/** How many pods are asked about: a rollout that is stuck is stuck for one reason. */
const ASKED_PODS = 3;

/** Reasons of warnings that tell why pods are not created, or not started (Kubernetes 1.36: controllers, kubelet). */
const TELLING: ReadonlySet<string> = new Set([
  'FailedCreate',
  'FailedMount',
  'FailedAttachVolume',
  'FailedMapVolume',
  'FailedCreatePodSandBox',
  'FailedScheduling',
]);

const timeOf = (event: JsonObject): string =>
  textAt(event, 'series', 'lastObservedTime') ?? textAt(event, 'lastTimestamp') ?? textAt(event, 'eventTime') ?? '';

/** The newest telling warning about an object since `since`; null where there is none, or events may not be read. */
const warningAbout = async (
  client: ClusterClient,
  object: JsonObject,
  named: string,
  since: string | null,
  signal: AbortSignal,
): Promise<Hindrance | null> => {
  const namespace = encodeURIComponent(textAt(object, 'metadata', 'namespace') ?? '');
  const fieldSelector = `involvedObject.uid=${textAt(object, 'metadata', 'uid') ?? ''},type=Warning`;
  try {
    const path = `/api/v1/namespaces/${namespace}/events`;
    const list = await client.send(getJson(path, { fieldSelector, limit: '100' }), signal);
    const newest = listAt(list, 'items')
      .filter((event) => TELLING.has(textAt(event, 'reason') ?? '') && (since === null || timeOf(event) >= since))
      .toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1))
      .at(-1);
    if (newest === undefined) return null;
    return {
      object: named,
      reason: textAt(newest, 'reason') ?? '',
      message: shortened(textAt(newest, 'message') ?? ''),
    };
  } catch (error) {
    // A reason is a help to the reader: a verdict never waits for it.
    if (error instanceof AdapterError) return null;
    throw error;
  }
};

/** Why a pod is not running: not scheduled, or scheduled and held up without its kubelet naming a reason. */
export async function hindranceOfPod(
  client: ClusterClient,
  pod: JsonObject,
  since: string | null,
  signal: AbortSignal,
): Promise<Hindrance | null> {
  const object = `pod/${textAt(pod, 'metadata', 'name') ?? ''}`;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.['status'] === 'False')
    return {
      object,
      reason: textAt(scheduled, 'reason') ?? 'Unschedulable',
      message: shortened(textAt(scheduled, 'message') ?? ''),
    };
  return textAt(pod, 'status', 'phase') === 'Pending' ? warningAbout(client, pod, object, since, signal) : null;
}

/** Kinds whose controllers tell only by events that they cannot create pods. */
const TOLD_BY_EVENTS: ReadonlySet<string> = new Set(['statefulsets', 'daemonsets']);

/** Why pods cannot be created (quota, admission), by the condition or the newest warning; null: nothing says so. */
const refusalOf = async (
  client: ClusterClient,
  ref: ObjectRef,
  object: JsonObject,
  since: string | null,
  signal: AbortSignal,
): Promise<Hindrance | null> => {
  const named = objectName(ref);
  if (TOLD_BY_EVENTS.has(ref.resource)) {
    const told = await warningAbout(client, object, named, since, signal);
    return told?.reason === 'FailedCreate' ? told : null;
  }
  const failure = conditionOf(object, 'ReplicaFailure');
  if (failure?.['status'] !== 'True') return null;
  return {
    object: named,
    reason: textAt(failure, 'reason') ?? 'ReplicaFailure',
    message: shortened(textAt(failure, 'message') ?? ''),
  };
};

interface Counts {
  readonly desired: number;
  readonly replicas: number;
  readonly updated: number;
}

interface LiveRollout {
  readonly ref: ObjectRef;
  readonly object: JsonObject;
  /** Pods of the newest revision. */
  readonly newest: readonly JsonObject[];
  /** Pods that no controller will replace until a person does (stuck-pods.ts). */
  readonly stuck: readonly JsonObject[];
}

/** A person can do by hand what nothing else will. */
const hindranceOfStuck = (pod: JsonObject): Hindrance => {
  const name = textAt(pod, 'metadata', 'name') ?? '';
  const waiting = listAt(pod, 'status', 'containerStatuses').flatMap(
    (one) => textAt(one, 'state', 'waiting', 'reason') ?? [],
  );
  return {
    object: `pod/${name}`,
    reason: waiting[0] ?? 'NotReady',
    message: `kubectl delete pod ${name} -n ${textAt(pod, 'metadata', 'namespace') ?? ''}`,
  };
};

/** Asks for events only where something is missing. */
export async function rolloutStatusOf(
  client: ClusterClient,
  { ref, object, newest, stuck }: LiveRollout,
  { desired, replicas, updated }: Counts,
  signal: AbortSignal,
): Promise<RolloutStatus> {
  const since = writtenAt(object);
  const lacksPods = replicas < desired || updated < desired;
  const refusal = lacksPods ? await refusalOf(client, ref, object, since, signal) : null;
  const idle = newest.filter((pod) => !isReady(pod)).slice(0, ASKED_PODS);
  const found = await Promise.all(idle.map((pod) => hindranceOfPod(client, pod, since, signal)));
  return {
    updatedReady: newest.filter(isReady).length,
    progressDeadlineSeconds: numberAt(object, 'spec', 'progressDeadlineSeconds'),
    minReadySeconds: numberAt(object, 'spec', 'minReadySeconds') ?? 0,
    exceededSinceWrite: exceededSince(object, since),
    refusesPods: refusal !== null,
    hindrances: [
      ...(refusal === null ? [] : [refusal]),
      ...stuck.map(hindranceOfStuck),
      ...found.filter((one) => one !== null),
    ],
  };
}
