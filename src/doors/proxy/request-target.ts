// The target of a request line → the one path and query that it can mean, or null. What is sent on is written anew from it, so
// that the proxy and the API server cannot read it in two ways.

import { readQuery } from '../../core/model/api-path.ts';
import type { QueryPairs } from '../../core/model/api-request.ts';

/** A path by its decoded segments, and the query by its decoded pairs. */
export interface RequestTarget {
  /** The cluster that the address begins with (/clusters/NAME); null: none is named. */
  readonly cluster: string | null;
  /** The incident that stands behind it (/incidents/INC); null: none is named. */
  readonly incident: string | null;
  readonly segments: readonly string[];
  /** Whether the path ended in "/": discovery answers at both. */
  readonly slash: boolean;
  readonly query: QueryPairs;
}

const LONGEST = 16 * 1024;

/** No "#", no space, nothing but ASCII: whoever sends more than a path and a query means something else. */
const PLAIN = /^\/[!-"$-~]*$/;
/** Of a decoded segment: neither of what separates nor of what decodes again, no control, nothing but ASCII. */
const SEGMENT = /^[!-$&-.0-[\]-~]+$/;

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};

/** null: absolute (http://…), with "//", "." or "..", an escaped slash or percent sign, a broken escape, or too long. */
export function readTarget(raw: string): RequestTarget | null {
  if (raw.length > LONGEST || !PLAIN.test(raw)) return null;
  const mark = raw.indexOf('?');
  const [path, search] = mark < 0 ? [raw, ''] : [raw.slice(0, mark), raw.slice(mark + 1)];
  const slash = path.length > 1 && path.endsWith('/');
  const parts = path === '/' ? [] : path.slice(1, slash ? -1 : undefined).split('/');
  const segments: string[] = [];
  for (const part of parts) {
    const segment = decoded(part);
    if (segment === null || !SEGMENT.test(segment) || segment === '.' || segment === '..') return null;
    segments.push(segment);
  }
  // A pair without a name says nothing, and is not sent on.
  const query = readQuery(search)?.filter(([name]) => name !== '') ?? null;
  if (query === null) return null;
  const [cluster, behind] = named('clusters', segments);
  const [incident, rest] = named('incidents', behind);
  return { cluster, incident, segments: rest, slash, query };
}

/** What the path begins with, where it begins with this word and a name, and what stands behind them. */
const named = (word: string, segments: readonly string[]): readonly [name: string | null, rest: readonly string[]] => {
  const [first, name, ...rest] = segments;
  return first === word && name !== undefined ? [name, rest] : [null, segments];
};

/** The path and query as they are sent on. */
export function writeTarget({ segments, slash, query }: Omit<RequestTarget, 'cluster' | 'incident'>): string {
  const path = `/${segments.map((one) => encodeURIComponent(one).replaceAll('%3A', ':')).join('/')}${slash ? '/' : ''}`;
  const pairs = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/** The same of the request as a dry run, whatever it said of that. */
export function writeDryRun(target: RequestTarget): string {
  const others = target.query.filter(([name]) => name !== 'dryRun');
  return writeTarget({ ...target, query: [...others, ['dryRun', 'All']] });
}

/** All values of a parameter. */
export function queryValues({ query }: Pick<RequestTarget, 'query'>, name: string): readonly string[] {
  return query.filter(([key]) => key === name).map(([, value]) => value);
}
