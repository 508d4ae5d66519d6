// How many pods a rollout takes away at the same time (Kubernetes 1.36, by kind and strategy).

import type { WorkloadFact } from '../model/neighbourhood.ts';
import { isOfResource } from '../model/object-ref.ts';

/** "25%" of all, rounded as told; a number as it is; what is neither is everything, since it cannot be known. */
const resolved = (value: number | string, all: number, round: (share: number) => number): number => {
  if (typeof value === 'number') return value;
  const percent = /^(\d{1,3})%$/.exec(value)?.[1];
  return percent === undefined ? all : round((all * Number(percent)) / 100);
};

/** Deployments round unavailability down and surge up; when both come out as 0, one pod goes (deployment/util). */
const ofDeployment = ({ rollout, replicas, pods }: WorkloadFact): number => {
  const all = replicas ?? pods;
  const unavailable = resolved(rollout?.maxUnavailable ?? '25%', all, Math.floor);
  const surge = resolved(rollout?.maxSurge ?? '25%', all, Math.ceil);
  return unavailable === 0 && surge === 0 ? 1 : unavailable;
};

/** StatefulSets and DaemonSets replace one pod at a time by default; a DaemonSet that surges takes none away. */
const oneByOne = ({ rollout, replicas, pods }: WorkloadFact): number => {
  const all = replicas ?? pods;
  const surge = resolved(rollout?.maxSurge ?? 0, all, Math.ceil);
  return surge > 0 ? 0 : Math.max(1, resolved(rollout?.maxUnavailable ?? 1, all, Math.ceil));
};

/** Pods that may be unavailable at once while the workload replaces all of them; 0 where nothing is replaced by itself. */
export function unavailableAtOnce(workload: WorkloadFact): number {
  if (workload.rollout === null) return 0;
  const { type } = workload.rollout;
  switch (type) {
    case 'OnDelete':
      return 0;
    case 'Recreate':
      return workload.pods;
    case 'RollingUpdate':
      return isOfResource(workload.key, 'deployments.apps') ? ofDeployment(workload) : oneByOne(workload);
    default:
      return type satisfies never;
  }
}
