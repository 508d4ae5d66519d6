// A logged event → the request as it was sent, as far as the log tells: method, path, query, body; and what its body may have been.
import { isObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import type { LoggedBody, LoggedEvent } from './logged-event.ts';

/** A request in the words of HTTP. Path as sent, names and values of the query decoded, in their order. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly body: LoggedBody;
}

/** Verbs of the API server, and of addresses that are no resources (those are methods already). */
const METHODS: ReadonlyMap<string, string> = new Map([
  ['get', 'GET'],
  ['list', 'GET'],
  ['watch', 'GET'],
  ['head', 'HEAD'],
  ['options', 'OPTIONS'],
  ['create', 'POST'],
  ['post', 'POST'],
  ['update', 'PUT'],
  ['put', 'PUT'],
  ['patch', 'PATCH'],
  ['delete', 'DELETE'],
  ['deletecollection', 'DELETE'],
]);

const decoded = (text: string): string => {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
};

const queryOf = (text: string): LoggedRequest['query'] =>
  text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals === -1 ? [decoded(pair), ''] : [decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1))];
    });

/** The request of an event; null where its verb is none that we know, so that nobody can tell its method. */
export function loggedRequestOf({ verb, uri, body }: LoggedEvent): LoggedRequest | null {
  const method = METHODS.get(verb);
  if (method === undefined) return null;
  const mark = uri.indexOf('?');
  return {
    method,
    path: mark === -1 ? uri : uri.slice(0, mark),
    query: mark === -1 ? [] : queryOf(uri.slice(mark + 1)),
    body,
  };
}

const asksForDryRun = (options: Json): boolean => {
  const stages = isObject(options) ? ownValue(options, 'dryRun') : undefined;
  return Array.isArray(stages) && stages.length > 0;
};

/** A request that was only tried: by its address, or by the options in the body of a deletion. */
export function isDryRun({ method, query, body }: LoggedRequest): boolean {
  return (
    query.some(([name, value]) => name === 'dryRun' && value !== '') ||
    (method === 'DELETE' && body.kind === 'given' && asksForDryRun(body.value))
  );
}

const JSON_TYPE = 'application/json';
const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCHES = ['application/strategic-merge-patch+json', 'application/merge-patch+json'] as const;
const APPLY_PATCH = 'application/apply-patch+yaml';

/** An apply has to name its kind and who applies; a patch may. */
const mayBeApply = (patch: JsonObject, query: LoggedRequest['query']): boolean =>
  typeof ownValue(patch, 'apiVersion') === 'string' &&
  typeof ownValue(patch, 'kind') === 'string' &&
  query.some(([name, value]) => name === 'fieldManager' && value !== '');

/** The content types that the body may have had: an audit log does not have the headers of a request. null: it has no body. */
export function contentTypesOf({ method, query, body }: LoggedRequest): readonly (string | null)[] {
  if (body.kind !== 'given') return [null];
  if (method !== 'PATCH') return [JSON_TYPE];
  if (Array.isArray(body.value)) return [JSON_PATCH];
  if (!isObject(body.value)) return MERGE_PATCHES;
  return mayBeApply(body.value, query) ? [APPLY_PATCH, ...MERGE_PATCHES] : MERGE_PATCHES;
}

/** Parts of a path that are asked for without a body that matters: what they do stands in the address. */
const BODY_SAYS_NOTHING = /\/(?:exec|attach|portforward|proxy|eviction|binding|token)(?:\/|$)/;

/** Whether the log has left out what the request is judged by. The options of a deletion can only add to its points. */
export function lacksBody({ method, path, body }: LoggedRequest): boolean {
  if (body.kind !== 'not-logged' || method === 'DELETE' || method === 'GET') return false;
  return !BODY_SAYS_NOTHING.test(path);
}
