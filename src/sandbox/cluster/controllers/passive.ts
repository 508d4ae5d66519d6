// What stands around workloads and needs little: autoscalers report their target's size, claims are bound.
// The sandbox measures no load, so an autoscaler never scales, and says so in its conditions.
import { at, isObject, textAt } from '../json.ts';
import { autoscalers, claims, findKind } from '../kinds.ts';
import { timestamp } from '../world.ts';
import { putObject, putStatus } from '../writes.ts';
import { type Controller, keyOf, splitKey } from './manager.ts';

export const autoscalerController: Controller = {
  name: 'autoscaler',
  keys: ({ kind, object }, world) => {
    if (kind === autoscalers) return [keyOf(object)];
    if (kind.subresources['scale'] === undefined) return [];
    return world.storage
      .list(autoscalers, object.metadata.namespace ?? '')
      .filter((one) => at(one, 'spec.scaleTargetRef.name') === object.metadata.name)
      .map(keyOf);
  },
  reconcile: (world, key) => {
    const { namespace, name } = splitKey(key);
    const autoscaler = world.storage.get(autoscalers, namespace, name);
    if (autoscaler === null) return;
    const target = findKind(
      textAt(autoscaler, 'spec.scaleTargetRef.apiVersion'),
      textAt(autoscaler, 'spec.scaleTargetRef.kind'),
    );
    const found =
      target === null ? null : world.storage.get(target, namespace, textAt(autoscaler, 'spec.scaleTargetRef.name'));
    const replicas = at(found, 'spec.replicas') ?? 0;
    const known = at(autoscaler, 'status.conditions');
    const conditions = Array.isArray(known)
      ? known
      : [
          {
            type: 'ScalingActive',
            status: 'False',
            reason: 'FailedGetResourceMetric',
            message: 'the sandbox measures no load',
            lastTransitionTime: timestamp(world),
          },
        ];
    putStatus(world, autoscalers, autoscaler, {
      currentReplicas: replicas,
      desiredReplicas: replicas,
      currentMetrics: null,
      conditions,
    });
  },
};

export const claimController: Controller = {
  name: 'claim',
  keys: ({ kind, object, type }) => (kind === claims && type === 'ADDED' ? [keyOf(object)] : []),
  reconcile: (world, key) => {
    const { namespace, name } = splitKey(key);
    const claim = world.storage.get(claims, namespace, name);
    if (claim === null || !isObject(claim.spec)) return;
    const spec = { ...claim.spec, volumeName: `pvc-${claim.metadata.uid}` };
    const capacity = at(claim, 'spec.resources.requests');
    putObject(world, claims, {
      ...claim,
      spec,
      status: { phase: 'Bound', accessModes: claim.spec['accessModes'], capacity },
    });
  },
};
