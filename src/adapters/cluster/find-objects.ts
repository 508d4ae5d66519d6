// Finds the objects that an effect speaks of, as they stand now.
import { changesTemplate, type Effect, isKept, isPruning } from '../../core/model/effect.ts';
import type { MissingFact } from '../../core/model/facts.ts';
import type { JsonObject } from '../../core/model/json.ts';
import { LAST_APPLIED } from '../../core/model/last-applied.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { type ClusterClient, getJson } from './client.ts';
import { readHistory } from './history.ts';
import { textAt } from './json-at.ts';
import { pagesOf } from './list-pages.ts';
import type { Live } from './live.ts';
import { apiPrefix, collectionPath, objectPath } from './resource-path.ts';
import { deniedIn } from './rights.ts';

/** The two selectors of an effect's one query string: "app=web,fields:status.phase=Failed". */
export function readSelector(selector: string | null): { readonly [name: string]: string } {
  if (selector === null) return {};
  const at = selector.search(/(^|,)fields:/);
  const labels = at < 0 ? selector : selector.slice(0, at);
  const fields = at < 0 ? '' : selector.slice(selector.indexOf('fields:', at) + 'fields:'.length);
  return {
    ...(labels === '' ? {} : { labelSelector: labels }),
    ...(fields === '' ? {} : { fieldSelector: fields }),
  };
}

/** Of what the selector chooses: apply prunes what was applied, and is not among what it applies now (kubectl 1.36, apply/prune.go). */
const isChosenBy =
  (effect: Effect) =>
  (object: JsonObject): boolean =>
    !isPruning(effect) ||
    (textAt(object, 'metadata', 'annotations', LAST_APPLIED) !== null &&
      !isKept(effect, textAt(object, 'metadata', 'name') ?? ''));

/** The objects without their history: one by name, or all that the selector chooses. Throws AdapterError. */
export async function findObjects(
  client: ClusterClient,
  effect: Effect,
  signal: AbortSignal,
): Promise<readonly Omit<Live, 'history'>[]> {
  const prefix = await apiPrefix(client, effect, signal);
  const { resource, name } = effect;
  const namespace = effect.namespace === '*' ? null : effect.namespace;
  if (name !== null && name !== '*') {
    const path = objectPath(prefix, resource, namespace, name);
    return [{ object: await client.send(getJson(path), signal), path }];
  }
  const objects: JsonObject[] = [];
  const path = collectionPath(prefix, resource, namespace);
  for await (const { items } of pagesOf(client, path, readSelector(effect.selector), signal)) objects.push(...items);
  return objects.filter(isChosenBy(effect)).map((object) => ({
    object,
    path: objectPath(
      prefix,
      resource,
      textAt(object, 'metadata', 'namespace'),
      textAt(object, 'metadata', 'name') ?? '',
    ),
  }));
}

/** The object with its history where the effect is about its template. Throws AdapterError. */
export async function withHistory(
  client: ClusterClient,
  effect: Effect,
  found: Omit<Live, 'history'>,
  signal: AbortSignal,
): Promise<Live> {
  return {
    ...found,
    history: changesTemplate(effect) ? await readHistory(client, effect.resource, found.object, signal) : null,
  };
}

/** Why a fact is missing, from the error of asking. */
export function whyMissing(error: unknown): MissingFact['why'] {
  if (!(error instanceof AdapterError)) throw error;
  if (error.kind === 'no-answer') return 'unreachable';
  if (error.kind === 'invalid-answer') return 'garbled';
  if (error.status === 404) return 'not-found';
  if (error.status === 401 || error.status === 403) return 'forbidden';
  return error.status === 410 ? 'too-old' : 'unreachable';
}

/** The missing fact, with the right that the cluster says is lacking. */
export function missingFact(asked: Pick<MissingFact, 'resource' | 'object' | 'part'>, error: unknown): MissingFact {
  const why = whyMissing(error);
  const right = why === 'forbidden' && error instanceof Error ? deniedIn(error.message) : null;
  return { ...asked, right, why };
}
