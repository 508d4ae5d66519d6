// One look at each target while it converges.
import type { Effect } from '../../core/model/effect.ts';
import { controllerOfTarget, type Pair, pairsOf, type TargetFact } from '../../core/model/facts.ts';
import type { JsonObject } from '../../core/model/json.ts';
import { type ObjectRef, placedName, resourceKey } from '../../core/model/object-ref.ts';
import { isFinished } from '../../core/model/pod-controllers.ts';
import type { PodTrouble, Sample } from '../../core/remediation/sample.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { inBatches } from './batch.ts';
import { isOverwritten, isPaused } from './change.ts';
import { type ClusterClient, getJson } from './client.ts';
import { controlledBy, REVISION } from './history.ts';
import { at, listAt, numberAt, objectAt, textAt } from './json-at.ts';
import { autoscalerOf, isByAutoscaler, writerOf } from './other-writers.ts';
import { apiPrefix, objectPath } from './resource-path.ts';
import { rolloutStatusOf, shortened } from './rollout-status.ts';
import { isStuck, REVISION_LABEL } from './stuck-pods.ts';

type Workload = Omit<Sample & { readonly seen: 'workload' }, 'seen' | 'target' | 'troubles' | 'rollout'>;

const common = (object: JsonObject): Pick<Workload, 'uid' | 'generation' | 'observedGeneration' | 'paused'> => ({
  uid: textAt(object, 'metadata', 'uid') ?? '',
  generation: numberAt(object, 'metadata', 'generation') ?? 0,
  observedGeneration: numberAt(object, 'status', 'observedGeneration'),
  paused: objectAt(object, 'spec')['paused'] === true,
});

const countOf =
  (object: JsonObject) =>
  (name: string): number =>
    numberAt(object, 'status', name) ?? 0;

const deadlineExceeded = (object: JsonObject): boolean =>
  listAt(object, 'status', 'conditions').some(
    (condition) =>
      condition['type'] === 'Progressing' &&
      condition['status'] === 'False' &&
      condition['reason'] === 'ProgressDeadlineExceeded',
  );

const readDeployment = (object: JsonObject): Workload => {
  const count = countOf(object);
  return {
    ...common(object),
    desired: numberAt(object, 'spec', 'replicas') ?? 1,
    replicas: count('replicas'),
    updated: count('updatedReplicas'),
    ready: count('readyReplicas'),
    available: count('availableReplicas'),
    deadlineExceeded: deadlineExceeded(object),
  };
};

/** With a partition only the pods from it upwards are updated, and that is all there is to wait for. */
const readStatefulSet = (object: JsonObject): Workload => {
  const count = countOf(object);
  const desired = numberAt(object, 'spec', 'replicas') ?? 1;
  const partition = numberAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
  const updated = count('updatedReplicas');
  return {
    ...common(object),
    desired,
    replicas: count('replicas'),
    updated: partition > 0 && updated >= Math.max(0, desired - partition) ? desired : updated,
    ready: count('readyReplicas'),
    available: count('availableReplicas'),
    deadlineExceeded: false,
  };
};

const readDaemonSet = (object: JsonObject): Workload => {
  const count = countOf(object);
  return {
    ...common(object),
    desired: count('desiredNumberScheduled'),
    replicas: count('currentNumberScheduled'),
    updated: count('updatedNumberScheduled'),
    ready: count('numberReady'),
    available: count('numberAvailable'),
    deadlineExceeded: false,
  };
};

const readReplicaSet = (object: JsonObject): Workload => {
  const count = countOf(object);
  return {
    ...common(object),
    desired: numberAt(object, 'spec', 'replicas') ?? 1,
    replicas: count('replicas'),
    updated: count('replicas'),
    ready: count('readyReplicas'),
    available: count('availableReplicas'),
    deadlineExceeded: false,
  };
};

/** Kinds whose convergence is known, by "resource.group"; another kind is never called healthy. */
const WORKLOADS: ReadonlyMap<string, (object: JsonObject) => Workload> = new Map([
  ['deployments.apps', readDeployment],
  ['statefulsets.apps', readStatefulSet],
  ['daemonsets.apps', readDaemonSet],
  ['replicasets.apps', readReplicaSet],
  ['replicationcontrollers', readReplicaSet],
]);

const CONTROLLERS: ReadonlyMap<string, { readonly group: string; readonly resource: string }> = new Map([
  ['ReplicaSet', { group: 'apps', resource: 'replicasets' }],
  ['StatefulSet', { group: 'apps', resource: 'statefulsets' }],
  ['DaemonSet', { group: 'apps', resource: 'daemonsets' }],
  ['ReplicationController', { group: '', resource: 'replicationcontrollers' }],
]);

