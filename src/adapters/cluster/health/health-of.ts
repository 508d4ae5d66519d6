// A kind → who reads its health. One row a kind; what has none is read by its conditions.
import { type ObjectRef, resourceKey } from '../../../core/model/object-ref.ts';
import { autoscalerHealth } from './autoscaler.ts';
import { claimHealth } from './claim.ts';
import { conditionsHealth } from './conditions.ts';
import { jobHealth } from './job.ts';
import type { HealthReader } from './live-object.ts';
import { nodeHealth } from './node.ts';
import { budgetHealth, quotaHealth } from './observed.ts';
import { podHealth } from './pods.ts';
import { daemonSetHealth, deploymentHealth, replicasHealth, statefulSetHealth } from './rollout.ts';
import { serviceHealth } from './service.ts';

/** By "resource.group". */
const READERS: ReadonlyMap<string, HealthReader> = new Map([
  ['deployments.apps', deploymentHealth],
  ['statefulsets.apps', statefulSetHealth],
  ['daemonsets.apps', daemonSetHealth],
  ['replicasets.apps', replicasHealth],
  ['replicationcontrollers', replicasHealth],
  ['pods', podHealth],
  ['jobs.batch', jobHealth],
  ['nodes', nodeHealth],
  ['services', serviceHealth],
  ['horizontalpodautoscalers.autoscaling', autoscalerHealth],
  ['persistentvolumeclaims', claimHealth],
  ['resourcequotas', quotaHealth],
  ['poddisruptionbudgets.policy', budgetHealth],
]);

/** The reader of a kind's health. */
export function healthReaderOf(ref: Pick<ObjectRef, 'group' | 'resource'>): HealthReader {
  return READERS.get(resourceKey(ref)) ?? conditionsHealth;
}
