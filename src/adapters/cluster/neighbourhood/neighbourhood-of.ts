// The neighbours of the effects, found in what is known of the cluster.

import { changedLabels } from '../../../core/model/desired.ts';
import { ownValue } from '../../../core/model/json.ts';
import type {
  AutoscalerFact,
  IngressFact,
  Neighbourhood,
  NodeFact,
  PodFact,
  ServiceFact,
  WorkloadFact,
} from '../../../core/model/neighbourhood.ts';
import { type ObjectKey, objectKey, objectOfKey } from '../../../core/model/object-ref.ts';
import type { KnownCluster } from '../cache/known-cluster.ts';
import type { TrimmedAutoscaler, TrimmedNode, TrimmedPod } from '../cache/trimmed.ts';
import type { NeighbourhoodQuery, Reselected } from './neighbourhood-query.ts';
import {
  controllerOf,
  keyOfReference,
  keyOfWorkload,
  outermostOf,
  ownersOf,
  type Placed,
  podsBelow,
  workloadAt,
} from './owners.ts';
import { admission } from './placement.ts';
import { budgetsOf, place, policiesOf, servicesOf, sorted } from './selectors.ts';

/** One ready pod that the Service would select, which is enough for it to have endpoints; null where there is none. */
const firstSelected = (cluster: KnownCluster, { namespace, name, selector }: Reselected): TrimmedPod | null => {
  const service = cluster.services.get(`${namespace ?? ''}/${name}`);
  const before = Object.fromEntries((service?.selector ?? []).map(({ key, values }) => [key, values[0] ?? '']));
  const wanted = Object.entries(changedLabels(before, selector));
  for (const pod of cluster.pods.all())
    if (pod.namespace === namespace && pod.ready && wanted.every(([key, value]) => ownValue(pod.labels, key) === value))
      return pod;
  return null;
};

/** Targeted by name, selected anew, below a targeted workload or one that a targeted autoscaler scales, or on a node that is emptied. */
const podsOf = (
  cluster: KnownCluster,
  { targets, reselected, emptied }: NeighbourhoodQuery,
  workloads: readonly Placed[],
): readonly TrimmedPod[] => {
  const own = targets
    .filter(({ group, resource }) => group === '' && resource === 'pods')
    .flatMap(({ namespace, name }) => cluster.pods.get(`${namespace ?? ''}/${name}`) ?? []);
  const below = workloads.flatMap(({ workload }) => podsBelow(cluster, workload.uid));
  const there = [...emptied].flatMap((node) => [...cluster.pods.by('node', node)]);
  const selected = reselected.flatMap((one) => firstSelected(cluster, one) ?? []);
  return sorted([...own, ...below, ...there, ...selected]);
};

const targetedAutoscalers = (cluster: KnownCluster, { targets }: NeighbourhoodQuery): readonly TrimmedAutoscaler[] =>
  targets
    .filter(({ resource, group }) => resource === 'horizontalpodautoscalers' && group === 'autoscaling')
    .flatMap(({ namespace, name }) => cluster.autoscalers.get(`${namespace ?? ''}/${name}`) ?? []);

/** The workload that an autoscaler scales, as the cluster knows it. */
const scaledBy = (cluster: KnownCluster, { target, namespace }: TrimmedAutoscaler): readonly Placed[] => {
  const found = workloadAt(cluster, objectOfKey(keyOfReference(target, namespace)));
  return found === null ? [] : [found];
};

const byKey = (workloads: readonly Placed[]): ReadonlyMap<ObjectKey, Placed> =>
  new Map(workloads.map((one) => [keyOfWorkload(one), one]));

const workloadFact = (cluster: KnownCluster, placed: Placed): WorkloadFact => {
  const { workload } = placed;
  const pods = podsBelow(cluster, workload.uid).filter(({ finished }) => !finished);
  return {
    key: keyOfWorkload(placed),
    uid: workload.uid,
    controller: controllerOf(cluster, workload),
    replicas: workload.replicas,
    pods: pods.length,
    ready: pods.filter(({ ready }) => ready).length,
    rollout: workload.rollout,
    paused: workload.paused,
    claimRetention: workload.claimRetention,
    admittedAfter: null,
  };
};

