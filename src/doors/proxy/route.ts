// A method and a target → what the proxy does with the request: pass it on, ask the gate, or refuse it. Subresources decide before
// verbs: a GET of pods/exec runs a program.
import { pathPlaceOf } from '../../core/model/api-path.ts';
import type { RefusalCode } from '../../core/model/refusal.ts';
import { queryValues, type RequestTarget } from './request-target.ts';

/** An address of the Kubernetes API, taken apart. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace: string | null;
  readonly resource: string;
  readonly name: string | null;
  readonly subresource: string | null;
}

export type Route =
  /** Passed on to the API server as the agent, or as the proxy's own account. */
  | { readonly kind: 'read' }
  | { readonly kind: 'self-review' }
  /** Tried on the API server, which persists nothing. */
  | { readonly kind: 'dry-run'; readonly resource: ResourcePath }
  /** Proposed to the gate. `resource`: what it writes to. */
  | { readonly kind: 'write'; readonly resource: ResourcePath }
  | { readonly kind: 'refused'; readonly status: number; readonly code: RefusalCode; readonly about: string };

const refused = (status: number, code: RefusalCode, about: string): Route => ({
  kind: 'refused',
  status,
  code,
  about,
});

/** What is read of no kind: discovery, schemas, version and health. Logs, profiles and metrics of the API server are not. */
const OPEN_PATHS = /^(?:|version|healthz|livez|readyz|openapi|api|apis)$/;

/** Through these a request reaches into a pod, a node or what listens behind a service (Kubernetes API, connect verbs). */
const STREAMS: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy']);

/** What a GET may read of an object beside the object itself; what an aggregated API has else, nobody here knows. */
const READ_SUBRESOURCES: ReadonlySet<string> = new Set([
  'status',
  'scale',
  'log',
  'approval',
  'ephemeralcontainers',
  'resize',
]);

/** What of an object the API server tries where it is asked to; what else there is may carry it out. */
const TRIED_SUBRESOURCES: ReadonlySet<string> = new Set([
  'status',
  'scale',
  'approval',
  'ephemeralcontainers',
  'resize',
  'finalize',
  'eviction',
  'binding',
]);

const SELF_REVIEWS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['authorization.k8s.io', new Set(['selfsubjectaccessreviews', 'selfsubjectrulesreviews'])],
  ['authentication.k8s.io', new Set(['selfsubjectreviews'])],
]);

/** The resource of a path below /api/VERSION or /apis/GROUP/VERSION; null: the path is none of a resource. */
export function resourcePath(segments: readonly string[]): ResourcePath | null {
  const place = pathPlaceOf(segments);
  if (place === null || place.resource === '') return null;
  const { group, version, namespace, resource, name, behind } = place;
  return { group, version, namespace, resource, name, subresource: behind.length === 0 ? null : behind.join('/') };
}

/** What becomes of a request; the body is not looked at. */
export function routeOf(method: string, target: RequestTarget): Route {
  const { segments } = target;
  const path = `/${segments.join('/')}`;
  if (!['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method)) return refused(405, 'path-refused', method);
  const isRead = method === 'GET' || method === 'HEAD';
  const resource = resourcePath(segments);
  if (resource === null) {
    const isOpen = OPEN_PATHS.test(segments[0] ?? '') && (segments[0] !== 'api' || segments.length <= 2);
    return isRead && isOpen ? { kind: 'read' } : refused(403, 'path-refused', path);
  }
  // The legacy paths: /api/v1/watch/… reads, and /api/v1/proxy/… reached everything.
  if (!isSpelled(segments) || !isWord(resource.resource) || ['watch', 'proxy', 'redirect'].includes(resource.resource))
    return refused(403, 'path-refused', path);
  const [stream = ''] = resource.subresource?.split('/') ?? [];
  if (STREAMS.has(stream.toLowerCase())) return refused(403, 'stream-refused', path);
  if (isRead) return readOf(resource, path);
  return writeOf(method, resource, target, path);
}

/** The API server knows the words around a namespace in small letters alone. */
const isSpelled = (segments: readonly string[]): boolean => {
  const place = pathPlaceOf(segments);
  const around =
    place === null ? [] : [place.scope ?? '', place.resource === 'namespaces' ? (place.behind[0] ?? '') : ''];
  return around.every((word) => word === word.toLowerCase());
};

/** As kinds are spelled; the API server knows no other, and a strange one is no kind. */
const isWord = (resource: string): boolean => /^[a-z][a-z0-9-]*$/.test(resource);

const readOf = ({ resource, subresource }: ResourcePath, path: string): Route => {
  if (resource === 'secrets') return refused(403, 'secret-read', path);
  if (subresource !== null && !READ_SUBRESOURCES.has(subresource)) return refused(403, 'path-refused', path);
  return { kind: 'read' };
};

const writeOf = (method: string, resource: ResourcePath, target: RequestTarget, path: string): Route => {
  const isReview = SELF_REVIEWS.get(resource.group)?.has(resource.resource) === true;
  if (isReview && method === 'POST' && resource.name === null) return { kind: 'self-review' };
  const dryRuns = queryValues(target, 'dryRun');
  if (dryRuns.length > 1 || target.query.some(([name]) => name !== 'dryRun' && name.toLowerCase() === 'dryrun'))
    return refused(400, 'path-refused', `${path}, dryRun`);
  if (dryRuns[0] !== 'All') return { kind: 'write', resource };
  if (resource.resource === 'secrets') return refused(403, 'secret-read', path);
  // A token is handed out, whatever the query says of it.
  if (resource.subresource !== null && !TRIED_SUBRESOURCES.has(resource.subresource))
    return { kind: 'write', resource };
  return { kind: 'dry-run', resource };
};
