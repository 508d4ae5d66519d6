// A request as it was sent → its method, path, query and body, each read for certain or said not to be.
import { locateJson } from '../command/secrets/locate-json.ts';
import { type ReadPath, readPath, readQuery } from '../model/api-path.ts';
import type { ApiRequest, OpaqueReason, QueryPairs } from '../model/api-request.ts';
import type { ReadingBudget, Surroundings } from '../model/command.ts';
import { isDeeperThan, type Json, MAX_DEPTH } from '../model/json.ts';
import { isTooLarge } from '../model/limits.ts';
import type { LocatedValue } from '../model/located-value.ts';
import type { PatchType } from '../model/mutation.ts';
import { mediaTypeOf } from './media-type.ts';

/** Methods that the API server serves (apiserver, endpoints/request). */
export type RequestMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const METHODS: ReadonlySet<string> = new Set<RequestMethod>(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** How a PATCH is applied: a patch of its type, or the wanted state of a server-side apply. */
export type PatchMedia = PatchType | 'apply';

/** `unseen`: there is one that nobody here can read; `isThere`: its text was given all the same. */
export type ReadBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'seen'; readonly value: Json }
  | { readonly kind: 'unseen'; readonly isThere: boolean };

/** What of a request is known. `doubts`: what cannot be read for certain, each in English words; none where all of it is. */
export interface RequestReading {
  /** null: no method of the API server. */
  readonly method: RequestMethod | null;
  readonly path: ReadPath;
  readonly query: QueryPairs;
  readonly body: ReadBody;
  /** Of a PATCH; null: of no patch, or of no type that is known. */
  readonly patch: PatchMedia | null;
  readonly contentType: string | null;
  readonly doubts: readonly string[];
}

const PATCHES: ReadonlyMap<string, PatchMedia> = new Map([
  ['application/json-patch+json', 'json'],
  ['application/merge-patch+json', 'merge'],
  ['application/strategic-merge-patch+json', 'strategic'],
  ['application/apply-patch+yaml', 'apply'],
]);

const JSON_TYPES: ReadonlySet<string> = new Set(['', 'application/json']);
const YAML_TYPES: ReadonlySet<string> = new Set(['application/yaml', 'application/apply-patch+yaml']);
/** Binary forms of objects, which are read only where somebody has decoded them. */
const BINARY_TYPES: ReadonlySet<string> = new Set([
  'application/vnd.kubernetes.protobuf',
  'application/cbor',
  'application/apply-patch+cbor',
]);

/** Parameters of streams that may stand several times: each word of a program is one. */
const REPEATED: ReadonlySet<string> = new Set(['command', 'ports']);

const readPairs = (query: ApiRequest['query'], doubts: string[]): QueryPairs => {
  const pairs = typeof query === 'string' ? readQuery(query) : query;
  if (pairs === null) doubts.push('the query is not encoded as one');
  const seen = new Set<string>();
  for (const [name, value] of pairs ?? []) {
    if (seen.has(name) && !REPEATED.has(name)) doubts.push(`${name} stands twice in the query`);
    if (/\0/.test(name + value)) doubts.push('the query holds a NUL');
    if (name === 'dryRun' && value !== 'All') doubts.push('dryRun takes the value All alone');
    seen.add(name);
  }
  return pairs ?? [];
};

const namesTwice = (value: LocatedValue, seen: Set<LocatedValue>): string | null => {
  if (value.kind === 'scalar' || seen.has(value)) return null;
  seen.add(value);
  const inner = value.kind === 'list' ? value.items : value.entries.map((entry) => entry.value);
  if (value.kind === 'map') {
    const keys = new Set<string>();
    for (const { key } of value.entries) {
      const name = key.kind === 'scalar' ? key.value : '';
      if (keys.has(name)) return name;
      keys.add(name);
    }
  }
  for (const one of inner) {
    const found = namesTwice(one, seen);
    if (found !== null) return found;
  }
  return null;
};

/** A key that stands twice: which of the two counts is up to whoever reads it. */
const checkKeys = (located: readonly LocatedValue[] | null, doubts: string[]): boolean => {
  if (located === null) return false;
  const twice = located.map((one) => namesTwice(one, new Set())).find((name) => name !== null);
  if (twice !== undefined) doubts.push(`the key ${JSON.stringify(twice)} stands twice in the body`);
  return twice === undefined;
};

