// Replica sets: as many pods as the spec says, and a status that counts them.
import { pods, replicaSets } from '../kinds.ts';
import type { Pod, ReplicaSet } from '../model.ts';
import { isActive, isAvailable, isReady, podsOf } from '../pods.ts';
import { removeObject } from '../removal.ts';
import { selects } from '../selectors.ts';
import type { World } from '../world.ts';
import { putStatus } from '../writes.ts';
import { recordEvent } from './event.ts';
import { type Agenda, type Controller, keyOf, ownerKeys, splitKey } from './manager.ts';
import { createPod, ownerReference } from './owned.ts';

export const replicaSetController: Controller = {
  name: 'replicaset',
  keys: ({ kind, object }, world) => {
    if (kind === replicaSets) return [keyOf(object)];
    if (kind !== pods) return [];
    const owners = ownerKeys(object, 'ReplicaSet');
    return owners.length > 0 ? owners : adopters(world, object as Pod).map(keyOf);
  },
  reconcile: (world, key, agenda) => {
    const { namespace, name } = splitKey(key);
    const set = world.storage.get(replicaSets, namespace, name);
    if (set === null) return;
    if (set.metadata.deletionTimestamp === undefined) {
      adoptAndRelease(world, set);
      manage(world, set);
    }
    report(world, set, agenda);
  },
};

/** Replica sets that would take a pod that nobody owns. */
function adopters(world: World, pod: Pod): readonly ReplicaSet[] {
  return world.storage
    .list(replicaSets, pod.metadata.namespace ?? '')
    .filter((set) => selects(set.spec.selector, pod.metadata.labels ?? {}));
}

/** Takes orphans whose labels match, lets go of pods whose labels no longer do. */
function adoptAndRelease(world: World, set: ReplicaSet): void {
  for (const pod of world.storage.list(pods, set.metadata.namespace ?? '')) {
    const owners = pod.metadata.ownerReferences ?? [];
    const owned = owners.some((one) => one.uid === set.metadata.uid);
    const fits = selects(set.spec.selector, pod.metadata.labels ?? {});
    if (owned && !fits) {
      const ownerReferences = owners.filter((one) => one.uid !== set.metadata.uid);
      world.storage.put(pods, { ...pod, metadata: { ...pod.metadata, ownerReferences } });
    }
    if (!owned && fits && isActive(pod) && !owners.some((one) => one.controller === true)) {
      const ownerReferences = [...owners, ownerReference(set)];
      world.storage.put(pods, { ...pod, metadata: { ...pod.metadata, ownerReferences } });
    }
  }
}

function manage(world: World, set: ReplicaSet): void {
  const active = podsOf(world, set).filter(isActive);
  const wanted = set.spec.replicas ?? 1;
  for (let missing = wanted - active.length; missing > 0; missing -= 1)
    createPod(world, set, set.spec.template, { generateName: `${set.metadata.name}-` });
  for (const pod of [...active].sort(byWorth).slice(0, Math.max(0, active.length - wanted))) {
    removeObject(world, pods, pod);
    recordEvent(world, set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  }
}

const PHASE_WORTH: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** The least worth keeping first: unscheduled, pending, not ready, younger. */
function byWorth(a: Pod, b: Pod): number {
  const worth = (pod: Pod): number =>
    (pod.spec.nodeName === undefined ? 0 : 100) +
    (PHASE_WORTH[pod.status?.phase ?? 'Pending'] ?? 0) * 10 +
    (isReady(pod) ? 1 : 0);
  const time = (pod: Pod): number => Date.parse(pod.metadata.creationTimestamp ?? '');
  return worth(a) - worth(b) || time(b) - time(a);
}

function report(world: World, set: ReplicaSet, agenda: Agenda): void {
  const active = podsOf(world, set).filter(isActive);
  const minReady = set.spec.minReadySeconds ?? 0;
  const ready = active.filter(isReady);
  const available = ready.filter((pod) => isAvailable(world, pod, minReady)).length;
  if (available < ready.length) agenda.after(minReady * 1000, keyOf(set));
  const labels = set.spec.template.metadata?.labels ?? {};
  const full = active.filter((pod) => selects({ matchLabels: labels }, pod.metadata.labels ?? {})).length;
  putStatus(world, replicaSets, set, {
    replicas: active.length,
    ...(full > 0 ? { fullyLabeledReplicas: full } : {}),
    ...(ready.length > 0 ? { readyReplicas: ready.length } : {}),
    ...(available > 0 ? { availableReplicas: available } : {}),
    terminatingReplicas: podsOf(world, set).filter((pod) => pod.metadata.deletionTimestamp !== undefined).length,
    observedGeneration: set.metadata.generation,
  });
}