const troublesOf = (pods: readonly JsonObject[]): readonly PodTrouble[] =>
  pods
    .filter((pod) => textAt(pod, 'metadata', 'deletionTimestamp') === null)
    .flatMap((pod) =>
      [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')].flatMap(
        (status) => {
          const reason = textAt(status, 'state', 'waiting', 'reason');
          const message = reason === 'CrashLoopBackOff' ? null : textAt(status, 'state', 'waiting', 'message');
          return reason === null
            ? []
            : [
                {
                  pod: textAt(pod, 'metadata', 'name') ?? '',
                  container: textAt(status, 'name') ?? '',
                  reason,
                  restarts: numberAt(status, 'restartCount') ?? 0,
                  ...(message === null ? {} : { message: shortened(message) }),
                },
              ];
        },
      ),
    );

interface OwnPods {
  /** Of the newest revision: those of older ones are on their way out, whatever troubles them. */
  readonly newest: readonly JsonObject[];
  /** Of a StatefulSet those of older ones that its controller waits for in vain. */
  readonly stuck: readonly JsonObject[];
}

const ownPods = async (
  client: ClusterClient,
  resource: string,
  object: JsonObject,
  signal: AbortSignal,
): Promise<OwnPods> => {
  const namespace = encodeURIComponent(textAt(object, 'metadata', 'namespace') ?? '');
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const only = (newest: readonly JsonObject[]): OwnPods => ({ newest, stuck: [] });
  switch (resource) {
    case 'deployments': {
      const sets = await controlledBy(client, object, `/apis/apps/v1/namespaces/${namespace}/replicasets`, signal);
      const revision = textAt(object, 'metadata', 'annotations', REVISION);
      const newest = sets.find((set) => textAt(set, 'metadata', 'annotations', REVISION) === revision);
      return only(newest === undefined ? [] : await controlledBy(client, newest, pods, signal));
    }
    case 'statefulsets': {
      const revision = textAt(object, 'status', 'updateRevision');
      const own = await controlledBy(client, object, pods, signal);
      const isNewest = (pod: JsonObject): boolean => textAt(pod, 'metadata', 'labels', REVISION_LABEL) === revision;
      return { newest: own.filter(isNewest), stuck: own.filter((pod) => isStuck(pod, revision)) };
    }
    case 'daemonsets': {
      const generation = textAt(object, 'metadata', 'annotations', 'deprecated.daemonset.template.generation');
      const own = await controlledBy(client, object, pods, signal);
      return only(own.filter((pod) => textAt(pod, 'metadata', 'labels', 'pod-template-generation') === generation));
    }
    default:
      return only(await controlledBy(client, object, pods, signal));
  }
};

const unasked = (target: string, error: unknown): Sample => {
  if (!(error instanceof AdapterError)) throw error;
  return { seen: 'nothing', target, why: error.message };
};

const isMissing = (error: unknown): boolean => error instanceof AdapterError && error.status === 404;

/** What became of the change where the object is not simply as written; null: it is, and its pods are looked at. */
const changedSince = async (
  client: ClusterClient,
  ref: ObjectRef,
  { effect, target: sealed }: Pair,
  object: JsonObject,
  signal: AbortSignal,
): Promise<Sample | null> => {
  const target = placedName(ref);
  const { change } = effect;
  const over = isOverwritten(effect, object, sealed);
  if (change.to !== 'replicas') {
    if (over) return { seen: 'overwritten', target, by: writerOf(object, 'template') };
    const held = change.to === 'images' && isPaused(object) && at(sealed.preImage, 'paused') === true;
    return held ? { seen: 'held', target } : null;
  }
  if (over && !isByAutoscaler(object)) return { seen: 'overwritten', target, by: writerOf(object, 'replicas') };
  // At 0 an autoscaler rests, whatever its bounds.
  const wanted = change.replicas ?? 0;
  const autoscaler =
    over || wanted > 0 ? await autoscalerOf(client, ref, textAt(object, 'kind') ?? sealed.kind, signal) : null;
  if (over) return { seen: 'autoscaled', target, autoscaler: autoscaler?.says ?? 'horizontalpodautoscaler' };
  if (autoscaler === null || (wanted >= autoscaler.min && wanted <= autoscaler.max)) return null;
  return { seen: 'autoscaled', target, autoscaler: autoscaler.says };
};

/**
 * Claims of ordinals that a StatefulSet has no more once it is scaled back to what was sealed: Kubernetes keeps them
 * (persistentVolumeClaimRetentionPolicy), and nobody else will say so.
 */
