// What the controllers ask about pods: ready, available, alive, owned by whom. Pure; times come from the caller.

import { pods } from './kinds.ts';
import type { KubeObject, Pod } from './model.ts';
import type { World } from './world.ts';

export function isReady(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some((one) => one.type === 'Ready' && one.status === 'True');
}

/** Neither finished nor on its way out. */
export function isActive(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return phase !== 'Succeeded' && phase !== 'Failed' && pod.metadata.deletionTimestamp === undefined;
}

/** Ready for at least `minReadySeconds`. */
export function isAvailable(world: World, pod: Pod, minReadySeconds: number): boolean {
  if (!isReady(pod)) return false;
  if (minReadySeconds === 0) return true;
  const since = pod.status?.conditions?.find((one) => one.type === 'Ready')?.lastTransitionTime;
  return since !== undefined && Date.parse(since) + (minReadySeconds * 1000) / world.speed <= world.clock.now();
}

/** Pods that a controller owns, by name. */
export function podsOf(world: World, owner: KubeObject): readonly Pod[] {
  return world.storage
    .ownedBy(owner.metadata.uid ?? '')
    .filter(({ kind }) => kind === pods)
    .map(({ object }) => object as Pod)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}
