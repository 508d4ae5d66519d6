// Reads a collection page by page.
import type { JsonObject } from '../../core/model/json.ts';
import { type ClusterClient, type ClusterRequest, getJson, type ObjectForm } from './client.ts';
import { listAt, textAt } from './json-at.ts';

const PAGE = 500;

export interface Page {
  readonly items: readonly JsonObject[];
  /** The resourceVersion of the list: all its pages show the collection as of it. */
  readonly version: string;
}

/** Every page, in order. Throws AdapterError; 410 where the list took longer than the server remembers. */
export async function* pagesOf(
  client: ClusterClient,
  path: string,
  query: ClusterRequest['query'],
  signal: AbortSignal,
  form: ObjectForm = 'object',
): AsyncGenerator<Page, void, undefined> {
  let next: string | null = null;
  do {
    const asked: ClusterRequest['query'] = { ...query, limit: `${PAGE}`, ...(next === null ? {} : { continue: next }) };
    const page: JsonObject = await client.send(
      getJson(path, asked, form === 'object' ? form : 'metadata-list'),
      signal,
    );
    yield { items: listAt(page, 'items'), version: textAt(page, 'metadata', 'resourceVersion') ?? '' };
    next = textAt(page, 'metadata', 'continue') || null;
  } while (next !== null);
}
