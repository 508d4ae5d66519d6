// The path and the query of a request to the Kubernetes API, taken apart as the API server does.
import type { QueryPairs } from './api-request.ts';

/** What a path names. */
export interface ApiPath {
  readonly group: string;
  readonly version: string;
  /** As it is written; the API server knows plurals in lower case alone. */
  readonly resource: string;
  /** null: the path names none. */
  readonly namespace: string | null;
  readonly name: string | null;
  /** null: the object itself. What stands behind it (".../proxy/metrics") is no part of it. */
  readonly subresource: string | null;
  /** The old forms /watch/… and /proxy/…, which decide before any verb; null: neither. */
  readonly prefix: 'watch' | 'proxy' | null;
  /** Its words are in small letters, and nothing stands behind the subresource: else the API server knows no such path. */
  readonly isPlain: boolean;
}

/** `other`: no path of a kind, such as /version. `unreadable`: nobody can tell which path the server sees. */
export type ReadPath =
  | { readonly kind: 'object'; readonly path: ApiPath }
  | { readonly kind: 'other'; readonly path: string }
  | { readonly kind: 'unreadable' };

const UNREADABLE: ReadPath = { kind: 'unreadable' };

/** What one server decodes and another does not, or takes for the end of a path. */
const DOUBTFUL = /%2f|%5c|%25|%00|\/\/|\\|[;?#]/i;

/** The decoded path; null when decoding leaves doubt about which one the server sees. */
const decode = (raw: string): string | null => {
  if (!raw.startsWith('/') || DOUBTFUL.test(raw)) return null;
  try {
    const decoded = decodeURIComponent(raw);
    const isStrange = decoded.split('/').some((part) => part === '..' || part === '.') || /[^!-~]/.test(decoded);
    return isStrange ? null : decoded;
  } catch {
    return null;
  }
};

/** Groups that are only read: numbers of pods, nodes and whatever an adapter measures. Their names may hold capitals. */
export function isMetricsGroup(group: string): boolean {
  return /^(?:(?:custom|external)\.)?metrics\.k8s\.io$/.test(group);
}

/** Where a path leads, by its decoded segments, each as it is written. */
export interface PathPlace {
  readonly group: string;
  readonly version: string;
  /** The word before the namespace, which the API server knows as "namespaces" alone; null: the path names none. */
  readonly scope: string | null;
  readonly namespace: string | null;
  /** '': nothing stands behind the version. */
  readonly resource: string;
  readonly name: string | null;
  /** What stands behind the name: a subresource, and what is its own affair. */
  readonly behind: readonly string[];
}

/** Subresources of a Namespace itself; anything else behind its name is a kind of objects in it. */
const OF_NAMESPACES: ReadonlySet<string> = new Set(['status', 'finalize']);

/** /api/VERSION/… and /apis/GROUP/VERSION/… with [namespaces/NS/]RESOURCE[/NAME[/SUBRESOURCE…]]; null: another path. */
export function pathPlaceOf(segments: readonly string[]): PathPlace | null {
  const [api, ...below] = segments;
  if (api !== 'api' && api !== 'apis') return null;
  const [group, version, ...rest] = api === 'api' ? ['', ...below] : below;
  if (group === undefined || version === undefined) return null;
  const word = (at: number): string => (rest[at] ?? '').toLowerCase();
  const isInside = word(0) === 'namespaces' && rest.length > 2 && !OF_NAMESPACES.has(word(2));
  const [resource = '', name = null, ...behind] = isInside ? rest.slice(2) : rest;
  const [scope, namespace] = isInside ? [rest[0] ?? null, rest[1] ?? null] : [null, null];
  return { group, version, scope, namespace, resource, name, behind };
}

/** As `pathPlaceOf`, with the old forms watch/ and proxy/ behind the version. */
export function readPath(raw: string): ReadPath {
  const decoded = decode(raw);
  if (decoded === null) return UNREADABLE;
  const parts = decoded.split('/').filter((part) => part !== '');
  const at = parts[0] === 'api' ? 2 : 3;
  const prefix = parts[at] === 'watch' || parts[at] === 'proxy' ? parts[at] : null;
  const place = pathPlaceOf(prefix === null ? parts : parts.toSpliced(at, 1));
  if (place === null || parts.length === at) return { kind: 'other', path: decoded };
  const { group, version, scope, namespace, resource, name, behind } = place;
  const [subresource = null, ...more] = behind;
  const words = [scope ?? '', resource, isMetricsGroup(group) ? '' : (subresource ?? '')];
  return {
    kind: 'object',
    path: {
      group,
      version,
      resource,
      namespace,
      name,
      subresource: isMetricsGroup(group) ? subresource : (subresource?.toLowerCase() ?? null),
      prefix,
      isPlain: more.length === 0 && words.every((one) => one === one.toLowerCase()),
    },
  };
}

const plus = (text: string): string | null => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
};

/**
 * The parameters of a query. null where it cannot be read for certain: Go leaves out what is wrongly encoded and what holds a
 * semicolon (net/url, ParseQuery), and another server may not.
 */
export function readQuery(text: string): QueryPairs | null {
  const pairs: (readonly [string, string])[] = [];
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = plus(at < 0 ? pair : pair.slice(0, at));
    const value = plus(at < 0 ? '' : pair.slice(at + 1));
    if (name === null || value === null || /[;#]/.test(pair)) return null;
    pairs.push([name, value]);
  }
  return pairs;
}
