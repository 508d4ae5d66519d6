// A Deployment, StatefulSet, DaemonSet, ReplicaSet or ReplicationController → how far its pods have come.
import type { JsonObject } from '../../../core/model/json.ts';
import type { Sample } from '../../../core/remediation/sample.ts';
import type { ClusterClient } from '../client.ts';
import { controlledBy, REVISION } from '../history.ts';
import { numberAt, objectAt, textAt } from '../json-at.ts';
import { rolloutStatusOf } from '../rollout-status.ts';
import { isStuck, REVISION_LABEL } from '../stuck-pods.ts';
import { conditionOf, type HealthReader, podsPath } from './live-object.ts';
import { troublesOf } from './pods.ts';

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

const deadlineExceeded = (object: JsonObject): boolean => {
  const progressing = conditionOf(object, 'Progressing');
  return progressing?.isFalse === true && progressing.condition['reason'] === 'ProgressDeadlineExceeded';
};

const ofDeployment = (object: JsonObject): Workload => {
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
const ofStatefulSet = (object: JsonObject): Workload => {
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

const ofDaemonSet = (object: JsonObject): Workload => {
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

const ofReplicas = (object: JsonObject): Workload => {
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

interface OwnPods {
  /** Of the newest revision: those of older ones are on their way out, whatever troubles them. */
  readonly newest: readonly JsonObject[];
  /** Of a StatefulSet those of older ones that its controller waits for in vain. */
  readonly stuck: readonly JsonObject[];
}

type PodsOf = (client: ClusterClient, object: JsonObject, signal: AbortSignal) => Promise<OwnPods>;

const only = (newest: readonly JsonObject[]): OwnPods => ({ newest, stuck: [] });

const allPods = (client: ClusterClient, object: JsonObject, signal: AbortSignal): Promise<readonly JsonObject[]> =>
  controlledBy(client, object, podsPath(textAt(object, 'metadata', 'namespace')), signal);

/** A revision of a Deployment is a ReplicaSet. */
const podsOfDeployment: PodsOf = async (client, object, signal) => {
  const namespace = textAt(object, 'metadata', 'namespace') ?? '';
  const path = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/replicasets`;
  const sets = await controlledBy(client, object, path, signal);
  const revision = textAt(object, 'metadata', 'annotations', REVISION);
  const newest = sets.find((set) => textAt(set, 'metadata', 'annotations', REVISION) === revision);
  return only(newest === undefined ? [] : await controlledBy(client, newest, podsPath(namespace), signal));
};

const podsOfStatefulSet: PodsOf = async (client, object, signal) => {
  const revision = textAt(object, 'status', 'updateRevision');
  const own = await allPods(client, object, signal);
  const isNewest = (pod: JsonObject): boolean => textAt(pod, 'metadata', 'labels', REVISION_LABEL) === revision;
  return { newest: own.filter(isNewest), stuck: own.filter((pod) => isStuck(pod, revision)) };
};

const podsOfDaemonSet: PodsOf = async (client, object, signal) => {
  const generation = textAt(object, 'metadata', 'annotations', 'deprecated.daemonset.template.generation');
  const own = await allPods(client, object, signal);
  return only(own.filter((pod) => textAt(pod, 'metadata', 'labels', 'pod-template-generation') === generation));
};

const podsOfReplicas: PodsOf = async (client, object, signal) => only(await allPods(client, object, signal));

const rollout =
  (read: (object: JsonObject) => Workload, podsOf: PodsOf): HealthReader =>
  async ({ client, ref, object, signal }) => {
    const workload = read(object);
    const { newest, stuck } = await podsOf(client, object, signal);
    const status = await rolloutStatusOf(client, { ref, object, newest, stuck }, workload, signal);
    return { seen: 'workload', ...workload, troubles: troublesOf(newest), rollout: status };
  };

export const deploymentHealth = rollout(ofDeployment, podsOfDeployment);
export const statefulSetHealth = rollout(ofStatefulSet, podsOfStatefulSet);
export const daemonSetHealth = rollout(ofDaemonSet, podsOfDaemonSet);
/** A ReplicaSet or a ReplicationController. */
export const replicasHealth = rollout(ofReplicas, podsOfReplicas);
