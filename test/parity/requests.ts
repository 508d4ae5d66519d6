// Requests as they went over the wire, in the terms of effects.
import { type Effect, READ_VERBS, type Verb } from '../../src/core/model/effect.ts';
import type { Json } from '../../src/core/model/json.ts';

/** One request that kubectl sent. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Json;
  /** Of the body; "" where there is none. */
  readonly contentType: string;
  /** It asked to become a stream. */
  readonly upgrade: boolean;
}

/** The same in the terms of effects. */
export type Request = Pick<Effect, 'verb' | 'group' | 'resource' | 'subresource' | 'namespace' | 'name' | 'dryRun'>;

const STREAMS: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy']);
const VERBS: Readonly<Record<string, Verb>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** The value at a path of fields; undefined where one is missing. */
export const field = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value);

const verbOf = ({ method, query }: Sent, name: string | null, subresource: string | null): Verb => {
  if (STREAMS.has(subresource ?? '')) return 'connect';
  if (method === 'DELETE' && name === null) return 'deletecollection';
  if (method !== 'GET') return VERBS[method] ?? 'get';
  return query['watch'] === 'true' ? 'watch' : name === null ? 'list' : 'get';
};

/** A list or watch of one name is that object's, to the API server too. */
const namedBySelector = ({ query }: Sent): string | null =>
  /^metadata\.name=([^,]+)$/.exec(query['fieldSelector'] ?? '')?.[1] ?? null;

const isDryRun = ({ query, body }: Sent): boolean => {
  const inBody = field(body, 'dryRun') ?? field(body, 'deleteOptions', 'dryRun');
  return query['dryRun'] === 'All' || (Array.isArray(inBody) && inBody.includes('All'));
};

/** "v1", "v1beta2"; a path with something else in its place is no path of an API server. */
const VERSION = /^v\d/;

/** The segments of an API path behind its version, and its group; null for discovery and other paths. */
export const apiPath = (path: string): { readonly group: string; readonly rest: readonly string[] } | null => {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decodeURIComponent(part));
  const core = parts[0] === 'api' && parts.length > 2 && VERSION.test(parts[1] ?? '');
  if (!core && !(parts[0] === 'apis' && parts.length > 3 && VERSION.test(parts[2] ?? ''))) return null;
  return { group: core ? '' : (parts[1] ?? ''), rest: parts.slice(core ? 2 : 3) };
};

/** Subresources of Namespaces themselves; anything else behind their name is a kind of objects in them. */
const OF_NAMESPACES: ReadonlySet<string> = new Set(['finalize', 'status', 'scale']);

/** The namespace of a path, and what stands behind it. */
export const withinNamespace = (
  path: readonly string[],
): { readonly namespace: string | null; readonly rest: readonly string[] } =>
  path[0] === 'namespaces' && path.length > 2 && !OF_NAMESPACES.has(path[2] ?? '')
    ? { namespace: path[1] ?? null, rest: path.slice(2) }
    : { namespace: null, rest: path };

/**
 * The request in the terms of effects; null for discovery, and for the stream that kubectl asks of a bare collection when
 * it was given a name that no path can hold.
 */
export const requestOf = (sent: Sent): Request | null => {
  const api = apiPath(sent.path);
  if (api === null || (sent.upgrade && !STREAMS.has(api.rest.at(-1) ?? ''))) return null;
  const { namespace, rest } = withinNamespace(api.rest);
  const [resource = '', pathName, subresource = null] = rest;
  const bodyName = field(sent.body, 'metadata', 'name');
  const carries = sent.method === 'POST' || sent.method === 'PUT';
  const made = carries && typeof bodyName === 'string' && bodyName !== '' ? bodyName : null;
  return {
    verb: verbOf(sent, pathName ?? null, subresource),
    group: api.group,
    resource,
    subresource,
    namespace,
    name: pathName ?? namedBySelector(sent) ?? made,
    dryRun: isDryRun(sent),
  };
};

/** True of requests and effects that change nothing. */
export const isRead = ({ verb }: { readonly verb: Verb }): boolean => READ_VERBS.has(verb);

/** One line for people. */
export const shown = ({ verb, group, resource, subresource, namespace, name, dryRun }: Request): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}${subresource === null ? '' : `/${subresource}`} ${namespace ?? '-'}/${name ?? '-'}${dryRun ? ' (dry run)' : ''}`;
