// A Node → whether its kubelet says that it is ready.
import type { JsonObject } from '../../../core/model/json.ts';
import type { Health } from '../../../core/remediation/sample.ts';
import { byStatus, conditionOf, HEALTHY, health } from './live-object.ts';

/** No cordon, taint or label heals a kubelet: what was not ready before is not held against it. */
const healthOfNode = (object: JsonObject): Health => {
  const ready = conditionOf(object, 'Ready');
  if (ready?.isTrue === true) return { ...HEALTHY, ready: 1, isBystander: true };
  return { ...health('lasting', 'not-ready', ready?.says ?? null), ready: 0, isBystander: true };
};

export const nodeHealth = byStatus(healthOfNode);
