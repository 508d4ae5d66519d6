// What kinds the cluster serves beyond the built-in ones.

import { BUILT_IN } from '../../core/model/built-in-resources.ts';
import type { JsonObject } from '../../core/model/json.ts';
import type { Resource } from '../../core/model/resource.ts';
import { type ClusterClient, getJson } from './client.ts';
import { listAt, textAt } from './json-at.ts';

export interface Discovered {
  readonly resources: readonly Resource[];
  /** Group versions that did not answer: their kinds stay unknown, which judges them higher, never lower. */
  readonly silent: readonly string[];
}

const KNOWN: ReadonlySet<string> = new Set(BUILT_IN.map(({ name, group }) => `${name}.${group}`));

/** Asks every group for its preferred version; throws AdapterError only when the list of groups itself cannot be read. */
export async function discoverKinds(client: ClusterClient, signal: AbortSignal): Promise<Discovered> {
  const groups = listAt(await client.send(getJson('/apis'), signal), 'groups');
  const answers = await Promise.all(groups.map((group) => kindsOf(client, group, signal)));
  return {
    resources: answers.flatMap(({ resources }) => resources),
    silent: answers.flatMap(({ silent }) => silent),
  };
}

const kindsOf = async (client: ClusterClient, group: JsonObject, signal: AbortSignal): Promise<Discovered> => {
  const versions = listAt(group, 'versions').flatMap((version) => textAt(version, 'version') ?? []);
  const preferred = textAt(group, 'preferredVersion', 'version') ?? versions[0];
  const name = textAt(group, 'name');
  if (name === null || preferred === undefined) return { resources: [], silent: [] };
  const ordered = [preferred, ...versions.filter((version) => version !== preferred)];
  try {
    const answer = await client.send(
      getJson(`/apis/${encodeURIComponent(name)}/${encodeURIComponent(preferred)}`),
      signal,
    );
    const resources = listAt(answer, 'resources').flatMap((entry) => resourceOf(entry, name, ordered) ?? []);
    return { resources: resources.filter(({ name: plural }) => !KNOWN.has(`${plural}.${name}`)), silent: [] };
  } catch {
    return { resources: [], silent: [`${name}/${preferred}`] };
  }
};

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];

/** null for subresources and for entries without the fields that every resource has. */
const resourceOf = (entry: JsonObject, group: string, versions: readonly string[]): Resource | null => {
  const [name, kind] = [textAt(entry, 'name'), textAt(entry, 'kind')];
  if (name === null || kind === null || name.includes('/')) return null;
  return {
    name,
    singular: textAt(entry, 'singularName') || kind.toLowerCase(),
    shortNames: texts(entry['shortNames']),
    kind,
    group,
    versions,
    namespaced: entry['namespaced'] === true,
    categories: texts(entry['categories']),
    verbs: texts(entry['verbs']),
  };
};
