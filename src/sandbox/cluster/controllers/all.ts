// Every controller of the sandbox, in the order in which work is done when there is work for several.
import { deploymentController } from './deployment.ts';
import { garbageCollector } from './gc.ts';
import { kubeletController } from './kubelet.ts';
import type { Controller } from './manager.ts';
import { namespaceController } from './namespace.ts';
import { replicaSetController } from './replicaset.ts';
import { schedulerController } from './scheduler.ts';

/** Fresh controllers for one cluster. */
export function allControllers(): readonly Controller[] {
  return [
    namespaceController,
    garbageCollector,
    deploymentController,
    replicaSetController,
    schedulerController(),
    kubeletController(),
  ];
}
