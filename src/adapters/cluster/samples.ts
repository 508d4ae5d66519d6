// One look at each target while it converges.
import { withoutBinding } from '../../core/action/binding-labels.ts';
import { changedIn } from '../../core/action/difference.ts';
import { controllerOfTarget, type Pair, type TargetFact } from '../../core/model/facts.ts';
import type { JsonObject } from '../../core/model/json.ts';
import type { FieldChange } from '../../core/model/object-change.ts';
import { type ObjectRef, objectKey, placedName, resourceKey } from '../../core/model/object-ref.ts';
import { isFinished } from '../../core/model/pod-controllers.ts';
import type { PodTrouble, Sample } from '../../core/remediation/sample.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { WatchedWrite } from '../../ports/cluster-reader.ts';
import { inBatches } from './batch.ts';
import { isOverwritten, isPaused, preImageOf } from './change.ts';
import { type ClusterClient, getJson } from './client.ts';
import { controlledBy, REVISION } from './history.ts';
import { at, listAt, numberAt, objectAt, stable, textAt } from './json-at.ts';
import { isMutating } from './mutation.ts';
import { autoscalerOf, isByAutoscaler, writerOf } from './other-writers.ts';
import { stepsOf, type WriteStep } from './planned-writes.ts';
import { apiPrefix, objectPath } from './resource-path.ts';
import { isReady, rolloutStatusOf, shortened } from './rollout-status.ts';
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

