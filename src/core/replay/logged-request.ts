// A logged event → the request as it was sent, as far as the log tells: method, path, query, body; and what its body may have been.
import { BUILT_IN } from '../model/built-in-resources.ts';
import { isObject, type Json, ownValue } from '../model/json.ts';
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
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';

/** Who applies or patches, as the client says in the query. */
const managerOf = ({ query }: LoggedRequest): string => query.find(([name]) => name === 'fieldManager')?.[1] ?? '';

/** The API server takes a strategic patch of the kinds that it is built with; of custom ones it refuses it. */
const BUILT_IN_GROUPS: ReadonlySet<string> = new Set(BUILT_IN.map(({ group }) => group));

const isBuiltIn = ({ path }: LoggedRequest): boolean =>
  path.startsWith('/api/') || BUILT_IN_GROUPS.has(/^\/apis\/([^/]+)\//.exec(path)?.[1] ?? '');

/**
 * The patch type of kubectl's commands, by the field manager that each names (kubectl 1.36; seen in 3,000 recorded patches).
 * `kubectl-patch` is any of them.
 */
const KUBECTL_PATCHES: ReadonlyMap<string, string> = new Map([
  ['kubectl-client-side-apply', STRATEGIC_PATCH],
  ['kubectl-edit', STRATEGIC_PATCH],
  ['kubectl-rollout', STRATEGIC_PATCH],
  ['kubectl-set', STRATEGIC_PATCH],
  ['kubectl-taint', STRATEGIC_PATCH],
  ['kubectl-annotate', MERGE_PATCH],
  ['kubectl-label', MERGE_PATCH],
]);

/** An apply has to name its kind and who applies; a patch may. */
const mayBeApply = (patch: Json, manager: string): boolean =>
  isObject(patch) &&
  typeof ownValue(patch, 'apiVersion') === 'string' &&
  typeof ownValue(patch, 'kind') === 'string' &&
  manager !== '';

const patchTypesOf = (request: LoggedRequest, patch: Json): readonly string[] => {
  if (Array.isArray(patch)) return [JSON_PATCH];
  const manager = managerOf(request);
  const apply = mayBeApply(patch, manager) ? [APPLY_PATCH] : [];
  if (!isBuiltIn(request)) return [MERGE_PATCH, ...apply];
  const named = KUBECTL_PATCHES.get(manager);
  return named === undefined ? [STRATEGIC_PATCH, MERGE_PATCH, ...apply] : [named];
};

/** The content types that the body may have had: an audit log does not have the headers of a request. null: it has no body. */
export function contentTypesOf(request: LoggedRequest): readonly (string | null)[] {
  const { method, body } = request;
  if (body.kind !== 'given') return [null];
  return method === 'PATCH' ? patchTypesOf(request, body.value) : [JSON_TYPE];
}

/** Parts of a path that are asked for without a body that matters: what they do stands in the address. */
const BODY_SAYS_NOTHING =
  /\/(?:pods|services|nodes|serviceaccounts)\/[^/]+\/(?:exec|attach|portforward|proxy|eviction|binding|token)(?:\/|$)/;

/** Whether the log has left out what the request is judged by. The options of a deletion can only add to its points. */
export function lacksBody({ method, path, body }: LoggedRequest): boolean {
  if (body.kind !== 'not-logged' || method === 'DELETE' || method === 'GET') return false;
  return !BODY_SAYS_NOTHING.test(path);
}
