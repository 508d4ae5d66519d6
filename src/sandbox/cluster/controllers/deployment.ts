// Deployments: rolls a new template out over replica sets within maxSurge and maxUnavailable, and reports how far it is.
import { sameJson } from '../json.ts';
import { deployments, pods, replicaSets } from '../kinds.ts';
import type { Deployment, KubeObject, ReplicaSet } from '../model.ts';
import { podsOf } from '../pods.ts';
import { selects } from '../selectors.ts';
import type { World } from '../world.ts';
import { deploymentStatus } from './deployment-status.ts';
import { recordEvent } from './event.ts';
import { type Agenda, type Controller, keyOf, ownerKeys, splitKey } from './manager.ts';
import { scaled } from './owned.ts';
import { adoptSets, ensurePresentSet, forgetOldSets, presentSet, replicaSetsOf, resize, sizedFor } from './revision.ts';

export const deploymentController: Controller = {
  name: 'deployment',
  keys: ({ kind, object }, world) => {
    if (kind === deployments) return [keyOf(object)];
    if (kind === replicaSets) return isOwned(object) ? ownerKeys(object, 'Deployment') : selecting(world, object);
    if (kind !== pods) return [];
    // A Recreate deployment waits for pods that are gone, which no replica set's status tells.
    return (object.metadata.ownerReferences ?? []).flatMap((owner) => {
      const set = world.storage.byUid(owner.uid)?.object;
      return set === undefined ? [] : ownerKeys(set, 'Deployment');
    });
  },
  reconcile: (world, key, agenda) => {
    const { namespace, name } = splitKey(key);
    const deployment = world.storage.get(deployments, namespace, name);
    if (deployment === null) return;
    if (deployment.metadata.deletionTimestamp === undefined) {
      adoptSets(world, deployment);
      rollOut(world, deployment);
    }
    report(world, deployment, agenda);
  },
};

function isOwned(object: KubeObject): boolean {
  return (object.metadata.ownerReferences ?? []).some((one) => one.controller === true);
}

/** Deployments that would take a replica set that nobody owns. */
function selecting(world: World, set: KubeObject): readonly string[] {
  return world.storage
    .list(deployments, set.metadata.namespace ?? '')
    .filter((one) => selects(one.spec.selector, set.metadata.labels ?? {}))
    .map(keyOf);
}

interface Limits {
  readonly desired: number;
  readonly maximum: number;
  readonly unavailable: number;
}

function limitsOf(deployment: Deployment): Limits {
  const desired = deployment.spec.replicas ?? 1;
  if (deployment.spec.strategy?.type === 'Recreate') return { desired, maximum: desired, unavailable: 0 };
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = scaled(maxSurge, desired, 'up');
  const down = scaled(maxUnavailable, desired, 'down');
  const unavailable = surge === 0 && down === 0 ? 1 : Math.min(down, desired);
  return { desired, maximum: desired === 0 ? 0 : desired + surge, unavailable };
}

function size(set: ReplicaSet): number {
  return set.spec.replicas ?? 0;
}

function total(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + size(set), 0);
}

function available(set: ReplicaSet): number {
  return set.status?.availableReplicas ?? 0;
}

function rollOut(world: World, deployment: Deployment): void {
  const sets = replicaSetsOf(world, deployment);
  const limits = limitsOf(deployment);
  const rescaled = sets.some((set) => size(set) > 0 && (sizedFor(set)?.desired ?? limits.desired) !== limits.desired);
  if (deployment.spec.paused === true || rescaled) {
    const present = presentSet(deployment, sets);
    spread(world, deployment, sets, present, limits);
    return;
  }
  const present = ensurePresentSet(world, deployment, sets);
  const old = replicaSetsOf(world, deployment).filter((set) => set.metadata.uid !== present.metadata.uid);
  if (deployment.spec.strategy?.type === 'Recreate') recreate(world, deployment, present, old, limits);
  else roll(world, deployment, present, old, limits);
  if (isComplete(deployment, present, limits)) forgetOldSets(world, deployment, old);
}

function isComplete(deployment: Deployment, present: ReplicaSet, limits: Limits): boolean {
  return deployment.status?.updatedReplicas === limits.desired && available(present) === limits.desired;
}

