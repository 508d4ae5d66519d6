// Disruption budgets: counts the healthy pods that a budget covers and says how many may be evicted now.
import { budgets, findKind, pods } from '../kinds.ts';
import type { Condition, Deployment, Pod, PodDisruptionBudget } from '../model.ts';
import { isReady } from '../pods.ts';
import { selects } from '../selectors.ts';
import { timestamp, type World } from '../world.ts';
import { putStatus } from '../writes.ts';
import { type Controller, keyOf, splitKey } from './manager.ts';
import { scaled } from './owned.ts';

export const budgetController: Controller = {
  name: 'disruption',
  keys: ({ kind, object, previous }, world) => {
    if (kind === budgets) return [keyOf(object)];
    if (kind.subresources['scale'] !== undefined)
      return world.storage.list(budgets, object.metadata.namespace ?? '').map(keyOf);
    if (kind !== pods) return [];
    const labels = [object.metadata.labels ?? {}, previous?.metadata.labels ?? {}];
    return world.storage
      .list(budgets, object.metadata.namespace ?? '')
      .filter(({ spec }) => spec.selector !== undefined && labels.some((one) => selects(spec.selector ?? {}, one)))
      .map(keyOf);
  },
  reconcile: (world, key) => {
    const { namespace, name } = splitKey(key);
    const budget = world.storage.get(budgets, namespace, name);
    if (budget !== null) putStatus(world, budgets, budget, statusOf(world, budget));
  },
};

function covered(world: World, budget: PodDisruptionBudget): readonly Pod[] {
  const { selector } = budget.spec;
  if (selector === undefined) return [];
  return world.storage
    .list(pods, budget.metadata.namespace ?? '')
    .filter((pod) => selects(selector, pod.metadata.labels ?? {}))
    .filter((pod) => !['Succeeded', 'Failed'].includes(pod.status?.phase ?? ''));
}

/** How many pods there should be: the sizes of the controllers behind the pods, not the pods that happen to exist. */
function expected(world: World, found: readonly Pod[]): number {
  const sizes = new Map<string, number>();
  let bare = 0;
  for (const pod of found) {
    const top = topController(world, pod);
    if (top === null) bare += 1;
    else sizes.set(top.uid, top.replicas);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, bare);
}

function topController(world: World, pod: Pod): { readonly uid: string; readonly replicas: number } | null {
  let top: Deployment | null = null;
  let owner = pod.metadata.ownerReferences?.find((one) => one.controller === true);
  while (owner !== undefined) {
    const found = world.storage.byUid(owner.uid);
    const scalable = findKind(owner.apiVersion, owner.kind)?.subresources['scale'] !== undefined;
    if (found === null || !scalable) break;
    top = found.object as Deployment;
    owner = top.metadata.ownerReferences?.find((one) => one.controller === true);
  }
  return top === null ? null : { uid: top.metadata.uid ?? '', replicas: top.spec.replicas ?? 1 };
}

function statusOf(world: World, budget: PodDisruptionBudget): NonNullable<PodDisruptionBudget['status']> {
  const found = covered(world, budget);
  const disruptedPods = Object.fromEntries(
    Object.entries(budget.status?.disruptedPods ?? {}).filter(([name]) =>
      found.some((pod) => pod.metadata.name === name && pod.metadata.deletionTimestamp === undefined),
    ),
  );
  const healthy = found.filter(
    (pod) =>
      isReady(pod) && pod.metadata.deletionTimestamp === undefined && disruptedPods[pod.metadata.name] === undefined,
  ).length;
  const { minAvailable, maxUnavailable } = budget.spec;
  const scale = expected(world, found);
  // A minAvailable in numbers is taken as it is, against the pods that exist; the other forms need the expected scale.
  const counted = typeof minAvailable === 'number' ? found.length : scale;
  const down = maxUnavailable === undefined ? 0 : scaled(maxUnavailable, scale, 'up');
  const desired = minAvailable === undefined ? Math.max(0, scale - down) : scaled(minAvailable, counted, 'up');
  const allowed = counted > 0 ? Math.max(0, healthy - desired) : 0;
  return {
    ...(Object.keys(disruptedPods).length > 0 ? { disruptedPods } : {}),
    observedGeneration: budget.metadata.generation,
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: counted,
    conditions: [allowance(world, budget, allowed)],
  };
}

function allowance(world: World, budget: PodDisruptionBudget, allowed: number): Condition {
  const status = allowed > 0 ? 'True' : 'False';
  const old = budget.status?.conditions?.find((one) => one.type === 'DisruptionAllowed');
  return {
    type: 'DisruptionAllowed',
    status,
    reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
    message: '',
    observedGeneration: budget.metadata.generation,
    lastTransitionTime: old?.status === status ? old.lastTransitionTime : timestamp(world),
  };
}