const UNREADABLE: ReadBody = { kind: 'unseen', isThere: true };
const BINARY: ReadBody = { kind: 'unseen', isThere: false };

/** The one document of a text; unseen, with a doubt, where it is none. */
const readText = (
  text: string,
  type: string,
  { readDocuments }: Pick<Surroundings, 'readDocuments'>,
  budget: ReadingBudget,
  doubts: string[],
): ReadBody => {
  const isYaml = YAML_TYPES.has(type);
  const documents = readDocuments(text, isYaml ? 'manifests' : 'overrides', budget);
  const [value] = documents ?? [];
  if (value === undefined || documents?.length !== 1 || isDeeperThan(value, MAX_DEPTH)) {
    doubts.push(`the body cannot be read as one document of ${isYaml ? 'YAML' : 'JSON'}`);
    return UNREADABLE;
  }
  const located = (isYaml ? readDocuments.locate?.(text) : locateJson(text)) ?? null;
  const before = doubts.length;
  if (checkKeys(located, doubts)) return { kind: 'seen', value };
  if (doubts.length === before) doubts.push('the body cannot be read to its end');
  return UNREADABLE;
};

const OPAQUE_DOUBTS: Readonly<Record<OpaqueReason, (detail: string) => string>> = {
  cbor: () => 'the body is CBOR, which is not read here: send JSON',
  'content-type': (type) => `a body of type ${JSON.stringify(type)} is not read here: send JSON`,
  'duplicate-key': () => 'a key stands twice in the body',
  'unknown-protobuf': (what) => `the body is protobuf that this gate does not know (${what}): send JSON`,
  unreadable: (what) => `the body cannot be read (${what})`,
};

const isKnownType = (method: RequestMethod, type: string): boolean =>
  method === 'PATCH'
    ? PATCHES.has(type) || type === 'application/apply-patch+cbor'
    : JSON_TYPES.has(type) || type === 'application/yaml' || BINARY_TYPES.has(type);

const readBody = (
  method: RequestMethod,
  request: ApiRequest,
  surroundings: Surroundings,
  budget: ReadingBudget,
  doubts: string[],
): ReadBody => {
  const { body, contentType } = request;
  if (method === 'GET' || method === 'HEAD' || body.kind === 'none') return { kind: 'none' };
  const type = mediaTypeOf(contentType);
  if (!isKnownType(method, type)) doubts.push(`${method} takes no content of type ${JSON.stringify(type)}`);
  switch (body.kind) {
    case 'value':
      if (!isDeeperThan(body.value, MAX_DEPTH)) return { kind: 'seen', value: body.value };
      doubts.push('the body is nested too deep');
      return UNREADABLE;
    case 'text':
      if (!BINARY_TYPES.has(type)) return readText(body.text, type, surroundings, budget, doubts);
      doubts.push('the body is binary and has not been decoded');
      return BINARY;
    case 'opaque':
      doubts.push(OPAQUE_DOUBTS[body.why](body.detail));
      return body.why === 'unreadable' || body.why === 'duplicate-key' ? UNREADABLE : BINARY;
    default:
      return body satisfies never;
  }
};

const NOTHING_READ: RequestReading = {
  method: null,
  path: { kind: 'unreadable' },
  query: [],
  body: BINARY,
  patch: null,
  contentType: null,
  doubts: [],
};

/** Reads all of it, each part by itself. Total, and linear in its length. `too-large`: nothing of it is read. */
export function readRequest(
  request: ApiRequest,
  surroundings: Surroundings,
  budget: ReadingBudget,
): RequestReading | 'too-large' {
  if (isTooLarge({ kind: 'request', request })) return 'too-large';
  const method = METHODS.has(request.method) ? (request.method as RequestMethod) : null;
  if (method === null)
    return {
      ...NOTHING_READ,
      doubts: [`${JSON.stringify(request.method.slice(0, 32))} is no method of the API server`],
    };
  const doubts: string[] = [];
  const path = readPath(request.path);
  if (path.kind === 'unreadable') doubts.push('the path can be read in more than one way');
  const query = readPairs(request.query, doubts);
  const body = readBody(method, request, surroundings, budget, doubts);
  const patch = method === 'PATCH' ? (PATCHES.get(mediaTypeOf(request.contentType)) ?? null) : null;
  return { method, path, query, body, patch, contentType: request.contentType, doubts };
}
