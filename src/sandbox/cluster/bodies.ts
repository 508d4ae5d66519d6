// Reads what a request carries: an object, delete options, dry-run and the media type. Refuses what Kubernetes refuses.
// It never looks at stored objects.
import { isObject, plainText } from './json.ts';
import { apiVersionOf } from './kinds.ts';
import type { Json, JsonObject, KubeObject } from './model.ts';
import type { Propagation, RemovalOptions } from './removal.ts';
import type { ApiRequest, HttpRequest } from './request.ts';
import { badRequest, unsupportedDryRun, unsupportedMediaType } from './status-error.ts';
import { checkFields } from './strict.ts';
import type { Persistence } from './writes.ts';

/** The media type of the body without its parameters. */
export function mediaType(http: HttpRequest): string {
  return (String(http.headers['content-type'] ?? '').split(';')[0] ?? '').trim().toLowerCase();
}

export function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw badRequest(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** `dryRun=All`, also from the body of a DELETE; any other value is refused. */
export function persistenceOf(request: ApiRequest, body?: JsonObject): Persistence {
  const named = [...request.http.query.getAll('dryRun'), ...list(body?.['dryRun'])];
  if (named.some((value) => value !== 'All')) throw unsupportedDryRun(OPTIONS[request.verb] ?? 'CreateOptions', named);
  return named.length > 0 ? 'dry-run' : 'stored';
}

const OPTIONS: Readonly<Record<string, string>> = {
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
  deletecollection: 'DeleteOptions',
};

function list(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

const BODY_TYPES = ['', '*/*', 'application/json', 'application/vnd.kubernetes.protobuf'];

/** The object in the body of a POST or PUT, checked against kind, name and namespace of the path. */
export function readObject(request: ApiRequest): KubeObject {
  if (!BODY_TYPES.includes(mediaType(request.http)))
    throw unsupportedMediaType(['application/json', 'application/vnd.kubernetes.protobuf']);
  const body = parseJson(request.http.body);
  if (!isObject(body)) throw badRequest('the body is no object');
  return checkedObject(request, body);
}

/** The same checks for an object that a patch has made. */
export function checkedObject(request: ApiRequest, given: JsonObject): KubeObject {
  const { kind, apiVersion, namespace, name } = request;
  const body = knownFields(request, given);
  const said = { apiVersion: body['apiVersion'] ?? apiVersion, kind: body['kind'] ?? kind.kind };
  if (said.apiVersion !== apiVersion && said.apiVersion !== apiVersionOf(kind.group, kind.version))
    throw badRequest(
      `the API version in the data (${plainText(said.apiVersion, 'none')}) does not match the expected API version (${apiVersion})`,
    );
  if (said.kind !== kind.kind)
    throw badRequest(
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${plainText(said.kind, 'none')}: the kind in the body is not the kind of the path`,
    );
  const metadata = metadataOf(body);
  const named = plainText(metadata['name']);
  if (name !== null && named !== '' && named !== name)
    throw badRequest(`the name of the object (${named}) does not match the name on the URL (${name})`);
  const inside = metadata['namespace'];
  if (kind.namespaced && inside !== undefined && inside !== '' && inside !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  return {
    ...body,
    apiVersion,
    kind: kind.kind,
    metadata: {
      ...metadata,
      name: name ?? named,
      namespace: kind.namespaced ? (namespace ?? undefined) : undefined,
    },
  } as unknown as KubeObject;
}

/** What the kind knows of a body; what it does not is refused under fieldValidation=Strict, and left out otherwise. */
function knownFields(request: ApiRequest, given: JsonObject): JsonObject {
  const { kind, apiVersion, http } = request;
  const { object, unknown } = checkFields(apiVersion, kind.kind, given);
  if (unknown.length === 0 || http.query.get('fieldValidation') !== 'Strict') return object;
  const told = unknown.map((path) => `unknown field ${JSON.stringify(path)}`).join(', ');
  throw badRequest(
    `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: strict decoding error: ${told}`,
  );
}

function metadataOf(body: JsonObject): JsonObject {
  const metadata = body['metadata'];
  return isObject(metadata) ? metadata : {};
}

const PROPAGATIONS: readonly string[] = ['Background', 'Foreground', 'Orphan'];

/** DeleteOptions from body and query; a policy that does not exist is refused. */
export function readDeleteOptions(request: ApiRequest): RemovalOptions {
  const text = request.http.body.trim();
  const body = text === '' ? {} : parseJson(text);
  const options = isObject(body) ? body : {};
  const { query } = request.http;
  const policy = options['propagationPolicy'] ?? query.get('propagationPolicy') ?? undefined;
  if (policy !== undefined && !PROPAGATIONS.includes(plainText(policy)))
    throw badRequest(
      `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "${plainText(policy)}": supported values: "Background", "Foreground", "Orphan"`,
    );
  const orphan = options['orphanDependents'];
  const grace = options['gracePeriodSeconds'] ?? query.get('gracePeriodSeconds') ?? undefined;
  const preconditions = isObject(options['preconditions']) ? options['preconditions'] : {};
  return {
    graceSeconds: grace === undefined || grace === null ? undefined : Math.max(0, Number(grace)),
    propagation: (policy ?? (orphan === true ? 'Orphan' : undefined)) as Propagation | undefined,
    preconditions: {
      uid: optionalText(preconditions['uid']),
      resourceVersion: optionalText(preconditions['resourceVersion']),
    },
    persistence: persistenceOf(request, options),
  };
}

function optionalText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
