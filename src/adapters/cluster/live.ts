// An object as it stands in the cluster, and what it says of itself.
import type { JsonObject } from '../../core/model/json.ts';
import type { RolloutHistory } from './history.ts';
import { objectAt, textAt } from './json-at.ts';

/** An object as it stands in the cluster now; `history` is read where the change is about the template. */
export interface Live {
  readonly object: JsonObject;
  /** Its own path: "/apis/apps/v1/namespaces/shop/deployments/web". */
  readonly path: string;
  readonly history: RolloutHistory | null;
}

/** Whether its rollout is paused. */
export function isPaused(workload: JsonObject): boolean {
  return objectAt(workload, 'spec')['paused'] === true;
}

/** Phase Succeeded or Failed: nothing of the pod runs. */
export function hasFinished(pod: JsonObject): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '');
}

/** Whether its deletion has begun. */
export function isDeleting(object: JsonObject): boolean {
  return textAt(object, 'metadata', 'deletionTimestamp') !== null;
}
