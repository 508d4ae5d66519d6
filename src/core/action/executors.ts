// Which effects the gate can carry out.

import type { ActionKind, Effect } from '../model/effect.ts';
import { resourceKey } from '../model/object-ref.ts';

/** Kinds of objects for which a change exists, "resource.group" as kubectl writes them. */
const EXECUTORS: { readonly [K in ActionKind]?: readonly string[] } = {
  'delete-pod': ['pods'],
  scale: ['deployments.apps', 'statefulsets.apps', 'replicasets.apps', 'replicationcontrollers'],
  'rollout-restart': ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'],
  'rollout-undo': ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'],
  'set-image': ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'],
  exec: ['pods'],
};

/**
 * True when the gate has an executor for all of this effect; proposing any other is refused with `no-executor`. What carries a
 * mutation is carried out by the difference that it makes, a step of a way back by the difference that was sealed.
 */
export function hasExecutor(effect: Effect): boolean {
  return (
    effect.mutation !== undefined ||
    effect.change.to === 'before' ||
    (isDeletionOfObject(effect) && !isSecretKind(effect)) ||
    hasOwnExecutor(effect)
  );
}

/** Deleting a Secret answers with it: a right to read it, which the gate has not. */
const isSecretKind = ({ group, resource }: Effect): boolean => group === '' && resource === 'secrets';

/** A deletion of anything but a pod: sealed by its pre-image, made again from it. What no hard rule protects may go. */
export function isDeletionOfObject({ change, verb, subresource, kind, resource, traits }: Effect): boolean {
  return (
    // What apply prunes is chosen by more than its selector: by what was applied before.
    !traits.includes('prune') &&
    change.to === 'absence' &&
    kind === 'delete-object' &&
    verb === 'delete' &&
    subresource === null &&
    resource !== 'pods'
  );
}

/** By which request each change travels. */
const isSentBy = ({ to }: Effect['change'], verb: Effect['verb'], subresource: Effect['subresource']): boolean => {
  if (to === 'absence' || to === 'replacement') return verb === 'delete' && subresource === null;
  return to === 'run' ? verb === 'connect' && subresource === 'exec' : verb === 'patch';
};

/**
 * A change that travels as a patch: another verb carries a precondition (`scale --current-replicas` is a PUT), and keys of the
 * object's own metadata (`--record`) are written by none of them.
 */
const hasOwnExecutor = ({ change, verb, subresource, labelKeys, annotationKeys, ...effect }: Effect): boolean =>
  !effect.traits.includes('prune') &&
  change.to !== 'other' &&
  change.to !== 'bounds' &&
  change.to !== 'several' &&
  (change.to !== 'replicas' || change.replicas !== null) &&
  isSentBy(change, verb, subresource) &&
  labelKeys.length + annotationKeys.length === 0 &&
  (EXECUTORS[effect.kind] ?? []).includes(resourceKey(effect));
