// What an object loses together with what holds it: an ancestor that goes, or that becomes something which does not name
// the field again, as edits of the field itself.
import { isObject, type Json, ownValue } from '../../../model/json.ts';
import type { BodyTarget, WriteMode } from './body-reading.ts';
import { type Edit, isList } from './edit.ts';

interface Held {
  readonly field: string;
  /** Kinds that have it; null for all. */
  readonly keys: readonly string[] | null;
  readonly modes: readonly WriteMode[];
  /** A field that gives it back where the new value has it. */
  readonly source?: string;
}

const EXISTING: readonly WriteMode[] = ['patch', 'apply', 'put'];

/** Kinds that `scale` is for. */
export const SCALED: readonly string[] = [
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'replicationcontrollers',
];

export const CLUSTER_ROLES: readonly string[] = [
  'clusterroles.rbac.authorization.k8s.io',
  'clusterroles.authorization.openshift.io',
];

/**
 * Fields that judging asks for when they go. Without a cluster only volumes and claims are taken to have finalizers, and
 * nothing to have labels that a PUT leaves out (scoring section 2).
 */
const HELD: readonly Held[] = [
  { field: '/metadata/finalizers', keys: ['persistentvolumes', 'persistentvolumeclaims'], modes: EXISTING },
  { field: '/metadata/labels', keys: null, modes: ['patch'] },
  { field: '/spec/finalizers', keys: ['namespaces'], modes: ['patch'] },
  { field: '/spec/claimRef', keys: ['persistentvolumes'], modes: EXISTING },
  { field: '/spec/selector', keys: ['services', 'poddisruptionbudgets.policy'], modes: EXISTING },
  { field: '/spec/podSelector', keys: ['networkpolicies.networking.k8s.io'], modes: EXISTING },
  { field: '/spec/replicas', keys: SCALED, modes: EXISTING },
  { field: '/rules', keys: CLUSTER_ROLES, modes: EXISTING, source: '/aggregationRule' },
];

/** A subresource writes its own part: a PUT of it leaves the rest of the object as it is. */
const isHeld = ({ field, keys, modes }: Held, { key, mode, subresource }: BodyTarget): boolean => {
  if (!modes.includes(mode)) return false;
  if (subresource === 'scale') return field === '/spec/replicas';
  if (subresource !== null && mode === 'put' && field.startsWith('/spec/')) return false;
  return keys === null || keys.includes(key);
};

/** Whether the object still has something at the path below it, "/spec/claimRef". */
const holds = (value: Json, path: string): boolean => {
  let inner: Json | undefined = value;
  for (const key of path.split('/').slice(1)) inner = isObject(inner) ? ownValue(inner, key) : undefined;
  return inner !== undefined && inner !== null;
};

/** What an edit of an ancestor makes of the field; null where it stays. */
const lossBy = ({ at, how, value }: Edit, { field, source }: Held): Edit | null => {
  if (!field.startsWith(`${at}/`)) return null;
  const path = field.slice(at.length);
  switch (how) {
    case 'removed':
    case 'unknown':
      return { at: field, how, value: null };
    case 'replaced':
      return holds(value, path) || (source !== undefined && holds(value, source))
        ? null
        : { at: field, how: 'removed', value: null };
    case 'retained':
      return isList(value) && value.includes(path.split('/')[1] ?? '')
        ? null
        : { at: field, how: 'removed', value: null };
    case 'set':
    case 'element':
    case 'container':
    case 'merged':
      return null;
    default:
      return how satisfies never;
  }
};

/** An apply takes away what the last one said and it does not: of a ClusterRole without any rules, all of them. */
const leavesOutRules = (edits: readonly Edit[], { key, mode }: BodyTarget): boolean =>
  mode === 'apply' &&
  CLUSTER_ROLES.includes(key) &&
  !edits.some(({ at }) => /^\/(?:rules|aggregationRule)(?:\/|$)/.test(at));

/** The fields of the target that go with an ancestor, each as an edit of its own (scoring section 1). */
export function lostFields(edits: readonly Edit[], target: BodyTarget): readonly Edit[] {
  if (target.mode === 'create') return [];
  if (leavesOutRules(edits, target)) return [{ at: '/rules', how: 'removed', value: null }];
  const taking = edits.filter(
    ({ how }) => how === 'removed' || how === 'unknown' || how === 'replaced' || how === 'retained',
  );
  if (taking.length === 0) return [];
  return HELD.filter((held) => isHeld(held, target)).flatMap((held) => {
    const loss = taking.map((edit) => lossBy(edit, held)).find((one) => one !== null);
    return loss === undefined ? [] : [loss];
  });
}
