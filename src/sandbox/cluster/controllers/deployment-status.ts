// The status of a deployment: counts, Available, Progressing and its deadline, as `kubectl rollout status` reads them.
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from '../model.ts';
import { timestamp, type World } from '../world.ts';

export interface Reported {
  readonly status: DeploymentStatus;
  /** Simulated milliseconds after which the progress deadline must be looked at; null when none runs. */
  readonly again: number | null;
}

function sum(
  sets: readonly ReplicaSet[],
  field: 'replicas' | 'readyReplicas' | 'availableReplicas' | 'terminatingReplicas',
): number {
  return sets.reduce((total, set) => total + (set.status?.[field] ?? 0), 0);
}

/** The status that a deployment should have now, given its replica sets. */
export function deploymentStatus(
  world: World,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  present: ReplicaSet | null,
  maxUnavailable: number,
): Reported {
  const desired = deployment.spec.replicas ?? 1;
  const counts = {
    replicas: sum(sets, 'replicas'),
    updatedReplicas: present?.status?.replicas ?? 0,
    readyReplicas: sum(sets, 'readyReplicas'),
    availableReplicas: sum(sets, 'availableReplicas'),
  };
  const wanted = sets.reduce((total, set) => total + (set.spec.replicas ?? 0), 0);
  const progress = progressing(world, deployment, present, { ...counts, desired });
  const conditions = [
    availability(world, deployment, counts.availableReplicas >= desired - maxUnavailable),
    progress.condition,
  ];
  const filled = {
    observedGeneration: deployment.metadata.generation,
    ...counts,
    unavailableReplicas: Math.max(0, wanted - counts.availableReplicas),
    terminatingReplicas: sum(sets, 'terminatingReplicas'),
  };
  const told = Object.fromEntries(
    Object.entries(filled).filter(
      ([key, value]) => value !== 0 || key === 'observedGeneration' || key === 'terminatingReplicas',
    ),
  );
  return {
    status: { ...told, conditions: conditions.filter((one) => one !== null) },
    again: progress.again,
  };
}

function previous(deployment: Deployment, type: string): Condition | undefined {
  return deployment.status?.conditions?.find((one) => one.type === type);
}

function condition(
  world: World,
  deployment: Deployment,
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
): Condition {
  const old = previous(deployment, type);
  if (old?.status === status && old.reason === reason && old.message === message) return old;
  const now = timestamp(world);
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : now;
  return { type, status, reason, message, lastUpdateTime: now, lastTransitionTime };
}

function availability(world: World, deployment: Deployment, holds: boolean): Condition {
  return holds
    ? condition(
        world,
        deployment,
        'Available',
        'True',
        'MinimumReplicasAvailable',
        'Deployment has minimum availability.',
      )
    : condition(
        world,
        deployment,
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
      );
}

interface Counts {
  readonly desired: number;
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
}

function progressing(
  world: World,
  deployment: Deployment,
  present: ReplicaSet | null,
  counts: Counts,
): { readonly condition: Condition | null; readonly again: number | null } {
  const old = previous(deployment, 'Progressing');
  if (deployment.spec.paused === true)
    return {
      condition: condition(world, deployment, 'Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused'),
      again: null,
    };
  const { desired, replicas, updatedReplicas, availableReplicas } = counts;
  const name = present?.metadata.name ?? '';
  const observed = deployment.status?.observedGeneration === deployment.metadata.generation;
  if (updatedReplicas === desired && replicas === desired && availableReplicas === desired) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    return {
      condition: condition(world, deployment, 'Progressing', 'True', 'NewReplicaSetAvailable', message),
      again: null,
    };
  }
  const moved = !observed || hasMoved(deployment.status ?? {}, counts);
  const limit = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
  if (!moved && old !== undefined) return judged(world, deployment, old, name, limit);
  const message = `ReplicaSet "${name}" is progressing.`;
  const fresh = condition(world, deployment, 'Progressing', 'True', 'ReplicaSetUpdated', message);
  return { condition: { ...fresh, lastUpdateTime: timestamp(world) }, again: limit };
}

/** Progress is a new pod of the new template, one old pod less, or one more that is ready or available. */
function hasMoved(before: DeploymentStatus, now: Counts): boolean {
  const oldBefore = (before.replicas ?? 0) - (before.updatedReplicas ?? 0);
  return (
    now.updatedReplicas > (before.updatedReplicas ?? 0) ||
    now.replicas - now.updatedReplicas < oldBefore ||
    now.readyReplicas > (before.readyReplicas ?? 0) ||
    now.availableReplicas > (before.availableReplicas ?? 0)
  );
}

function judged(
  world: World,
  deployment: Deployment,
  old: Condition,
  name: string,
  limit: number,
): { readonly condition: Condition; readonly again: number | null } {
  // A rollout that was complete and lost pods since is no rollout that is late.
  if (old.reason === 'NewReplicaSetAvailable' || old.reason === 'ProgressDeadlineExceeded')
    return { condition: old, again: null };
  const waited = (world.clock.now() - Date.parse(old.lastUpdateTime ?? '')) * world.speed;
  if (waited < limit) return { condition: old, again: limit - waited };
  const message = `ReplicaSet "${name}" has timed out progressing.`;
  return {
    condition: condition(world, deployment, 'Progressing', 'False', 'ProgressDeadlineExceeded', message),
    again: null,
  };
}
