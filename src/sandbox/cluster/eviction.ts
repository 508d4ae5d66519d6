// The eviction subresource: a pod leaves by a disruption budget's permission, or 429 says why not.
// It spends the budget's allowance at once; the budget's controller counts anew afterwards.

import { parseJson, persistenceOf, readDeleteOptions } from './bodies.ts';
import { isObject } from './json.ts';
import { budgets, pods } from './kinds.ts';
import type { Pod, PodDisruptionBudget } from './model.ts';
import { storedObject } from './objects.ts';
import { isReady } from './pods.ts';
import { type RemovalOptions, removeObject } from './removal.ts';
import type { Answer, ApiRequest } from './request.ts';
import { selects } from './selectors.ts';
import { badRequest, severalBudgets, tooManyRequests } from './status-error.ts';
import { timestamp, type World } from './world.ts';

const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";

/** Answers POST pods/NAME/eviction. */
export function evict(world: World, request: ApiRequest): Answer {
  const body = parseJson(request.http.body);
  if (!isObject(body) || (body['kind'] ?? 'Eviction') !== 'Eviction') throw badRequest('the body is no Eviction');
  const options = isObject(body['deleteOptions']) ? body['deleteOptions'] : {};
  const inner = { ...request, http: { ...request.http, body: JSON.stringify(options) } };
  const pod = storedObject(world, pods, request);
  const removal: RemovalOptions = { ...readDeleteOptions(inner), persistence: persistenceOf(request, options) };
  const outside = ['Pending', 'Succeeded', 'Failed'].includes(pod.status?.phase ?? '');
  if (!outside && pod.metadata.deletionTimestamp === undefined) spend(world, pod, removal);
  const marked = removal.persistence === 'dry-run' ? pod : withTarget(world, pod);
  removeObject(world, pods, marked, removal);
  return {
    type: 'json',
    code: 201,
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
  };
}

function spend(world: World, pod: Pod, removal: RemovalOptions): void {
  const covering = world.storage
    .list(budgets, pod.metadata.namespace ?? '')
    .filter((budget) => budget.spec.selector !== undefined && selects(budget.spec.selector, pod.metadata.labels ?? {}));
  const [budget, second] = covering;
  if (second !== undefined) throw severalBudgets();
  if (budget === undefined) return;
  if (!isReady(pod) && unhealthyMayGo(budget)) return;
  const { name, generation = 0 } = budget.metadata;
  const status = budget.status;
  if (status === undefined || (status.observedGeneration ?? 0) < generation)
    throw tooManyRequests(
      REFUSED,
      [cause(`The disruption budget ${name} is still being processed by the server.`)],
      10,
    );
  if (status.disruptionsAllowed <= 0) {
    const needs = `needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`;
    throw tooManyRequests(REFUSED, [cause(`The disruption budget ${name} ${needs}`)]);
  }
  if (removal.persistence === 'dry-run') return;
  world.storage.put(budgets, {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: status.disruptionsAllowed - 1,
      disruptedPods: { ...status.disruptedPods, [pod.metadata.name]: timestamp(world) },
    },
  });
}

function unhealthyMayGo(budget: PodDisruptionBudget): boolean {
  if (budget.spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

function cause(message: string): { readonly reason: string; readonly message: string } {
  return { reason: 'DisruptionBudget', message };
}

function withTarget(world: World, pod: Pod): Pod {
  const condition = {
    type: 'DisruptionTarget',
    status: 'True' as const,
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    lastTransitionTime: timestamp(world),
  };
  const status = {
    ...(pod.status ?? { phase: 'Running' }),
    conditions: [...(pod.status?.conditions ?? []), condition],
  };
  return world.storage.put(pods, { ...pod, status });
}
