// The impact picture: what an action touches and what depends on it, as a graph (sealed in the spec).

import { type Effect, writesOf } from '../model/effect.ts';
import type { TargetFact } from '../model/facts.ts';
import { isMet, type Neighbourhood, type PodFact, type ServiceFact } from '../model/neighbourhood.ts';
import { isOfResource, type ObjectKey, objectKey } from '../model/object-ref.ts';
import { type Collateral, collateralOf } from './collateral.ts';
import { darkServices, violatedBudgets } from './disruption.ts';
import { type Doer, type Loss, lossesOf } from './outage.ts';

/**
 * target: what the action names; goes: a pod that ends, named or not, or what goes by itself with it; breaks: left without
 * endpoints, violated, or the volume of a claim that goes; near: depends on them.
 */
export const ROLES = ['target', 'goes', 'breaks', 'near'] as const;
export type ImpactRole = (typeof ROLES)[number];

export interface ImpactNode {
  /** "deployments.apps shop/web"; of pods that stand together, "pods shop/* of replicasets.apps shop/web-5d8f". */
  readonly id: ObjectKey;
  /** null where the object was named by another and not read itself, or for several. */
  readonly uid: string | null;
  readonly role: ImpactRole;
  /** How many objects it stands for. */
  readonly count: number;
  /**
   * Of several that stand together, how many go, where some stay: a scale-down takes the difference, and nobody knows which. While
   * pods of two ReplicaSets stand side by side it is the most that each may lose. Absent: all of them.
   */
  readonly going?: number;
}

/** Read from left to right: a Deployment `owns` a ReplicaSet, a pod `serves` a Service, a Service is `routed` by an Ingress. */
export const RELATIONS = ['owns', 'runs', 'serves', 'routed', 'guarded', 'scaled', 'mounts', 'bound'] as const;
export type Relation = (typeof RELATIONS)[number];

export interface ImpactEdge {
  readonly from: ObjectKey;
  readonly to: ObjectKey;
  readonly relation: Relation;
}

/** Nodes sorted by id, edges by both ends; every end is a node. */
export interface Impact {
  readonly nodes: readonly ImpactNode[];
  readonly edges: readonly ImpactEdge[];
}

/** No cluster was asked. */
export const NO_IMPACT: Impact = { nodes: [], edges: [] };

const key = (
  resource: string,
  group: string,
  one: { readonly namespace: string | null; readonly name: string },
): ObjectKey => objectKey({ group, resource, ...one });
const podKey = (pod: PodFact): ObjectKey => key('pods', '', pod);
const serviceKey = (one: { readonly namespace: string; readonly name: string }): ObjectKey => key('services', '', one);

/**
 * Ids of pods in the picture: their own where the action names them or their node, or no controller would bring them back;
 * else that of all pods of their controller. Pods come and go; a picture that named each would seal another spec whenever one did.
 */
const idsOf = (pods: readonly PodFact[], targets: ReadonlySet<ObjectKey>): ReadonlyMap<string, ObjectKey> => {
  const ids = new Map<string, ObjectKey>();
  for (const [controller, its] of Map.groupBy(pods, (pod) => pod.controller)) {
    const others = its.filter((pod) => !targets.has(podKey(pod)) && !targets.has(`nodes ${pod.node}`));
    for (const pod of its) ids.set(pod.uid, podKey(pod));
    if (controller === null) continue;
    for (const pod of others) ids.set(pod.uid, `pods ${pod.namespace}/* of ${controller}`);
  }
  return ids;
};

const RANK: Readonly<Record<ImpactRole, number>> = { near: 0, breaks: 1, target: 2, goes: 3 };

/** Nodes and edges, once each; of two roles the graver is kept. */
interface Picture {
  add(id: ObjectKey, uid: string | null, role: ImpactRole, numbers?: Pick<ImpactNode, 'count' | 'going'>): void;
  link(from: ObjectKey, relation: Relation, to: ObjectKey): void;
  drawn(): Impact;
}