const nodeFact = (cluster: KnownCluster, { name, uid, schedulable, allocatable }: TrimmedNode): NodeFact => {
  const load = cluster.loadOf(name);
  return {
    name,
    uid,
    schedulable,
    free: {
      cpuMillis: allocatable.cpuMillis - load.cpuMillis,
      memoryBytes: allocatable.memoryBytes - load.memoryBytes,
      pods: allocatable.pods - load.pods,
    },
  };
};

const podFact = (cluster: KnownCluster, pod: TrimmedPod, admittedBy: PodFact['admittedBy']): PodFact => ({
  uid: pod.uid,
  namespace: pod.namespace ?? '',
  name: pod.name,
  labels: pod.labels,
  controller: controllerOf(cluster, pod),
  workload: outermostOf(cluster, pod),
  node: pod.node,
  ready: pod.ready,
  finished: pod.finished,
  claims: pod.claims,
  requests: pod.requests,
  admittedBy,
});

const ingressesOf = (cluster: KnownCluster, services: readonly ServiceFact[]): readonly IngressFact[] =>
  sorted(services.flatMap((service) => [...cluster.ingresses.by('service', place(service))])).map(
    ({ uid, namespace, name, services: sendsTo }) => ({
      key: objectKey({ group: 'networking.k8s.io', resource: 'ingresses', namespace, name }),
      namespace: namespace ?? '',
      uid,
      services: sendsTo,
    }),
  );

const autoscalersOf = (
  cluster: KnownCluster,
  targeted: readonly TrimmedAutoscaler[],
  workloads: ReadonlyMap<ObjectKey, Placed>,
): readonly AutoscalerFact[] => {
  const near = [...workloads.values()]
    .flatMap(({ workload }) => [...cluster.autoscalers.by('target', place(workload))])
    .filter(({ target, namespace }) => workloads.has(keyOfReference(target, namespace)));
  return sorted([...targeted, ...near]).map(({ namespace, name, uid, target, min, max }) => ({
    namespace: namespace ?? '',
    name,
    uid,
    target: keyOfReference(target, namespace),
    min,
    max,
  }));
};

/** Everything but what the targets themselves say (`held`), what goes with them, and the age. */
export function neighbourhoodOf(
  cluster: KnownCluster,
  question: NeighbourhoodQuery,
): Omit<Neighbourhood, 'held' | 'dependents' | 'ageSeconds'> {
  const { targets, scaled, emptied } = question;
  const ownAutoscalers = targetedAutoscalers(cluster, question);
  const targeted = [
    ...[...targets, ...scaled].flatMap((object) => workloadAt(cluster, object) ?? []),
    ...ownAutoscalers.flatMap((one) => scaledBy(cluster, one)),
  ];
  const pods = podsOf(cluster, question, targeted);
  const above = [...targeted.map(({ workload }) => workload), ...pods].flatMap((one) => ownersOf(cluster, one));
  const workloads = byKey([...targeted, ...above]);
  const services = servicesOf(cluster, question, pods);
  const nodes = emptied.size === 0 ? [] : sorted(cluster.nodes.all());
  const admittedBy = admission(
    cluster,
    nodes.filter(({ name }) => !emptied.has(name)),
  );
  return {
    pods: pods.map((pod) => podFact(cluster, pod, emptied.size === 0 ? null : admittedBy(pod))),
    workloads: [...workloads.values()]
      .map((one) => workloadFact(cluster, one))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    services,
    budgets: budgetsOf(cluster, question, pods),
    policies: policiesOf(cluster, question),
    autoscalers: autoscalersOf(cluster, ownAutoscalers, workloads),
    nodes: nodes
      .filter(({ name, schedulable }) => schedulable || emptied.has(name))
      .map((node) => nodeFact(cluster, node)),
    ingresses: ingressesOf(cluster, services),
    claims: sorted(
      pods.flatMap(({ namespace, claims }) =>
        claims.flatMap((claim) => cluster.claims.get(`${namespace ?? ''}/${claim}`) ?? []),
      ),
    ).map(({ namespace, name, uid, volume }) => ({ namespace: namespace ?? '', name, uid, volume })),
    namespaces: sorted([...question.namespaces].flatMap((name) => cluster.namespaces.get(name) ?? [])).map(
      ({ name, environment }) => ({ name, environment }),
    ),
  };
}
