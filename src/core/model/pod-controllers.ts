// The controllers that are known to bring a pod back: those of Kubernetes itself (scoring section 5).
import type { TargetFact } from './facts.ts';
import type { ObjectKey } from './object-ref.ts';

/** Plural with group and Kind of each; a Node brings back its static pods. */
const RETURNING: readonly (readonly [resource: string, kind: string])[] = [
  ['deployments.apps', 'Deployment'],
  ['replicasets.apps', 'ReplicaSet'],
  ['statefulsets.apps', 'StatefulSet'],
  ['daemonsets.apps', 'DaemonSet'],
  ['replicationcontrollers', 'ReplicationController'],
  ['jobs.batch', 'Job'],
  ['cronjobs.batch', 'CronJob'],
  ['nodes', 'Node'],
];
const RESOURCES: ReadonlySet<string> = new Set(RETURNING.map(([resource]) => resource));
const KINDS: ReadonlySet<string> = new Set(RETURNING.map(([, kind]) => kind));

/** Of a controller by its key, "replicasets.apps shop/web-5d8f"; false where there is none. */
export function bringsBack(controller: ObjectKey | null): boolean {
  return controller !== null && RESOURCES.has(controller.slice(0, controller.indexOf(' ')));
}

/** Of a controller as a target names it, "ReplicaSet/web-5d8f"; a kind that is not built in carries its group. */
export function kindBringsBack(controller: string | null): boolean {
  return controller !== null && KINDS.has(controller.slice(0, controller.indexOf('/')));
}

/** Phase Succeeded or Failed when it was sealed: nothing of it runs, and nothing replaces it. */
export function isFinished({ preImage }: Pick<TargetFact, 'preImage'>): boolean {
  return typeof preImage === 'object' && preImage !== null && 'finished' in preImage && preImage.finished === true;
}
