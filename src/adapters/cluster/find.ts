// Finds the objects that an effect speaks of, as they stand now. It must never pass over one it could not read.
import type { Effect } from '../../core/effect.ts';
import type { MissingFact } from '../../core/facts.ts';
import type { JsonObject } from '../../core/json.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { changesTemplate, type Live } from './change.ts';
import { type ClusterClient, get } from './client.ts';
import { readHistory } from './history.ts';
import { listAt, textAt } from './json-at.ts';
import { apiPrefix, collectionPath, objectPath } from './resource-path.ts';

/** Pages of a list; an expired continue token (410) makes the whole list unread. */
const PAGE = 500;

/** The two selectors of an effect's one query string: "app=web,fields:status.phase=Failed". */
export const readSelector = (selector: string | null): { readonly [name: string]: string } => {
  if (selector === null) return {};
  const at = selector.search(/(^|,)fields:/);
  const labels = at < 0 ? selector : selector.slice(0, at);
  const fields = at < 0 ? '' : selector.slice(selector.indexOf('fields:', at) + 'fields:'.length);
  return {
    ...(labels === '' ? {} : { labelSelector: labels }),
    ...(fields === '' ? {} : { fieldSelector: fields }),
  };
};

const listAll = async (
  client: ClusterClient,
  path: string,
  selector: string | null,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> => {
  const items: JsonObject[] = [];
  let next: string | null = null;
  do {
    const query: { readonly [name: string]: string } = {
      ...readSelector(selector),
      limit: `${PAGE}`,
      ...(next === null ? {} : { continue: next }),
    };
    const page: JsonObject = await client.send(get(path, query), signal);
    items.push(...listAt(page, 'items'));
    next = textAt(page, 'metadata', 'continue') || null;
  } while (next !== null);
  return items;
};

/** The objects without their history: one by name, or all that the selector chooses. Throws AdapterError. */
export const findObjects = async (
  client: ClusterClient,
  effect: Effect,
  signal: AbortSignal,
): Promise<readonly Omit<Live, 'history'>[]> => {
  const prefix = await apiPrefix(client, effect, signal);
  const { resource, name } = effect;
  const namespace = effect.namespace === '*' ? null : effect.namespace;
  if (name !== null && name !== '*') {
    const path = objectPath(prefix, resource, namespace, name);
    return [{ object: await client.send(get(path), signal), path }];
  }
  const objects = await listAll(client, collectionPath(prefix, resource, namespace), effect.selector, signal);
  return objects.map((object) => ({
    object,
    path: objectPath(
      prefix,
      resource,
      textAt(object, 'metadata', 'namespace'),
      textAt(object, 'metadata', 'name') ?? '',
    ),
  }));
};

/** The object with its history where the effect is about its template. Throws AdapterError. */
export const withHistory = async (
  client: ClusterClient,
  effect: Effect,
  found: Omit<Live, 'history'>,
  signal: AbortSignal,
): Promise<Live> => ({
  ...found,
  history: changesTemplate(effect) ? await readHistory(client, effect.resource, found.object, signal) : null,
});

/** Why a fact is missing, from what was heard. */
export const whyMissing = (error: unknown): MissingFact['why'] => {
  if (!(error instanceof AdapterError)) throw error;
  if (error.heard === 'nothing') return 'unreachable';
  if (error.heard === 'garbage') return 'garbled';
  if (error.status === 404) return 'not-found';
  if (error.status === 401 || error.status === 403) return 'forbidden';
  return error.status === 410 ? 'too-old' : 'unreachable';
};
