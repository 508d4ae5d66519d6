// An effect that carries a mutation → what stands in the cluster now, the request that makes it so, and the one that takes it back.
import { createHash } from 'node:crypto';
import { containerNames } from '../../core/action/debug-pods.ts';
import { type Revealed, restoring } from '../../core/action/difference.ts';
import type { MergeSchema } from '../../core/action/merge-schema.ts';
import { type MutationAnswer, mutationRequest } from '../../core/action/mutation-request.ts';
import { openApiMergeSchema } from '../../core/action/openapi-schema.ts';
import type { Effect } from '../../core/model/effect.ts';
import type { Json, JsonObject } from '../../core/model/json.ts';
import type { Mutation } from '../../core/model/mutation.ts';
import type { ObjectChange } from '../../core/model/object-change.ts';
import type { ObjectRef } from '../../core/model/object-ref.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { type ClusterClient, type ClusterRequest, type ContentType, getJson } from './client.ts';
import { textAt } from './json-at.ts';
import type { Live } from './live.ts';
import { apiPrefix, collectionPath, objectPath } from './resource-path.ts';

/** An effect with a mutation, and the one object that it is about; `name` null: the server names it. */
export interface Mutating {
  readonly effect: Effect & { readonly mutation: Mutation };
  readonly object: ObjectRef;
}

/** What stands in the cluster now. */
export interface Existing {
  readonly collection: string;
  /** Of the object itself, or of the subresource that the mutation writes; null where it has no name yet. */
  readonly path: string | null;
  /** null: it is not there. Of a scale its Scale. */
  readonly object: JsonObject | null;
  /** It may be there: who may make objects of its kind may not read them. */
  readonly isUnreadable: boolean;
  /** What the request is made from: the object, or another that it is made of. */
  readonly source: JsonObject | null;
  /** The object whose keys the mutation names; null: not there, or none is named. */
  readonly from: JsonObject | null;
  /** How the server merges the kind, where a manifest is applied to it; null: not strategically. */
  readonly applySchema: MergeSchema | null;
}

export function isMutating(effect: Effect): effect is Effect & { readonly mutation: Mutation } {
  return effect.mutation !== undefined;
}

const orNull = async (asked: Promise<JsonObject>): Promise<JsonObject | null> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AdapterError && error.status === 404) return null;
    throw error;
  }
};

/** Whether it makes an object of its body. */
const makes = ({ mutation }: Effect): boolean =>
  mutation?.is === 'create' || (mutation?.is === 'request' && mutation.method === 'POST');

/** To make an object takes no right to read it: the API server says itself that there is one of its name. */
const orUnreadable = async (
  effect: Effect,
  asked: Promise<JsonObject | null>,
): Promise<JsonObject | null | 'unreadable'> => {
  try {
    return await asked;
  } catch (error) {
    if (makes(effect) && error instanceof AdapterError && error.status === 403) return 'unreadable';
    throw error;
  }
};

/** Another object than the one that is written, from which the mutation is made. */
const sourceRef = ({ mutation, namespace }: Effect): ObjectRef | null => {
  if (mutation?.is === 'debug-copy') return { group: '', resource: 'pods', namespace, name: mutation.pod };
  if (mutation?.is === 'job-of-cronjob')
    return { group: 'batch', resource: 'cronjobs', namespace, name: mutation.cronJob };
  const of = mutation?.is === 'expose' || mutation?.is === 'create' ? mutation.of : undefined;
  return of === undefined ? null : { ...of, namespace };
};

/** The object whose keys become variables; of a Secret its keys alone are looked at. */
const keyedRef = ({ mutation, namespace }: Effect): ObjectRef | null =>
  mutation?.is === 'environment' && mutation.from !== undefined
    ? { group: '', resource: mutation.from.resource, namespace, name: mutation.from.name }
    : null;

const subresourcePath = (path: string, subresource: string | null): string =>
  subresource === null ? path : `${path}/${encodeURIComponent(subresource)}`;

/** Subresources that are read as they are written; the others answer with the object itself. */
const READ_APART = new Set(['scale']);

const readRef = async (client: ClusterClient, ref: ObjectRef, signal: AbortSignal): Promise<JsonObject | null> => {
  const prefix = await apiPrefix(client, ref, signal);
  return orNull(client.send(getJson(objectPath(prefix, ref.resource, ref.namespace, ref.name ?? '')), signal));
};

/** Asked only where it decides: a manifest that is applied to an object that is there, without the server's own merging. */
const applySchemaOf = async (
  client: ClusterClient,
  { mutation }: Effect,
  prefix: string,
  object: JsonObject | null,
  signal: AbortSignal,
): Promise<MergeSchema | null> => {
  if (mutation?.is !== 'apply' || mutation.serverSide !== null || object === null) return null;
  const document = await orNull(client.send(getJson(`/openapi/v3${prefix}`), signal));
  const [, group = '', version = ''] = /^\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(prefix) ?? [];
  const kind = textAt(object, 'kind') ?? '';
  return document === null ? null : openApiMergeSchema(document, { group, version, kind });
};

