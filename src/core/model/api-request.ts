// A request to the Kubernetes API as somebody would send it, before anyone has read it.
import { isDeeperThan, isObject, type Json, MAX_DEPTH, ownValue, setOwnValue } from './json.ts';

/**
 * Why bytes have not been decoded. `cbor`: nobody here reads it. `content-type`: no format of Kubernetes. `unknown-protobuf`: a kind or
 * field that the table lacks, such as one of a newer Kubernetes. `unreadable`: broken, beyond the limits, or a number that would be
 * rounded.
 */
export type OpaqueReason = 'cbor' | 'content-type' | 'duplicate-key' | 'unknown-protobuf' | 'unreadable';

/**
 * `value`: decoded already, whatever its content type. `text`: as it was sent. `opaque`: bytes that nobody has decoded; `detail`: what of
 * them, with nothing of their content but keys.
 */
export type RequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'opaque'; readonly bytes: number; readonly why: OpaqueReason; readonly detail: string };

/** Names and values, decoded, in the order in which they stand; a name may stand several times. */
export type QueryPairs = readonly (readonly [name: string, value: string])[];

export interface ApiRequest {
  /** As it stands in the request line: "PATCH". */
  readonly method: string;
  /** Percent-encoded as it was sent, without the query. */
  readonly path: string;
  /** As it was sent, without its question mark, or decoded already. */
  readonly query: string | QueryPairs;
  /** The header Content-Type; null: none. */
  readonly contentType: string | null;
  readonly body: RequestBody;
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** A parameter is a text, or a list of texts where it stands several times. */
const pairsOf = (query: object): QueryPairs | null => {
  const pairs: (readonly [string, string])[] = [];
  for (const [name, given] of Object.entries(query) as readonly (readonly [string, unknown])[]) {
    const values: readonly unknown[] = Array.isArray(given) ? given : [given];
    for (const value of values) {
      if (typeof value !== 'string') return null;
      pairs.push([name, value]);
    }
  }
  return pairs;
};

const bodyOf = (body: unknown): RequestBody => {
  if (body === undefined || body === null || body === '') return { kind: 'none' };
  // as: whoever calls has it from JSON.
  return typeof body === 'string' ? { kind: 'text', text: body } : { kind: 'value', value: body as Json };
};

const KNOWN: ReadonlySet<string> = new Set(['method', 'path', 'query', 'contentType', 'body']);

/**
 * The request that a JSON object names (contract 2, section 8): `method`, `path` (its query may stand behind it), and where there
 * are any `query` (the text, or values by name), `contentType` and `body` (a value, or its text). null where it is none, or nested
 * deeper than any object.
 */
export function apiRequestOf(given: unknown): ApiRequest | null {
  if (!isObject(given) || Object.keys(given).some((key) => !KNOWN.has(key))) return null;
  const [method, target] = [textOrNull(given['method']), textOrNull(given['path'])];
  const { query = null, contentType = null, body } = given;
  if (method === null || target === null || (contentType !== null && typeof contentType !== 'string')) return null;
  if (isDeeperThan(body, MAX_DEPTH)) return null;
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const behind = mark < 0 ? null : target.slice(mark + 1);
  if (behind !== null && query !== null) return null;
  const read =
    typeof query === 'object' && query !== null
      ? Array.isArray(query)
        ? null
        : pairsOf(query)
      : textOrNull(query ?? '');
  return read === null ? null : { method, path, query: behind ?? read, contentType, body: bodyOf(body) };
}

const bodyJson = (body: RequestBody): Json =>
  body.kind === 'value' ? body.value : body.kind === 'text' ? body.text : null;

/** The JSON object that `apiRequestOf` reads as this request; what is opaque has no such form, and goes without its body. */
export function requestJson({ method, path, query, contentType, body }: ApiRequest): { readonly [key: string]: Json } {
  const byName: { [name: string]: readonly string[] } = {};
  for (const [name, value] of typeof query === 'string' ? [] : query)
    setOwnValue(byName, name, [...(ownValue(byName, name) ?? []), value]);
  return {
    method,
    path,
    ...(query.length === 0 ? {} : { query: typeof query === 'string' ? query : byName }),
    ...(contentType === null ? {} : { contentType }),
    ...(body.kind === 'none' || body.kind === 'opaque' ? {} : { body: bodyJson(body) }),
  };
}