function change(world: World, deployment: Deployment, set: ReplicaSet, replicas: number, limits: Limits): boolean {
  const before = size(set);
  const noted = sizedFor(set);
  const known = noted?.desired === limits.desired && noted.maximum === limits.maximum;
  if (before === replicas && known) return false;
  resize(world, set, replicas, limits.desired, limits.maximum);
  if (before === replicas) return false;
  const way = replicas > before ? 'up' : 'down';
  const message = `Scaled ${way} replica set ${set.metadata.name} from ${before} to ${replicas}`;
  recordEvent(world, deployment, 'Normal', 'ScalingReplicaSet', message);
  return true;
}

function recreate(
  world: World,
  deployment: Deployment,
  present: ReplicaSet,
  old: readonly ReplicaSet[],
  limits: Limits,
): void {
  for (const set of old) if (size(set) > 0) change(world, deployment, set, 0, limits);
  const remaining = old.some((set) =>
    podsOf(world, set).some((pod) => !['Succeeded', 'Failed'].includes(pod.status?.phase ?? '')),
  );
  if (!remaining) change(world, deployment, present, limits.desired, limits);
}

function roll(
  world: World,
  deployment: Deployment,
  present: ReplicaSet,
  old: readonly ReplicaSet[],
  limits: Limits,
): void {
  const room = limits.maximum - total(old) - size(present);
  const grown =
    size(present) >= limits.desired ? limits.desired : Math.min(limits.desired, size(present) + Math.max(0, room));
  if (change(world, deployment, present, grown, limits)) return;
  shrinkOld(world, deployment, present, old, limits);
}

/** Takes pods from old sets: first those that are not healthy, then as many as may be missing. */
function shrinkOld(
  world: World,
  deployment: Deployment,
  present: ReplicaSet,
  old: readonly ReplicaSet[],
  limits: Limits,
): void {
  if (total(old) === 0) return;
  const least = limits.desired - limits.unavailable;
  const unready = size(present) - available(present);
  let removable = total(old) + size(present) - least - unready;
  if (removable <= 0) return;
  const sizes = new Map(old.map((set) => [set, size(set)]));
  for (const set of old) {
    const sick = Math.min(Math.max(0, size(set) - available(set)), Math.max(0, removable));
    sizes.set(set, size(set) - sick);
    removable -= sick;
  }
  const healthy = old.reduce((sum, set) => sum + available(set), available(present));
  let spare = healthy - least;
  for (const set of old) {
    const left = sizes.get(set) ?? 0;
    const taken = Math.min(left, Math.max(0, spare));
    sizes.set(set, left - taken);
    spare -= taken;
  }
  for (const [set, replicas] of sizes) if (replicas !== size(set)) change(world, deployment, set, replicas, limits);
}

/** Scales without rolling: one active set takes all, several share in proportion to their size. */
function spread(
  world: World,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  present: ReplicaSet | null,
  limits: Limits,
): void {
  const active = sets.filter((set) => size(set) > 0);
  const [only] = active.length === 0 && present !== null ? [present] : active.length === 1 ? active : [];
  if (only !== undefined) {
    change(world, deployment, only, limits.desired, limits);
    return;
  }
  if (present !== null && size(present) >= limits.desired && available(present) === size(present)) {
    for (const set of active) change(world, deployment, set, set === present ? limits.desired : 0, limits);
    return;
  }
  const whole = total(active);
  const allowed = limits.desired === 0 ? 0 : limits.maximum;
  let difference = allowed - whole;
  for (const set of [...active].sort((a, b) => size(b) - size(a))) {
    const noted = sizedFor(set)?.maximum ?? whole;
    const share = Math.round((size(set) * allowed) / Math.max(1, noted)) - size(set);
    const step = difference > 0 ? Math.min(Math.max(share, 0), difference) : Math.max(Math.min(share, 0), difference);
    change(world, deployment, set, Math.max(0, size(set) + step), limits);
    difference -= step;
  }
  const biggest = [...replicaSetsOf(world, deployment)].sort((a, b) => size(b) - size(a))[0];
  if (difference !== 0 && biggest !== undefined)
    change(world, deployment, biggest, Math.max(0, size(biggest) + difference), limits);
}

function report(world: World, before: Deployment, agenda: Agenda): void {
  const deployment = world.storage.get(deployments, before.metadata.namespace ?? '', before.metadata.name);
  if (deployment === null) return;
  const sets = replicaSetsOf(world, deployment);
  const { unavailable } = limitsOf(deployment);
  const { status, again } = deploymentStatus(world, deployment, sets, presentSet(deployment, sets), unavailable);
  if (!sameJson(status, deployment.status)) world.storage.put(deployments, { ...deployment, status });
  if (again !== null) agenda.after(again, keyOf(deployment));
}
