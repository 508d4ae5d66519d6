// Objects between the version that is stored and the version that a path asks for. Only autoscalers have two.
// Pure; autoscaling/v1 shows the cpu target alone, and a write through it keeps no other metric.

import { at, isObject, listAt, numberAt } from './json.ts';
import { autoscalers } from './kinds.ts';
import type { JsonObject, KubeObject } from './model.ts';
import type { ApiRequest } from './request.ts';

const OLD = 'autoscaling/v1';

/** A stored object in the version of the request's path. */
export function toServed(request: ApiRequest, object: KubeObject): KubeObject {
  if (request.kind !== autoscalers || request.apiVersion !== OLD) return object;
  const { metrics: _metrics, behavior: _behavior, ...spec } = isObject(object.spec) ? object.spec : ({} as JsonObject);
  const cpu = listAt(object, 'spec.metrics').find((metric) => at(metric, 'resource.name') === 'cpu');
  const target = at(cpu, 'resource.target.averageUtilization');
  return {
    ...object,
    apiVersion: OLD,
    spec: { ...spec, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: {
      currentReplicas: numberAt(object, 'status.currentReplicas'),
      desiredReplicas: numberAt(object, 'status.desiredReplicas'),
    },
  };
}

/** An object of the request's path in the version that is stored. */
export function toStored(request: ApiRequest, object: KubeObject): KubeObject {
  if (request.kind !== autoscalers || object.apiVersion !== OLD) return object;
  const { targetCPUUtilizationPercentage: target, ...spec } = isObject(object.spec) ? object.spec : ({} as JsonObject);
  const metrics = [
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: target } } },
  ];
  return { ...object, apiVersion: 'autoscaling/v2', spec: { ...spec, ...(target === undefined ? {} : { metrics }) } };
}
