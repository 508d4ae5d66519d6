// A pod as a target → whether something is known to start another in its place once it is gone.
import type { TargetFact } from './facts.ts';

/** Kinds whose controllers keep a number of pods running (Kubernetes 1.36); a Node brings its static pods back. */
const RETURNING: ReadonlySet<string> = new Set([
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'ReplicationController',
  'Job',
  'Node',
]);

/** Phase Succeeded or Failed when it was sealed: nothing of it runs, and nothing replaces it. */
export function isFinished({ preImage }: Pick<TargetFact, 'preImage'>): boolean {
  return typeof preImage === 'object' && preImage !== null && 'finished' in preImage && preImage.finished === true;
}

/** `no`: none does, or it has finished. `unknown`: its controller is of a kind that is not built in. */
export function comesBack(target: Pick<TargetFact, 'controller' | 'preImage'>): 'yes' | 'no' | 'unknown' {
  if (target.controller === null || isFinished(target)) return 'no';
  return RETURNING.has(target.controller.slice(0, target.controller.indexOf('/'))) ? 'yes' : 'unknown';
}