const readObject = async (client: ClusterClient, ref: ObjectRef, signal: AbortSignal): Promise<JsonObject> => {
  const prefix = await apiPrefix(client, ref, signal);
  return client.send(getJson(objectPath(prefix, ref.resource, ref.namespace, ref.name ?? '')), signal);
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

/** What was written to an object itself. */
interface Written {
  /** null: whichever has the name, it was made by the write. */
  readonly uid: string | null;
  /** What became of the change where the object is not simply as written; null: it is. */
  readonly changed: (object: JsonObject) => Promise<Sample | null>;
  readonly leftOver: (object: JsonObject) => Promise<readonly string[]>;
}

const writtenBy = (client: ClusterClient, pair: Pair, signal: AbortSignal): Written => ({
  uid: pair.target.uid,
  changed: (object) => changedSince(client, pair.target, pair, object, signal),
  leftOver: (object) => claimsLeft(client, pair, object, signal),
});

/** A write that was sealed as a difference: the fields that must still have their values. */
interface Differing {
  readonly object: ObjectRef;
  readonly uid: string | null;
  readonly fields: readonly FieldChange[];
  readonly side: 'before' | 'after';
}

const differing = ({ object, uid, fields, side }: Differing): Written => ({
  uid,
  changed: async (found) => {
    // What is hidden can be compared only under its key; the writer does.
    const shown = fields.filter(({ hidden }) => hidden === undefined);
    const other = changedIn(found, shown, side, () => '');
    if (other.length === 0) return null;
    return { seen: 'overwritten', target: placedName(object), by: writerOf(found, 'template') };
  },
  leftOver: () => Promise.resolve([]),
});

/** `written`: null where the workload was not written to itself. */
const sampleWorkload = async (
  client: ClusterClient,
  ref: ObjectRef,
  written: Written | null,
  signal: AbortSignal,
): Promise<Sample> => {
  const target = placedName(ref);
  const read = WORKLOADS.get(resourceKey(ref));
  if (read === undefined) return { seen: 'nothing', target, why: 'how this kind converges is not known' };
  try {
    const object = await readObject(client, ref, signal);
    const workload = read(object);
    if (written !== null && written.uid !== null && workload.uid !== written.uid) return { seen: 'gone', target };
    const changed = written === null ? null : await written.changed(object);
    if (changed !== null) return changed;
    const { newest, stuck } = await ownPods(client, ref.resource, object, signal);
    const rollout = await rolloutStatusOf(client, { ref, object, newest, stuck }, workload, signal);
    const leftOver = written === null ? [] : await written.leftOver(object);
    return {
      ...{ seen: 'workload', target, ...workload, troubles: troublesOf(newest), rollout },
      ...(leftOver.length === 0 ? {} : { leftOver }),
    };
  } catch (error) {
    return isMissing(error) ? { seen: 'gone', target } : unasked(target, error);
  }
};

/** `uid` null: whichever has the name. */
const sampleDeleted = async (
  client: ClusterClient,
  ref: ObjectRef,
  uid: string | null,
  signal: AbortSignal,
): Promise<Sample> => {
  const target = placedName(ref);
  try {
    const object = await readObject(client, ref, signal);
    return { seen: uid === null || textAt(object, 'metadata', 'uid') === uid ? 'leaving' : 'removed', target };
  } catch (error) {
    return isMissing(error) ? { seen: 'removed', target } : unasked(target, error);
  }
};

/** An object of a kind that has nothing to converge to: it is as it was written, or it is not. */
const sampleObject = async (
  client: ClusterClient,
  ref: ObjectRef,
  written: Written,
  signal: AbortSignal,
): Promise<Sample> => {
  const target = placedName(ref);
  try {
    const object = await readObject(client, ref, signal);
    if (written.uid !== null && textAt(object, 'metadata', 'uid') !== written.uid) return { seen: 'gone', target };
    return (await written.changed(object)) ?? { seen: 'written', target };
  } catch (error) {
    return isMissing(error) ? { seen: 'gone', target } : unasked(target, error);
  }
};

/** The pod in which a program ran: judged by the container that was sealed, and by its readiness only where it was ready before. */
const sampleProgram = async (
  client: ClusterClient,
  { effect, target: sealed }: Pair,
  wasReady: boolean,
  signal: AbortSignal,
): Promise<Sample> => {
  const target = placedName(sealed);
  try {
    const pod = await readObject(client, sealed, signal);
    if (textAt(pod, 'metadata', 'uid') !== sealed.uid) return { seen: 'gone', target };
    const same = stable(preImageOf(effect, { object: pod, path: '', history: null })) === stable(sealed.preImage);
    if (!same) return { seen: 'container-lost', target, container: textAt(sealed.preImage, 'container') ?? '' };
    return wasReady && !isReady(pod) ? { seen: 'unready', target } : { seen: 'intact', target };
  } catch (error) {
    return isMissing(error) ? { seen: 'gone', target } : unasked(target, error);
  }
};

/** The controller that must be whole again; null where none brings the pod back, or it is not known how it converges. */
const controllerRef = (fact: TargetFact): ObjectRef | null => {
  const owner = isFinished(fact) ? null : controllerOfTarget(fact);
  const known = owner === null ? undefined : CONTROLLERS.get(owner.kind);
  return owner === null || known === undefined ? null : { ...known, namespace: fact.namespace, name: owner.name };
};

/** A question about one object, by the name that its sample carries: each object is looked at once. */
type Question = readonly [target: string, ask: () => Promise<Sample>];

/** Fields that a controller acts upon; labels and annotations of the object itself move no pod. */
const isOfSpec = ({ path }: FieldChange): boolean => path.startsWith('/spec');

/** What was sealed as a difference, and the way back of it. */
const questionsOfDifference = (
  client: ClusterClient,
  { effect, object }: WriteStep,
  { changes }: WatchedWrite,
  signal: AbortSignal,
): readonly Question[] => {
  const target = placedName(object);
  const found = changes.find((one) => one.object === objectKey(object));
  const sealed = found === undefined ? undefined : withoutBinding(found);
  // The server named it: what became of it is not known by its name.
  if (sealed === undefined || object.name === null) return [];
  const side = effect.change.to === 'before' ? 'before' : 'after';
  const { uid, fields } = sealed;
  if (sealed.op === 'delete')
    return [
      [target, () => sampleObject(client, object, { ...differing({ object, uid: null, fields: [], side }) }, signal)],
    ];
  if (sealed.op === 'create' && side === 'before') return [[target, () => sampleDeleted(client, object, null, signal)]];
  const written = differing({ object, uid: sealed.op === 'create' ? null : uid, fields, side });
  const rolls = WORKLOADS.has(resourceKey(object)) && (sealed.op === 'create' || fields.some(isOfSpec));
  return [
    [
      target,
      () => (rolls ? sampleWorkload(client, object, written, signal) : sampleObject(client, object, written, signal)),
    ],
  ];
};

const questionsOf = (
  client: ClusterClient,
  pair: Pair,
  { wasReady = true }: WatchedWrite,
  signal: AbortSignal,
): readonly Question[] => {
  const { effect, target } = pair;
  if (effect.change.to === 'run') return [[placedName(target), () => sampleProgram(client, pair, wasReady, signal)]];
  // Their StatefulSet is looked at for the step that gives its template back.
  if (effect.change.to === 'replacement') return [];
  if (effect.change.to !== 'absence')
    return [[placedName(target), () => sampleWorkload(client, target, writtenBy(client, pair, signal), signal)]];
  const deleted = [placedName(target), () => sampleDeleted(client, target, target.uid, signal)] as const;
  const controller = controllerRef(target);
  if (controller === null) return [deleted];
  return [deleted, [placedName(controller), () => sampleWorkload(client, controller, null, signal)]];
};

/** One sample an object; of a deleted pod itself and of the controller that brings another. */
export function sampleAll(
  client: ClusterClient,
  watched: WatchedWrite,
  signal: AbortSignal,
): Promise<readonly Sample[]> {
  // An object that was written to itself is looked at as such, not as the controller of a pod that was deleted too.
  const steps = stepsOf(watched.effects, watched.targets);
  const isDeletion = ({ effect }: WriteStep): boolean => effect.change.to === 'absence';
  const ordered = [...steps.filter(isDeletion), ...steps.filter((step) => !isDeletion(step))];
  const ask = (step: WriteStep): readonly Question[] => {
    const { effect, target } = step;
    if (isMutating(effect) || effect.change.to === 'before')
      return questionsOfDifference(client, step, watched, signal);
    return target === null ? [] : questionsOf(client, { effect, target }, watched, signal);
  };
  const questions = new Map(ordered.flatMap(ask));
  return inBatches([...questions.values()], (one) => one());
}
