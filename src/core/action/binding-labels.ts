// The difference of a pod that was made → the same without what its binding to a node sets.
import type { ObjectChange } from '../model/object-change.ts';
import { isOfResource } from '../model/object-ref.ts';

/** Labels of its node that a pod gets when it is bound (Kubernetes 1.35, admission plugin PodTopologyLabels). */
const BY_BINDING = /^\/metadata\/labels\/topology\.kubernetes\.io~1(?:zone|region)$/;

/** Of a copy of a pod they have the old node's values until then: that they change is nobody's doing. */
export function withoutBinding<T extends ObjectChange>(change: T): T {
  if (change.op !== 'create' || !isOfResource(change.object, 'pods')) return change;
  return { ...change, fields: change.fields.filter(({ path }) => !BY_BINDING.test(path)) };
}
