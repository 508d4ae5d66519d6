// Every resource and subresource that a cluster serves, by what its discovery says.
import type { JsonObject } from '../../../core/model/json.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { inBatches } from '../batch.ts';
import { type ClusterClient, getJson } from '../client.ts';
import { listAt, textAt } from '../json-at.ts';

export interface ServedKind {
  readonly group: string;
  /** "/apis/apps/v1" */
  readonly prefix: string;
  /** "deployments", "deployments/scale" */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** `silent`: group versions that did not answer. Throws AdapterError where the groups themselves cannot be read. */
export async function servedKinds(
  client: ClusterClient,
  signal: AbortSignal,
): Promise<{ readonly kinds: readonly ServedKind[]; readonly silent: readonly string[] }> {
  const groups = listAt(await client.send(getJson('/apis'), signal), 'groups');
  const versions = groups.flatMap((group) => textAt(group, 'preferredVersion', 'groupVersion') ?? []);
  const prefixes = ['/api/v1', ...versions.map((version) => `/apis/${version}`)];
  const answers = await inBatches(prefixes, async (prefix) => {
    try {
      return { prefix, kinds: kindsAt(prefix, await client.send(getJson(prefix), signal)) };
    } catch (error) {
      if (error instanceof AdapterError) return { prefix, kinds: null };
      throw error;
    }
  });
  return {
    kinds: answers.flatMap(({ kinds }) => kinds ?? []),
    silent: answers.flatMap(({ prefix, kinds }) => (kinds === null ? [prefix] : [])),
  };
}

const kindsAt = (prefix: string, list: JsonObject): readonly ServedKind[] =>
  listAt(list, 'resources').flatMap((entry): readonly ServedKind[] => {
    const [resource, kind] = [textAt(entry, 'name'), textAt(entry, 'kind')];
    if (resource === null || kind === null) return [];
    const verbs = Array.isArray(entry['verbs']) ? entry['verbs'].filter((verb) => typeof verb === 'string') : [];
    const group = prefix === '/api/v1' ? '' : (prefix.split('/')[2] ?? '');
    return [{ group, prefix, resource, kind, namespaced: entry['namespaced'] === true, verbs }];
  });