const claimsLeft = async (
  client: ClusterClient,
  { effect, target: sealed }: Pair,
  object: JsonObject,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const { change } = effect;
  const templates = listAt(object, 'spec', 'volumeClaimTemplates').map((one) => textAt(one, 'metadata', 'name') ?? '');
  if (change.to !== 'replicas' || change.replicas !== sealed.replicas || templates.length === 0) return [];
  const from = (numberAt(object, 'spec', 'ordinals', 'start') ?? 0) + (change.replicas ?? 0);
  const path = `/api/v1/namespaces/${encodeURIComponent(sealed.namespace ?? '')}/persistentvolumeclaims`;
  try {
    const names = listAt(await client.send(getJson(path), signal), 'items').map(
      (one) => textAt(one, 'metadata', 'name') ?? '',
    );
    const isLeft = (name: string): boolean =>
      templates.some((template) => {
        const prefix = `${template}-${sealed.name}-`;
        const ordinal = name.slice(prefix.length);
        return name.startsWith(prefix) && /^\d+$/.test(ordinal) && Number(ordinal) >= from;
      });
    return names.filter(isLeft).map((name) => `persistentvolumeclaim/${name}`);
  } catch (error) {
    if (error instanceof AdapterError) return [];
    throw error;
  }
};

/** `written`: the change that the workload must still show; null: it was not written to itself. */
const sampleWorkload = async (
  client: ClusterClient,
  ref: ObjectRef,
  written: Pair | null,
  signal: AbortSignal,
): Promise<Sample> => {
  const target = placedName(ref);
  const read = WORKLOADS.get(resourceKey(ref));
  if (read === undefined) return { seen: 'nothing', target, why: 'how this kind converges is not known' };
  try {
    const prefix = await apiPrefix(client, ref, signal);
    const object = await client.send(getJson(objectPath(prefix, ref.resource, ref.namespace, ref.name ?? '')), signal);
    const workload = read(object);
    if (written !== null && workload.uid !== written.target.uid) return { seen: 'gone', target };
    const changed = written === null ? null : await changedSince(client, ref, written, object, signal);
    if (changed !== null) return changed;
    const { newest, stuck } = await ownPods(client, ref.resource, object, signal);
    const rollout = await rolloutStatusOf(client, { ref, object, newest, stuck }, workload, signal);
    const leftOver = written === null ? [] : await claimsLeft(client, written, object, signal);
    return {
      ...{ seen: 'workload', target, ...workload, troubles: troublesOf(newest), rollout },
      ...(leftOver.length === 0 ? {} : { leftOver }),
    };
  } catch (error) {
    return isMissing(error) ? { seen: 'gone', target } : unasked(target, error);
  }
};

const sampleDeleted = async (client: ClusterClient, fact: TargetFact, signal: AbortSignal): Promise<Sample> => {
  const target = placedName(fact);
  try {
    const prefix = await apiPrefix(client, fact, signal);
    const object = await client.send(getJson(objectPath(prefix, fact.resource, fact.namespace, fact.name)), signal);
    return { seen: textAt(object, 'metadata', 'uid') === fact.uid ? 'leaving' : 'removed', target };
  } catch (error) {
    return isMissing(error) ? { seen: 'removed', target } : unasked(target, error);
  }
};

/** The controller that must be whole again; null where none brings the pod back, or it is not known how it converges. */
const controllerRef = (fact: TargetFact): ObjectRef | null => {
  const owner = isFinished(fact) ? null : controllerOfTarget(fact);
  const known = owner === null ? undefined : CONTROLLERS.get(owner.kind);
  return owner === null || known === undefined ? null : { ...known, namespace: fact.namespace, name: owner.name };
};

/** A question about one object, by the name that its sample carries: each object is looked at once. */
const questionsOf = (
  client: ClusterClient,
  pair: Pair,
  signal: AbortSignal,
): readonly (readonly [target: string, ask: () => Promise<Sample>])[] => {
  const { effect, target } = pair;
  // Their StatefulSet is looked at for the step that gives its template back.
  if (effect.change.to === 'replacement') return [];
  if (effect.change.to !== 'absence') return [[placedName(target), () => sampleWorkload(client, target, pair, signal)]];
  const deleted = [placedName(target), () => sampleDeleted(client, target, signal)] as const;
  const controller = controllerRef(target);
  if (controller === null) return [deleted];
  return [deleted, [placedName(controller), () => sampleWorkload(client, controller, null, signal)]];
};

/** One sample a target; of a deleted pod itself and of the controller that brings another. */
export function sampleAll(
  client: ClusterClient,
  effects: readonly Effect[],
  targets: readonly TargetFact[],
  signal: AbortSignal,
): Promise<readonly Sample[]> {
  // An object that was written to itself is looked at as such, not as the controller of a pod that was deleted too.
  const pairs = pairsOf(effects, targets);
  const isDeletion = ({ effect }: Pair): boolean => effect.change.to === 'absence';
  const ordered = [...pairs.filter(isDeletion), ...pairs.filter((pair) => !isDeletion(pair))];
  const questions = new Map(ordered.flatMap((pair) => questionsOf(client, pair, signal)));
  return inBatches([...questions.values()], (ask) => ask());
}