/** Reads it, and what it is made from; `known`: it was just read. Throws AdapterError where it cannot be read. */
export async function readExisting(
  client: ClusterClient,
  { effect, object }: { readonly effect: Effect; readonly object: ObjectRef },
  signal: AbortSignal,
  known: Live | null = null,
): Promise<Existing> {
  const prefix = await apiPrefix(client, effect, signal);
  const collection = collectionPath(prefix, effect.resource, object.namespace);
  const source = sourceRef(effect);
  const made = source === null ? null : await readRef(client, source, signal);
  if (object.name === null)
    return { collection, path: null, object: null, isUnreadable: false, source: made, from: null, applySchema: null };
  const own = objectPath(prefix, effect.resource, object.namespace, object.name);
  const path = subresourcePath(own, effect.subresource);
  const isApart = effect.subresource !== null && READ_APART.has(effect.subresource);
  const place = isApart ? path : own;
  // In another version of the API it would be written otherwise.
  const isKnown = known !== null && known.path === place;
  const found = isKnown ? known.object : await orUnreadable(effect, orNull(client.send(getJson(place), signal)));
  if (found === 'unreadable')
    return { collection, path, object: null, isUnreadable: true, source: made, from: null, applySchema: null };
  const applySchema = await applySchemaOf(client, effect, prefix, found, signal);
  const keyed = keyedRef(effect);
  const from = keyed === null ? null : await readRef(client, keyed, signal);
  return {
    collection,
    path,
    object: found,
    isUnreadable: false,
    source: source === null ? found : made,
    from,
    applySchema,
  };
}

/** The same once the object is gone that stands there now; what it is made of besides stays. */
export function withoutOld(now: Existing): Existing {
  return { ...now, object: null, source: now.source === now.object ? null : now.source };
}

/** The object must still be the one just read, untouched since: another makes the API server answer 409. */
const bound = (body: Json, type: string, object: JsonObject | null): Json => {
  const [uid, resourceVersion] = [
    textAt(object ?? {}, 'metadata', 'uid'),
    textAt(object ?? {}, 'metadata', 'resourceVersion'),
  ];
  if (object === null || uid === null || resourceVersion === null) return body;
  if (type === 'application/json-patch+json')
    return [
      { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
      { op: 'test', path: '/metadata/uid', value: uid },
      ...(body as readonly Json[]),
    ];
  const { metadata, ...rest } = body as JsonObject;
  return { ...rest, metadata: { ...(metadata as JsonObject | undefined), uid, resourceVersion } };
};

/**
 * "debugger-" and ten letters made of the command and the pod, the first that the pod does not have: the same pod, the same name, so
 * that what was sealed is what is sent.
 */
const debuggerName = (mutation: Mutation, pod: JsonObject | null): string => {
  if (pod === null || (mutation.is !== 'debug' && mutation.is !== 'debug-copy')) return '';
  const known = mutation.is === 'debug' ? containerNames(pod) : [];
  const uid = textAt(pod, 'metadata', 'uid');
  for (let turn = 0; ; turn += 1) {
    const hash = createHash('sha256')
      .update(JSON.stringify([mutation, uid, turn]))
      .digest('hex');
    const name = `debugger-${hash.slice(0, 10)}`;
    if (!known.includes(name)) return name;
  }
};

/** The request, null where nothing is left to send, or why kubectl would send none. */
export type Asked =
  | { readonly ok: true; readonly request: ClusterRequest | null }
  | { readonly ok: false; readonly why: Extract<MutationAnswer, { readonly ok: false }>['why'] };

/** The request that makes it so, bound to the object as it stands. */
export function requestOf({ effect }: Mutating, now: Existing): Asked {
  const asked = mutationRequest({
    mutation: effect.mutation,
    live: now.source,
    from: now.from,
    applySchema: now.applySchema,
    containerName: debuggerName(effect.mutation, now.source),
  });
  if (!asked.ok || asked.request === null) return asked.ok ? { ok: true, request: null } : asked;
  const { method, contentType, query, body } = asked.request;
  const isNew = method === 'POST';
  const path = isNew ? now.collection : now.path;
  if (path === null) throw new Error(`${effect.resource} without a name is patched (this is a bug)`);
  return {
    ok: true,
    request: {
      method,
      path,
      query: { fieldManager: 'blastgate', ...query },
      // as: the request names a media type of the API.
      body: { type: contentType as ContentType, value: isNew ? body : bound(body, contentType, now.object) },
    },
  };
}

/** The patch that gives the changed fields their values from before; null where it cannot be made. */
export function requestBack({ fields }: ObjectChange, now: Existing, revealed: Revealed): ClusterRequest | null {
  const { object, path } = now;
  if (object === null || path === null) return null;
  const operations = restoring(object, fields, revealed);
  if (operations === null) return null;
  const type = 'application/json-patch+json';
  const value = bound(operations as unknown as Json, type, object);
  return { method: 'PATCH', path, query: { fieldManager: 'blastgate' }, body: { type, value } };
}
