// Nodes that are drained → the pods on them, as kubectl chooses among them, and as they leave.
import { type DrainChoice, drainChoice, type PodOnNode } from '../../core/action/drained-pods.ts';
import type { DrainObstacle, DrainOptions, Undrainable } from '../../core/model/drain.ts';
import type { Effect } from '../../core/model/effect.ts';
import type { JsonObject } from '../../core/model/json.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { inBatches } from './batch.ts';
import { type ClusterClient, getJson } from './client.ts';
import { findObjects } from './find-objects.ts';
import { listAt, objectAt, textAt } from './json-at.ts';
import { pagesOf } from './list-pages.ts';
import { hasFinished, type Live } from './live.ts';
import { objectPath } from './resource-path.ts';

/** Seconds since the end of a pod's grace period, negative while it runs; null: it is not being deleted. */
export function overdueSeconds(pod: JsonObject, now: number): number | null {
  const due = textAt(pod, 'metadata', 'deletionTimestamp');
  return due === null ? null : (now - Date.parse(due)) / 1000;
}

/** Every pod on the node, finished ones too. Throws AdapterError. */
export async function podsOn(client: ClusterClient, node: string, signal: AbortSignal): Promise<readonly JsonObject[]> {
  const pods: JsonObject[] = [];
  const query = { fieldSelector: `spec.nodeName=${node}` };
  for await (const { items } of pagesOf(client, '/api/v1/pods', query, signal)) pods.push(...items);
  return pods;
}

const controllerOf = (pod: JsonObject): JsonObject | undefined =>
  listAt(pod, 'metadata', 'ownerReferences').find((owner) => owner['controller'] === true);

/** Its path; null: its controller is another, or none. kubectl takes only those of Kubernetes itself for one. */
const daemonSetOf = (pod: JsonObject): string | null => {
  const owner = controllerOf(pod);
  if (textAt(owner, 'kind') !== 'DaemonSet' || textAt(owner, 'apiVersion') !== 'apps/v1') return null;
  return objectPath('/apis/apps/v1', 'daemonsets', textAt(pod, 'metadata', 'namespace'), textAt(owner, 'name') ?? '');
};

/** Those of the paths where there is no DaemonSet. Throws AdapterError where one cannot be read. */
const missingAmong = async (
  client: ClusterClient,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> => {
  const gone = await inBatches(paths, async (path) => {
    try {
      await client.send(getJson(path), signal);
      return [];
    } catch (error) {
      if (error instanceof AdapterError && error.status === 404) return [path];
      throw error;
    }
  });
  return new Set(gone.flat());
};

const daemonSetAmong = (pod: JsonObject, gone: ReadonlySet<string>): PodOnNode['daemonSet'] => {
  const path = daemonSetOf(pod);
  if (path === null) return 'none';
  return gone.has(path) ? 'gone' : 'there';
};

const seenBy = (pod: JsonObject, gone: ReadonlySet<string>, now: number): PodOnNode => ({
  hasController: controllerOf(pod) !== undefined,
  daemonSet: daemonSetAmong(pod, gone),
  isMirror: 'kubernetes.io/config.mirror' in objectAt(pod, 'metadata', 'annotations'),
  isFinished: hasFinished(pod),
  hasEmptyDir: listAt(pod, 'spec', 'volumes').some((volume) => 'emptyDir' in volume),
  overdueSeconds: overdueSeconds(pod, now),
});

/** Sealed before the gate drained itself: what is on the nodes is shown, and nothing of it is refused. */
const ANYTHING: DrainOptions = {
  force: true,
  ignoreDaemonSets: true,
  deletesEmptyDirData: true,
  gracePeriodSeconds: null,
  skipWaitSeconds: 0,
  timeoutSeconds: 0,
};

/** What a drain finds on its nodes. */
export interface DrainedPods {
  /** Those that go, and those that would if kubectl did not refuse: without the pods of DaemonSets and the kubelet's own. */
  readonly pods: readonly Omit<Live, 'history'>[];
  readonly undrainable: readonly Undrainable[];
}

/** The pods of these nodes as kubectl drain sorts them. Throws AdapterError. */
export async function findDrained(
  client: ClusterClient,
  effect: Effect,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<DrainedPods> {
  const options = effect.change.to === 'eviction' ? effect.change : ANYTHING;
  const found = await inBatches(nodes, (node) => {
    const selector = `${effect.selector === null ? '' : `${effect.selector},`}fields:spec.nodeName=${node}`;
    return findObjects(client, { ...effect, selector }, signal);
  });
  const all = found.flat();
  const owners = new Set(all.flatMap(({ object }) => daemonSetOf(object) ?? []));
  const gone = await missingAmong(client, [...owners], signal);
  const now = Date.now();
  const sorted = all.map((one) => ({ one, choice: drainChoice(seenBy(one.object, gone, now), options) }));
  const held = Map.groupBy(sorted.filter(isHeld), ({ choice }) => choice.obstacle);
  return {
    pods: sorted.filter(({ choice }) => counts(choice)).map(({ one }) => one),
    undrainable: [...held].map(([why, its]) => ({ why, pods: its.map(({ one }) => placeOf(one.object)).toSorted() })),
  };
}

type Sorted = { readonly one: Omit<Live, 'history'>; readonly choice: DrainChoice };
const isHeld = (sorted: Sorted): sorted is Sorted & { readonly choice: { readonly obstacle: DrainObstacle } } =>
  typeof sorted.choice === 'object';

/** Pods of DaemonSets stay whatever becomes of the drain. */
const counts = (choice: DrainChoice): boolean =>
  typeof choice === 'object' ? choice.obstacle !== 'daemon-set' : choice === 'goes';

const placeOf = (pod: JsonObject): string =>
  `${textAt(pod, 'metadata', 'namespace') ?? ''}/${textAt(pod, 'metadata', 'name') ?? ''}`;
