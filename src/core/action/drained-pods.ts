// The pods of a node as they stand → those that kubectl drain would evict, those that it leaves, those for which it refuses.
import type { DrainObstacle, DrainOptions } from '../model/drain.ts';
import type { Effect } from '../model/effect.ts';
import type { TargetFact } from '../model/facts.ts';

/** A pod on a node, as far as kubectl looks at it. */
export interface PodOnNode {
  /** One of its owners is its controller, of whatever kind. */
  readonly hasController: boolean;
  /** The DaemonSet (apps/v1) that is its controller; `gone`: it names one that does not exist. */
  readonly daemonSet: 'none' | 'there' | 'gone';
  /** The kubelet's own: it carries the annotation kubernetes.io/config.mirror. */
  readonly isMirror: boolean;
  /** Phase Succeeded or Failed. */
  readonly isFinished: boolean;
  readonly hasEmptyDir: boolean;
  /** Seconds since the end of its grace period; null: it is not being deleted. Negative while the period runs. */
  readonly overdueSeconds: number | null;
}

/** `obstacle`: kubectl drains none of the nodes while such a pod is there. */
export type DrainChoice = 'goes' | 'stays' | { readonly obstacle: DrainObstacle };

/** What became of a pod of a DaemonSet, as the filter of kubectl that asks for them says; null: the next filters decide. */
const ofDaemonSet = (pod: PodOnNode, options: DrainOptions): DrainChoice | null => {
  if (pod.daemonSet === 'none' || pod.isFinished) return null;
  if (pod.daemonSet === 'gone') return options.force ? null : { obstacle: 'daemon-set-gone' };
  return options.ignoreDaemonSets ? 'stays' : { obstacle: 'daemon-set' };
};

/** The filters of kubectl 1.36 in their order (pkg/drain/filters.go): the first that keeps a pod decides. */
export function drainChoice(pod: PodOnNode, options: DrainOptions): DrainChoice {
  const { skipWaitSeconds, force, deletesEmptyDirData } = options;
  if (isLeftAside(pod.overdueSeconds, skipWaitSeconds)) return 'stays';
  const daemon = ofDaemonSet(pod, options);
  if (daemon !== null) return daemon;
  if (pod.isMirror) return 'stays';
  if (pod.isFinished) return 'goes';
  if (pod.hasEmptyDir && !deletesEmptyDirData) return { obstacle: 'empty-dir' };
  return !pod.hasController && !force ? { obstacle: 'no-controller' } : 'goes';
}

/** A pod that should have ended long ago is waited for no more, whole seconds counted. */
export function isLeftAside(overdueSeconds: number | null, skipWaitSeconds: number): boolean {
  return skipWaitSeconds > 0 && overdueSeconds !== null && Math.trunc(overdueSeconds) > skipWaitSeconds;
}

/** How long the pods of all nodes may take to go, one node after the other, in seconds; 0: nothing is drained. */
export function drainSeconds(effects: readonly Effect[], targets: readonly TargetFact[]): number {
  const nodes = targets.filter(({ group, resource }) => group === '' && resource === 'nodes').length;
  return effects.reduce((sum, { change }) => sum + (change.to === 'eviction' ? change.timeoutSeconds * nodes : 0), 0);
}

/** kubectl's own words for each obstacle. */
const KUBECTL_SAYS: Readonly<Record<DrainObstacle, string>> = {
  'daemon-set': 'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)',
  'daemon-set-gone': 'cannot delete Pods of a DaemonSet that is not found (use --force to override)',
  'empty-dir': 'cannot delete Pods with local storage (use --delete-emptydir-data to override)',
  'no-controller': 'cannot delete Pods that declare no controller (use --force to override)',
};

/** More names than a reader would read are counted. */
const SHOWN_PODS = 10;

/** What kubectl would say of pods that it does not take: its reason and their names. */
export function drainObstacleText(why: DrainObstacle, pods: readonly string[]): string {
  const rest = pods.length - SHOWN_PODS;
  const names = [...pods.slice(0, SHOWN_PODS), ...(rest > 0 ? [`and ${rest} more`] : [])];
  return `${KUBECTL_SAYS[why]}: ${names.join(', ')}`;
}
