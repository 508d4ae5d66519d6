// A HorizontalPodAutoscaler → whether it can scale, and whether its target has what it wants.
import type { JsonObject } from '../../../core/model/json.ts';
import type { Health } from '../../../core/remediation/sample.ts';
import { numberAt } from '../json-at.ts';
import { byStatus, conditionOf, HEALTHY, health } from './live-object.ts';

/**
 * ScalingActive is False where metrics are lacking, and with the reason ScalingDisabled where its target rests at 0, as it should
 * (Kubernetes 1.36). It looks every 15 s: before its first look it says nothing.
 */
const healthOfAutoscaler = (object: JsonObject): Health => {
  const [able, active] = [conditionOf(object, 'AbleToScale'), conditionOf(object, 'ScalingActive')];
  const current = numberAt(object, 'status', 'currentReplicas') ?? 0;
  const wanted = numberAt(object, 'status', 'desiredReplicas') ?? current;
  if (able === null) return health('moving', 'not-observed');
  if (able.isFalse) return health('moving', 'cannot-scale', able.says);
  if (active?.isFalse === true && active.condition['reason'] === 'ScalingDisabled') return HEALTHY;
  if (active?.isTrue !== true) return health('moving', 'cannot-scale', active?.says ?? null);
  return current === wanted ? HEALTHY : health('moving', 'not-ready', `${current} replicas, ${wanted} wanted`);
};

export const autoscalerHealth = byStatus(healthOfAutoscaler);
