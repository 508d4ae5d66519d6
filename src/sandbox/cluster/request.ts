// What a request asks of the API, read from its method, path and query: verb, kind, namespace, name, subresource.
// It judges whether the path exists at all; it never looks at stored objects.
import type { IncomingHttpHeaders } from 'node:http';
import { apiVersionOf, findResource, KINDS, type Kind, KNOWN_ELSEWHERE } from './kinds.ts';
import { badRequest, methodNotAllowed, noSuchResource, notImplemented } from './status-error.ts';

/** One HTTP request, wholly read. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as text; what came as protobuf is given as the JSON that it says. */
  readonly body: string;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** An answer that is JSON, text or bytes, or a stream that goes on. */
export type Answer =
  | { readonly type: 'json'; readonly code: number; readonly body: unknown; readonly contentType?: string }
  | { readonly type: 'text'; readonly code: number; readonly body: string }
  | { readonly type: 'bytes'; readonly contentType: string; readonly body: Buffer }
  | { readonly type: 'stream'; readonly open: (stream: Stream) => () => void };

/** The client's end of a stream; `closed` runs once however it ends. */
export interface Stream {
  readonly send: (line: unknown) => void;
  readonly end: () => void;
}

export interface ApiRequest {
  readonly http: HttpRequest;
  readonly verb: Verb;
  readonly kind: Kind;
  /** The version in the path, which may be another one than is stored. */
  readonly apiVersion: string;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly subresource: string | null;
}

/** `/api/v1/…` and `/apis/GROUP/VERSION/…` as a request for a resource; throws 404, 405 or 501. */
export function readApiRequest(http: HttpRequest): ApiRequest {
  const segments = http.path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  const core = segments[0] === 'api';
  const group = core ? '' : (segments[1] ?? '');
  const version = segments[core ? 1 : 2] ?? '';
  const { namespace, resource, name, subresource } = place(segments.slice(core ? 2 : 3));
  const kind = lookup(group, version, resource, http.method);
  if (kind.namespaced && namespace === null && name !== null) throw noSuchResource();
  const verb = verbOf(http, name, subresource);
  check(kind, verb, subresource, http);
  return {
    http,
    verb,
    kind,
    apiVersion: apiVersionOf(group, version),
    namespace: kind.namespaced ? namespace : null,
    name,
    subresource,
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest(`invalid path segment ${JSON.stringify(segment)}`);
  }
}

interface Place {
  readonly namespace: string | null;
  readonly resource: string;
  readonly name: string | null;
  readonly subresource: string | null;
}

const OF_NAMESPACE = new Set(['status', 'finalize']);

function place(rest: readonly string[]): Place {
  const [first = '', second, third, fourth, fifth, sixth] = rest;
  const inside = first === 'namespaces' && second !== undefined && third !== undefined && !OF_NAMESPACE.has(third);
  const [resource, name, subresource, extra] = inside ? [third, fourth, fifth, sixth] : [first, second, third, fourth];
  if (extra !== undefined) throw noSuchResource();
  return {
    namespace: inside ? second : null,
    resource: resource ?? '',
    name: name ?? null,
    subresource: subresource ?? null,
  };
}

function lookup(group: string, version: string, resource: string, method: string): Kind {
  const kind = findResource(group, resource);
  if (kind !== null && (kind.version === version || kind.alsoServed.includes(version))) return kind;
  const full = `${method} of ${group === '' ? resource : `${resource}.${group}`} in version ${version}`;
  if (KNOWN_ELSEWHERE.has(group) || UNSERVED.has(`${group}/${resource}`)) throw notImplemented(full);
  throw noSuchResource();
}

/** Resources that Kubernetes has in groups which the sandbox serves in part. */
const UNSERVED = new Set([
  ...['bindings', 'componentstatuses', 'limitranges', 'podtemplates', 'replicationcontrollers', 'resourcequotas'].map(
    (r) => `/${r}`,
  ),
  'batch/cronjobs',
  'authentication.k8s.io/tokenreviews',
  'authorization.k8s.io/localsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectrulesreviews',
  'authorization.k8s.io/subjectaccessreviews',
  ...['ingressclasses', 'ipaddresses', 'servicecidrs'].map((r) => `networking.k8s.io/${r}`),
  ...['csidrivers', 'csinodes', 'csistoragecapacities', 'volumeattachments', 'volumeattributesclasses'].map(
    (r) => `storage.k8s.io/${r}`,
  ),
  'coordination.k8s.io/leasecandidates',
]);

const BY_METHOD: Readonly<Record<string, { readonly one: Verb | null; readonly many: Verb | null }>> = {
  GET: { one: 'get', many: 'list' },
  HEAD: { one: 'get', many: 'list' },
  POST: { one: null, many: 'create' },
  PUT: { one: 'update', many: null },
  PATCH: { one: 'patch', many: null },
  DELETE: { one: 'delete', many: 'deletecollection' },
};

function verbOf(http: HttpRequest, name: string | null, subresource: string | null): Verb {
  const row = BY_METHOD[http.method];
  if (row === undefined) throw methodNotAllowed();
  if (subresource !== null && http.method === 'POST') return 'create';
  const verb = name === null ? row.many : row.one;
  if (verb === null) throw methodNotAllowed();
  const watch = http.query.get('watch');
  return verb === 'list' && watch !== null && watch !== '0' && watch !== 'false' ? 'watch' : verb;
}

const KNOWN_SUBRESOURCES = new Set('attach binding portforward proxy resize token approval'.split(' '));

function check(kind: Kind, verb: Verb, subresource: string | null, http: HttpRequest): void {
  if (subresource === null) {
    if (!kind.verbs.includes(verb)) throw methodNotAllowed();
    return;
  }
  const known = kind.subresources[subresource];
  if (known === undefined) {
    if (KNOWN_SUBRESOURCES.has(subresource)) throw notImplemented(`${http.method} of ${kind.resource}/${subresource}`);
    throw noSuchResource();
  }
  if (!known.verbs.includes(verb)) throw methodNotAllowed();
}

/** Groups and versions served, for discovery: `['', ['v1']]` first. */
export function servedVersions(): ReadonlyMap<string, readonly string[]> {
  const served = new Map<string, readonly string[]>();
  for (const kind of KINDS) {
    const known = served.get(kind.group) ?? [];
    const more = [kind.version, ...kind.alsoServed].filter((version) => !known.includes(version));
    served.set(kind.group, [...known, ...more]);
  }
  return served;
}
