// What stands around workloads and needs little: autoscalers report their target's size, claims are bound.
// The sandbox measures no load, so an autoscaler never scales, and says so in its conditions.

import { CLAIM_PROTECTION } from '../assigned.ts';
import { at, isObject, listAt, textAt } from '../json.ts';
import { autoscalers, claims, findKind, pods } from '../kinds.ts';
import type { JsonObject, KubeObject } from '../model.ts';
import { timestamp, type World } from '../world.ts';
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
  keys: ({ kind, object, type }) => {
    if (kind === claims) return [keyOf(object)];
    return kind === pods && type === 'DELETED'
      ? claimsOf(object).map((name) => `${object.metadata.namespace}/${name}`)
      : [];
  },
  reconcile: (world, key) => {
    const { namespace, name } = splitKey(key);
    const claim = world.storage.get(claims, namespace, name);
    if (claim === null || !isObject(claim.spec)) return;
    if (claim.metadata.deletionTimestamp !== undefined) release(world, claim);
    else if (at(claim, 'spec.volumeName') === undefined) bind(world, claim, claim.spec);
  },
};

function claimsOf(pod: KubeObject): readonly string[] {
  return listAt(pod, 'spec.volumes').map((volume) => textAt(volume, 'persistentVolumeClaim.claimName', ''));
}

function bind(world: World, claim: KubeObject, spec: JsonObject): void {
  const status = { phase: 'Bound', accessModes: spec['accessModes'], capacity: at(claim, 'spec.resources.requests') };
  putObject(world, claims, { ...claim, spec: { ...spec, volumeName: `pvc-${claim.metadata.uid}` }, status });
}

/** Lets a claim go that no pod uses any more. */
function release(world: World, claim: KubeObject): void {
  const { namespace = '', name, finalizers = [] } = claim.metadata;
  if (world.storage.list(pods, namespace).some((pod) => claimsOf(pod).includes(name))) return;
  const left = finalizers.filter((one) => one !== CLAIM_PROTECTION);
  const saved = world.storage.put(claims, { ...claim, metadata: { ...claim.metadata, finalizers: left } });
  if (left.length === 0) world.storage.remove(claims, saved);
}