const createPicture = (): Picture => {
  const nodes = new Map<ObjectKey, ImpactNode>();
  const edges = new Map<string, ImpactEdge>();
  const add: Picture['add'] = (id, uid, role, { count, going } = { count: 1 }) => {
    const before = nodes.get(id);
    const graver = before !== undefined && RANK[before.role] > RANK[role] ? before.role : role;
    const some = going ?? before?.going;
    nodes.set(id, {
      id,
      uid: uid ?? before?.uid ?? null,
      role: graver,
      count: Math.max(count, before?.count ?? 1),
      ...(some === undefined ? {} : { going: some }),
    });
  };
  return {
    add,
    link: (from, relation, to) => {
      for (const id of [from, to]) if (!nodes.has(id)) add(id, null, 'near');
      edges.set(`${from}\u0000${to}\u0000${relation}`, { from, to, relation });
    },
    drawn: () => ({
      nodes: [...nodes.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1)),
      edges: [...edges.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, edge]) => edge),
    }),
  };
};

/** How many of these pods go: all that are named for it, and as many of the others as a scale-down takes from among them. */
const goingOf = (pods: readonly PodFact[], losses: readonly Loss[]): number => {
  const surely = new Set<string>();
  let some = 0;
  for (const { how, among, atOnce } of losses) {
    const its = pods.filter((pod) => among.includes(pod));
    if (how === 'replaced' || atOnce >= among.length) for (const { uid } of its) surely.add(uid);
    else some += Math.min(atOnce, its.length);
  }
  return Math.min(pods.length, surely.size + some);
};

const drawPods = (
  picture: Picture,
  neighbourhood: Neighbourhood,
  losses: readonly Loss[],
  ids: ReadonlyMap<string, ObjectKey>,
  aimedAt: ReadonlySet<ObjectKey>,
): void => {
  const ends = new Set(losses.flatMap(({ among }) => among.map(({ uid }) => uid)));
  for (const [id, pods] of Map.groupBy(neighbourhood.pods, ({ uid }) => ids.get(uid) ?? '')) {
    const role = pods.some(({ uid }) => ends.has(uid)) ? 'goes' : 'near';
    const [only] = pods;
    const lasting = pods.filter(({ finished }) => !finished);
    const going = role === 'goes' ? goingOf(lasting, losses) : 0;
    picture.add(id, only !== undefined && id === podKey(only) ? only.uid : null, role, {
      count: pods.length,
      ...(role === 'goes' && going < lasting.length ? { going } : {}),
    });
    for (const pod of pods) {
      const owner = pod.controller ?? pod.workload;
      if (owner !== null) picture.link(owner, isOfResource(owner, 'nodes') ? 'runs' : 'owns', id);
      if (owner !== null && pod.workload !== null && pod.workload !== owner) picture.link(pod.workload, 'owns', owner);
      // a pod that stays, or has finished, brings its node into the picture only where the action names it
      const reached = ends.has(pod.uid) || aimedAt.has(id);
      if (pod.node !== null && reached) picture.link(`nodes ${pod.node}`, 'runs', id);
      for (const name of pod.claims) {
        picture.link(id, 'mounts', key('persistentvolumeclaims', '', { namespace: pod.namespace, name }));
      }
    }
  }
};

const drawWorkloads = (picture: Picture, { workloads, autoscalers }: Neighbourhood): void => {
  for (const { key: id, uid, controller } of workloads) {
    picture.add(id, uid, 'near');
    if (controller !== null) picture.link(controller, 'owns', id);
  }
  for (const { target, uid, ...one } of autoscalers) {
    const id = key('horizontalpodautoscalers', 'autoscaling', one);
    picture.add(id, uid, 'near');
    picture.link(target, 'scaled', id);
  }
};

/** Selected by the service, ready or not, so that the picture stands while pods come and go. */
const isFor = ({ namespace, selector }: ServiceFact, pod: PodFact): boolean =>
  !pod.finished &&
  selector !== null &&
  namespace === pod.namespace &&
  selector.every((term) => isMet(term, pod.labels));

