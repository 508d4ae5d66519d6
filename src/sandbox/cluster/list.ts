// Lists: selectors, pages, and the resourceVersion that a watch can go on from.
// Pages are cut from the present state; a token older than the log of changes is answered 410.

import { parseJson } from './bodies.ts';
import { toServed } from './conversion.ts';
import { isObject } from './json.ts';
import type { KubeObject } from './model.ts';
import { representList } from './representation.ts';
import type { Answer, ApiRequest } from './request.ts';
import { type Predicate, parseFieldSelector, parseLabelSelector } from './selectors.ts';
import { badRequest, expired, tooLargeVersion } from './status-error.ts';
import type { World } from './world.ts';

/** What the selectors of a request ask for, and nothing else. */
export function selectorOf(request: ApiRequest): Predicate {
  const { query } = request.http;
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(request.kind, query.get('fieldSelector') ?? '');
  return (object) => labels(object) && fields(object);
}

/** All objects that a request's namespace and selectors name, by namespace and name. */
export function selected(world: World, request: ApiRequest): readonly KubeObject[] {
  return world.storage.list(request.kind, request.namespace).filter(selectorOf(request));
}

/** The resourceVersion in a query as a number; null when there is none. */
export function askedVersion(world: World, request: ApiRequest): number | null {
  const text = request.http.query.get('resourceVersion') ?? '';
  if (text === '') return null;
  if (!/^\d+$/.test(text)) throw badRequest(`invalid resource version "${text}": must be a number`);
  const asked = Number(text);
  if (asked > world.storage.version) throw tooLargeVersion(asked, world.storage.version);
  return asked;
}

/** Answers a list as JSON, as a Table or as metadata only. */
export function answerList(world: World, request: ApiRequest): Answer {
  askedVersion(world, request);
  const objects = selected(world, request);
  const limit = Number(request.http.query.get('limit') ?? 0);
  const start = startOf(world, request);
  const rest = objects.filter((object) => start === null || keyOf(object) > start);
  if (!(limit > 0) || rest.length <= limit) return listAnswer(world, request, rest, {});
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const token = JSON.stringify({ version: world.storage.version, after: last === undefined ? '' : keyOf(last) });
  return listAnswer(world, request, page, {
    continue: Buffer.from(token, 'utf8').toString('base64url'),
    ...(hasSelector(request) ? {} : { remainingItemCount: rest.length - page.length }),
  });
}

function hasSelector(request: ApiRequest): boolean {
  const { query } = request.http;
  return (query.get('labelSelector') ?? '') !== '' || (query.get('fieldSelector') ?? '') !== '';
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function startOf(world: World, request: ApiRequest): string | null {
  const token = request.http.query.get('continue') ?? '';
  if (token === '') return null;
  const read = parseToken(token);
  if (read === null) throw badRequest('continue key is not valid: the token was not made by this server');
  if (world.storage.since(read.version) === null)
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
    );
  return read.after;
}

function parseToken(token: string): { readonly version: number; readonly after: string } | null {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith('{')) return null;
  const value = parseJson(text);
  if (!isObject(value) || typeof value['version'] !== 'number' || typeof value['after'] !== 'string') return null;
  return { version: value['version'], after: value['after'] };
}

export interface ListMeta {
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** Objects as the list answer that the client accepts. */
export function listAnswer(world: World, request: ApiRequest, objects: readonly KubeObject[], meta: ListMeta): Answer {
  const served = objects.map((object) => toServed(request, object));
  return representList(world, request, served, { resourceVersion: String(world.storage.version), ...meta });
}
