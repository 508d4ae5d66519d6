// The verbs of the API on single objects: get, create, update, patch, delete, and deletecollection.
// One request in, one answer out; HTTP, faults and the record of writes are not its business.

import { checkedObject, mediaType, parseJson, persistenceOf, readDeleteOptions, readObject } from './bodies.ts';
import { toServed, toStored } from './conversion.ts';
import { isObject } from './json.ts';
import type { Kind } from './kinds.ts';
import { listAnswer, selected } from './list.ts';
import type { Json, JsonObject, KubeObject } from './model.ts';
import { jsonPatch } from './patch/json.ts';
import { mergePatch } from './patch/merge.ts';
import { BadPatch, strategicMerge } from './patch/strategic.ts';
import { removeObject } from './removal.ts';
import { represent } from './representation.ts';
import type { Answer, ApiRequest } from './request.ts';
import { messageFor } from './schema.ts';
import {
  badRequest,
  methodNotAllowed,
  notFound,
  notImplemented,
  StatusError,
  unsupportedPatch,
} from './status-error.ts';
import type { World } from './world.ts';
import { checkPatched, createObject, type Part, updateObject } from './writes.ts';

/** The stored object that the path names, or 404. */
export function storedObject<T extends KubeObject>(world: World, kind: Kind<T>, request: ApiRequest): T {
  const found = world.storage.get(kind, request.namespace, request.name ?? '');
  if (found === null) throw notFound(kind, request.name ?? '');
  return found;
}

/** Answers a write or a get of whole objects and of their status. */
export function answerObject(world: World, request: ApiRequest): Answer {
  switch (request.verb) {
    case 'get':
      return represented(world, request, 200, storedObject(world, request.kind, request));
    case 'create':
      return create(world, request);
    case 'update':
      return update(world, request);
    case 'patch':
      return patch(world, request);
    case 'delete':
      return remove(world, request);
    case 'deletecollection':
      return removeAll(world, request);
    case 'list':
    case 'watch':
      throw methodNotAllowed();
    default:
      return request.verb satisfies never;
  }
}

function represented(world: World, request: ApiRequest, code: number, object: KubeObject): Answer {
  return represent(world, request, code, toServed(request, object));
}

function create(world: World, request: ApiRequest): Answer {
  if (request.kind.namespaced && request.namespace === null) throw methodNotAllowed();
  const object = toStored(request, readObject(request));
  return represented(world, request, 201, createObject(world, request.kind, object, persistenceOf(request)));
}

function partOf({ subresource }: ApiRequest): Part {
  if (subresource === 'ephemeralcontainers') return 'ephemeral-containers';
  return subresource === 'status' ? 'status' : 'object';
}

function update(world: World, request: ApiRequest): Answer {
  const next = toStored(request, readObject(request));
  const old = storedObject(world, request.kind, request);
  const saved = updateObject(world, request.kind, old, next, partOf(request), persistenceOf(request));
  return represented(world, request, 200, saved);
}

function patch(world: World, request: ApiRequest): Answer {
  patchType(request);
  const old = toServed(request, storedObject(world, request.kind, request));
  const next = toStored(request, checkedObject(request, patched(request, old)));
  const stored = storedObject(world, request.kind, request);
  checkPatched(request.kind, stored, next.metadata);
  const saved = updateObject(world, request.kind, stored, next, partOf(request), persistenceOf(request));
  return represented(world, request, 200, saved);
}

const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

function patchType(request: ApiRequest): string {
  const type = mediaType(request.http);
  if (type.startsWith('application/apply-patch'))
    throw notImplemented(`server-side apply (PATCH of ${request.kind.resource} as ${type})`);
  if (!PATCH_TYPES.includes(type)) throw unsupportedPatch();
  return type;
}

/** `object` with the patch in the request's body applied, by the body's media type. */
export function patched(request: ApiRequest, object: KubeObject): JsonObject {
  const type = patchType(request);
  const target = object as unknown as JsonObject;
  const body = parseJson(request.http.body);
  if (type === 'application/json-patch+json') return afterJsonPatch(target, body);
  if (!isObject(body)) throw badRequest('the patch is no object');
  if (type === 'application/merge-patch+json') return mergePatch(target, body) as JsonObject;
  try {
    return strategicMerge(target, body, messageFor(object.apiVersion, object.kind));
  } catch (error) {
    if (error instanceof BadPatch) throw badRequest(error.message);
    throw error;
  }
}

function afterJsonPatch(target: JsonObject, body: Json): JsonObject {
  const result = jsonPatch(target, body);
  if (result.ok && isObject(result.value)) return result.value;
  throw new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'the server rejected our request due to an error in our request',
    reason: 'Invalid',
    details: {},
    code: 422,
  });
}

function remove(world: World, request: ApiRequest): Answer {
  const { kind } = request;
  const options = readDeleteOptions(request);
  const removal = removeObject(world, kind, storedObject(world, kind, request), options);
  if (removal.state === 'going' || kind.resource === 'pods') return represented(world, request, 200, removal.object);
  const { name, uid } = removal.object.metadata;
  const details = { name, ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.resource, uid };
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
  return { type: 'json', code: 200, body };
}

function removeAll(world: World, request: ApiRequest): Answer {
  const options = readDeleteOptions(request);
  const objects = selected(world, request);
  for (const object of objects) removeObject(world, request.kind, object, options);
  return listAnswer(world, request, objects, {});
}
