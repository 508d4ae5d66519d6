// The subresources that speak a kind of their own: scale, eviction, log, finalize.
// status is not here: it is the object itself, written in part (objects.ts).

import { parseJson, persistenceOf, readObject } from './bodies.ts';
import { evict } from './eviction.ts';
import { at, copyJson, isObject } from './json.ts';
import { type Kind, namespaces, pods } from './kinds.ts';
import type { Deployment, JsonObject, KubeObject, Namespace } from './model.ts';
import { patched, storedObject } from './objects.ts';
import type { Answer, ApiRequest } from './request.ts';
import { selectorText } from './selectors.ts';
import { badRequest, conflict, MODIFIED, StatusError } from './status-error.ts';
import type { World } from './world.ts';
import { updateObject } from './writes.ts';

/** Answers a request for a subresource other than status. */
export function answerSubresource(world: World, request: ApiRequest, subresource: string): Answer {
  switch (subresource) {
    case 'scale':
      return scale(world, request);
    case 'eviction':
      return evict(world, request);
    case 'log':
      return log(world, request);
    case 'finalize':
      return finalize(world, request);
    case 'exec':
      throw badRequest('Upgrade request required');
    default:
      throw new Error(`bug: ${request.kind.resource}/${subresource} is in the table of kinds and has no answer`);
  }
}

/** A workload as a Scale (autoscaling/v1). */
function scaleOf(workload: Deployment): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = workload.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: workload.spec.replicas ?? 0 },
    status: { replicas: workload.status?.replicas ?? 0, selector: selectorText(workload.spec.selector) },
  };
}

function scale(world: World, request: ApiRequest): Answer {
  // Every kind with a scale subresource keeps replicas and selector where a deployment does.
  const kind = request.kind as Kind<Deployment>;
  const workload = storedObject(world, kind, request);
  const shown = copyJson(scaleOf(workload));
  if (request.verb === 'get') return { type: 'json', code: 200, body: shown };
  const next = request.verb === 'patch' ? patched(request, shown) : readScale(request);
  const version = at(next, 'metadata.resourceVersion');
  if (typeof version === 'string' && version !== '' && version !== workload.metadata.resourceVersion)
    throw conflict(kind, workload.metadata.name, MODIFIED);
  const uid = at(next, 'metadata.uid');
  if (typeof uid === 'string' && uid !== '' && uid !== workload.metadata.uid)
    throw conflict(
      kind,
      workload.metadata.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${workload.metadata.uid}`,
    );
  const replicas = replicasOf(next, workload.metadata.name);
  const changed = { ...workload, spec: { ...workload.spec, replicas } };
  const saved = updateObject(world, kind, workload, changed, 'object', persistenceOf(request));
  return { type: 'json', code: 200, body: scaleOf(saved) };
}

function readScale(request: ApiRequest): JsonObject {
  const body = parseJson(request.http.body);
  if (!isObject(body) || (body['kind'] !== undefined && body['kind'] !== 'Scale'))
    throw badRequest('the body is no Scale');
  return body;
}

function replicasOf(scale: JsonObject, name: string): number {
  const replicas = at(scale, 'spec.replicas') ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw badRequest(
      `Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal ${typeof replicas} into Go struct field ScaleSpec.spec.replicas of type int32`,
    );
  if (replicas >= 0) return replicas;
  const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
  throw new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `Scale.autoscaling "${name}" is invalid: spec.replicas: ${message}`,
    reason: 'Invalid',
    details: {
      name,
      group: 'autoscaling',
      kind: 'Scale',
      causes: [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }],
    },
    code: 422,
  });
}

/** A few lines of what a container would have said; the sandbox runs no containers. */
function log(world: World, request: ApiRequest): Answer {
  const pod = storedObject(world, pods, request);
  const wanted = request.http.query.get('container') ?? pod.spec.containers[0]?.name ?? '';
  const container = pod.spec.containers.find((one) => one.name === wanted);
  if (container === undefined) throw badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`);
  const state = pod.status?.containerStatuses?.find((one) => one.name === wanted)?.state;
  if (state?.waiting !== undefined && state.waiting.reason !== 'CrashLoopBackOff')
    throw badRequest(
      `container "${wanted}" in pod "${pod.metadata.name}" is waiting to start: ${state.waiting.reason}`,
    );
  const end = container.image.includes('crash') ? 'fatal: this image is named to crash, exit code 1\n' : '';
  return { type: 'text', code: 200, body: `sandbox: ${container.image} started\n${end}` };
}

function finalize(world: World, request: ApiRequest): Answer {
  const found = storedObject(world, namespaces, request);
  const next = readObject(request) as Namespace;
  const spec = { finalizers: next.spec?.finalizers ?? [] };
  const saved = world.storage.put(namespaces, { ...found, spec });
  if (saved.metadata.deletionTimestamp !== undefined && spec.finalizers.length === 0)
    world.storage.remove(namespaces, saved);
  return { type: 'json', code: 200, body: saved };
}
