// Every controller of the sandbox, in the order in which work is done when there is work for several.
import { budgetController } from './budget.ts';
import { daemonSetController } from './daemonset.ts';
import { deploymentController } from './deployment.ts';
import { endpointsController } from './endpoints.ts';
import { garbageCollector } from './gc.ts';
import { jobController } from './job.ts';
import { kubeletController } from './kubelet.ts';
import type { Controller } from './manager.ts';
import { namespaceController } from './namespace.ts';
import { autoscalerController, claimController } from './passive.ts';
import { replicaSetController } from './replicaset.ts';
import { schedulerController } from './scheduler.ts';
import { statefulSetController } from './statefulset.ts';

/** Fresh controllers for one cluster. */
export function allControllers(): readonly Controller[] {
  return [
    namespaceController,
    garbageCollector,
    deploymentController,
    replicaSetController,
    statefulSetController,
    daemonSetController,
    jobController,
    schedulerController(),
    kubeletController(),
    claimController,
    endpointsController,
    budgetController,
    autoscalerController,
  ];
}