const drawServices = (
  picture: Picture,
  { pods, services, ingresses }: Neighbourhood,
  ids: ReadonlyMap<string, ObjectKey>,
  dark: ReadonlySet<string>,
): void => {
  for (const service of services) {
    const id = serviceKey(service);
    picture.add(id, service.uid, dark.has(service.uid) ? 'breaks' : 'near');
    const ready = new Set(service.pods);
    for (const pod of pods) {
      if (ready.has(pod.uid) || isFor(service, pod)) picture.link(ids.get(pod.uid) ?? podKey(pod), 'serves', id);
    }
  }
  const shown = new Set(services.map(serviceKey));
  for (const { key: id, uid, namespace, services: sendsTo } of ingresses) {
    for (const name of sendsTo) {
      const service = serviceKey({ namespace, name });
      if (!shown.has(service)) continue;
      picture.add(id, uid, 'near');
      picture.link(service, 'routed', id);
    }
  }
};

const drawGuards = (
  picture: Picture,
  neighbourhood: Neighbourhood,
  losses: readonly Loss[],
  ids: ReadonlyMap<string, ObjectKey>,
): void => {
  const violated = new Set(violatedBudgets(neighbourhood, losses).map(({ uid }) => uid));
  for (const budget of neighbourhood.budgets) {
    const id = key('poddisruptionbudgets', 'policy', budget);
    picture.add(id, budget.uid, violated.has(budget.uid) ? 'breaks' : 'near');
    for (const uid of budget.pods) picture.link(ids.get(uid) ?? `pods ${budget.namespace}/${uid}`, 'guarded', id);
  }
};

/** What goes by itself, under what it goes with; the volume of a claim that goes is released or deleted. */
const drawCollateral = (picture: Picture, { claims }: Neighbourhood, collateral: readonly Collateral[]): void => {
  const volumes = new Map(claims.map(({ uid, volume }) => [uid, volume]));
  for (const { owners, uid, ...one } of collateral) {
    const id = objectKey(one);
    picture.add(id, uid, 'goes');
    for (const owner of owners) picture.link(owner, 'owns', id);
    const volume = uid === null ? null : (volumes.get(uid) ?? null);
    if (volume !== null) {
      picture.add(key('persistentvolumes', '', { namespace: null, name: volume }), null, 'breaks');
      picture.link(id, 'bound', `persistentvolumes ${volume}`);
    }
  }
};

const drawVolumes = (picture: Picture, { claims }: Neighbourhood): void => {
  for (const { volume, uid, ...claim } of claims) {
    const id = key('persistentvolumeclaims', '', claim);
    picture.add(id, uid, 'near');
    if (volume !== null) picture.link(id, 'bound', `persistentvolumes ${volume}`);
  }
};

/** What the effects touch and what depends on it. Reads and dry runs touch nothing. */
export function impactOf(
  effects: readonly Effect[],
  targets: readonly TargetFact[],
  neighbourhood: Neighbourhood,
): Impact {
  const writes: readonly Doer[] = writesOf(effects).map((effect) => ({ effect, kind: effect.kind, writes: true }));
  if (writes.length === 0) return NO_IMPACT;
  const losses = lossesOf(writes, targets, neighbourhood);
  const aimedAt = new Set(targets.map(objectKey));
  const ids = idsOf(neighbourhood.pods, aimedAt);
  const picture = createPicture();
  drawWorkloads(picture, neighbourhood);
  drawPods(picture, neighbourhood, losses, ids, aimedAt);
  const dark = darkServices(writesOf(effects), neighbourhood, losses);
  drawServices(picture, neighbourhood, ids, new Set(dark.map(({ uid }) => uid)));
  drawGuards(picture, neighbourhood, losses, ids);
  drawVolumes(picture, neighbourhood);
  drawCollateral(picture, neighbourhood, collateralOf(writes, targets, neighbourhood, losses));
  for (const target of targets) picture.add(objectKey(target), target.uid, 'target');
  return picture.drawn();
}
