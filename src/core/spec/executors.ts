// Which effects the gate can carry out. It must never grow a row that adapters/cluster/change.ts does not carry out.
import type { ActionKind, Effect } from '../effect.ts';

/** Kinds of objects for which a change exists, "resource.group" as kubectl writes them. */
const EXECUTORS: { readonly [K in ActionKind]?: readonly string[] } = {
  'delete-pod': ['pods'],
  scale: ['deployments.apps', 'statefulsets.apps', 'replicasets.apps', 'replicationcontrollers'],
  'rollout-restart': ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'],
  'rollout-undo': ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'],
  'set-image': ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'],
};

/** True when the gate has an executor for this effect; proposing any other is refused with `no-executor`. */
export const hasExecutor = (effect: Effect): boolean =>
  effect.change.to !== 'other' &&
  (effect.change.to !== 'replicas' || effect.change.replicas !== null) &&
  (effect.change.to !== 'absence' || (effect.verb === 'delete' && effect.subresource === null)) &&
  (EXECUTORS[effect.kind] ?? []).includes(effect.group === '' ? effect.resource : `${effect.resource}.${effect.group}`);
