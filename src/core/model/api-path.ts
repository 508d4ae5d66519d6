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

/** Subresources of a Namespace itself; anything else behind its name is a kind of objects in it. */
const OF_NAMESPACES: ReadonlySet<string> = new Set(['status', 'finalize']);

/** /api/v1/…, /apis/GROUP/VERSION/… with [watch/|proxy/][namespaces/NS/]RESOURCE[/NAME[/SUBRESOURCE…]] */
export function readPath(raw: string): ReadPath {
  const decoded = decode(raw);
  if (decoded === null) return UNREADABLE;
  const parts = decoded.split('/').filter((part) => part !== '');
  const isCore = parts[0] === 'api' && parts.length > 2;
  if (!isCore && !(parts[0] === 'apis' && parts.length > 3)) return { kind: 'other', path: decoded };
  const [group = '', version = ''] = isCore ? ['', parts[1]] : [parts[1], parts[2]];
  const behind = parts.slice(isCore ? 2 : 3);
  const prefix = behind[0] === 'watch' || behind[0] === 'proxy' ? behind[0] : null;
  const rest = prefix === null ? behind : behind.slice(1);
  const word = (at: number): string => (rest[at] ?? '').toLowerCase();
  const isInside = word(0) === 'namespaces' && rest.length > 2 && !OF_NAMESPACES.has(word(2));
  const [resource = '', name = null, subresource = null, ...more] = isInside ? rest.slice(2) : rest;
  const words = [isInside ? (rest[0] ?? '') : '', resource, isMetricsGroup(group) ? '' : (subresource ?? '')];
  return {
    kind: 'object',
    path: {
      group,
      version,
      resource,
      namespace: isInside ? (rest[1] ?? null) : null,
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
