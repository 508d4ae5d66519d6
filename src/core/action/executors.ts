// Which effects the gate can carry out.

import { type ActionKind, type Effect, isPruning } from '../model/effect.ts';
import { resourceKey } from '../model/object-ref.ts';

/** Kinds of objects for which a change exists, "resource.group" as kubectl writes them. */
const EXECUTORS: { readonly [K in ActionKind]?: readonly string[] } = {
  'delete-pod': ['pods'],
  drain: ['pods'],
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
    isDeletionOfObject(effect) ||
    hasOwnExecutor(effect)
  );
}

/** What apply prunes is chosen by more than its selector: only with what it keeps can it be known. */
const isChosen = (effect: Pick<Effect, 'change' | 'traits'>): boolean =>
  !effect.traits.includes('prune') || isPruning(effect);

/** A deletion of anything but a pod: sealed by its pre-image, made again from it. What no hard rule protects may go. */
export function isDeletionOfObject(effect: Effect): boolean {
  const { change, verb, subresource, kind, resource } = effect;
  return (
    isChosen(effect) &&
    change.to === 'absence' &&
    (kind === 'delete-object' || kind === 'grant') &&
    verb === 'delete' &&
    subresource === null &&
    resource !== 'pods'
  );
}

/** By which request each change travels. */
const isSentAs = ({ to }: Effect['change'], verb: Effect['verb'], subresource: string | null): boolean => {
  const deletes = verb === 'delete' && subresource === null;
  const evicts = verb === 'create' && subresource === 'eviction';
  if (to === 'eviction') return deletes || evicts;
  if (to === 'run') return verb === 'connect' && subresource === 'exec';
  if (to === 'absence') return deletes || evicts;
  return to === 'replacement' ? deletes : verb === 'patch';
};

/**
 * A change that travels as a patch: another verb carries a precondition (`scale --current-replicas` is a PUT), and keys of the
 * object's own metadata (`--record`) are written by none of them.
 */
const hasOwnExecutor = ({ change, verb, subresource, labelKeys, annotationKeys, ...effect }: Effect): boolean =>
  isChosen({ change, traits: effect.traits }) &&
  change.to !== 'other' &&
  change.to !== 'bounds' &&
  change.to !== 'several' &&
  (change.to !== 'replicas' || change.replicas !== null) &&
  isSentAs(change, verb, subresource) &&
  labelKeys.length + annotationKeys.length === 0 &&
  (EXECUTORS[effect.kind] ?? []).includes(resourceKey(effect));
