// Runs of a real kubectl that somebody recorded before, from a folder outside the repository (BLASTGATE_FACTS). It must
// never copy anything of them into the repository.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { resolveResource } from '../../src/core/command/kubectl/resolve.ts';
import { BUILT_IN } from '../../src/core/model/built-in-resources.ts';
import type { Json } from '../../src/core/model/json.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import type { Run } from './compare.ts';
import { field, type Request, requestOf, type Sent } from './requests.ts';

interface Recorded {
  readonly argv: readonly string[];
  readonly exit: number;
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: Json;
    readonly contentType?: string;
    readonly upgrade?: string;
  }[];
  readonly stderr?: string;
  readonly syntheticCRD?: { readonly resource: string; readonly group: string; readonly version: string };
}

const custom = (name: string, group: string, version: string): Resource => ({
  name,
  singular: name,
  shortNames: [],
  kind: name,
  group,
  versions: [version],
  namespaced: true,
  categories: [],
  verbs: [],
});

/** The custom kinds that the recording server knew: the synthetic one, and those in its requests. */
const customOf = (recorded: Recorded, requests: readonly Request[]): readonly Resource[] => {
  const made = recorded.syntheticCRD;
  const kinds = new Map<string, Resource>();
  if (made !== undefined) kinds.set(`${made.resource}.${made.group}`, custom(made.resource, made.group, made.version));
  for (const { group, resource, namespace } of requests)
    if (!BUILT_IN.some((one) => one.name === resource && one.group === group))
      kinds.set(`${resource}.${group}`, { ...custom(resource, group, 'v1'), namespaced: namespace !== null });
  const found = [...kinds.values()];
  // type words that are not built in mean the kind whose name begins so, or the only one there is
  const words = recorded.argv
    .flatMap((word) => (word.split('/')[0] ?? '').split(','))
    .map((word) => word.split('.')[0] ?? '')
    .filter((word) => /^[A-Za-z]+$/.test(word) && resolveResource(word, []) === null);
  return found.map((one) => {
    const shortNames = words.filter((word) => found.length === 1 || one.name.startsWith(word.toLowerCase()));
    const full = recorded.argv
      .flatMap((word) => word.split(/[,/]/))
      .find((word) => word.endsWith(`.${one.group}`) && one.name.startsWith((word.split('.')[0] ?? '').toLowerCase()));
    const singular = full === undefined ? one.singular : (full.split('.')[0] ?? '').toLowerCase();
    return { ...one, singular, shortNames };
  });
};

/** Whatever path is asked for: the fixture that the recording server's side had there. */
class Fixtures extends Map<string, string> {
  readonly #text: string;
  constructor(text: string) {
    super();
    this.#text = text;
  }
  override get(_path: string): string {
    return this.#text;
  }
  override has(): boolean {
    return true;
  }
}

/** What every file held. */
const FIXTURE = 'oracle-fixture';

/** The fixture as its requests show it: as it was sent whole, else a config map, or what else is called so. */
const fixtureOf = (requests: readonly Request[], sent: readonly Sent[]): string => {
  const made = sent.find(({ method, body }) => method === 'POST' && field(body, 'metadata', 'name') === FIXTURE);
  if (made !== undefined) return JSON.stringify(made.body);
  const found = requests.find(({ name }) => name === FIXTURE);
  const kind = BUILT_IN.find(({ name, group }) => name === found?.resource && group === found.group);
  const apiVersion = kind === undefined || kind.group === '' ? 'v1' : `${kind.group}/${kind.versions[0] ?? 'v1'}`;
  return JSON.stringify({ apiVersion, kind: kind?.kind ?? 'ConfigMap', metadata: { name: FIXTURE } });
};

const runOf = (recorded: Recorded): Run => {
  const sent = recorded.requests.map(
    ({ method, path, query = {}, body = null, contentType = '', upgrade }): Sent => ({
      method,
      path,
      query,
      body,
      contentType,
      upgrade: upgrade !== undefined,
    }),
  );
  const requests = sent.map(requestOf).filter((request) => request !== null);
  return {
    argv: recorded.argv,
    exit: recorded.exit,
    sent,
    stderr: recorded.stderr ?? '',
    objects: 'always there',
    surroundings: {
      namespace: 'ctx-default-ns',
      files: new Fixtures(fixtureOf(requests, sent)),
      customResources: customOf(recorded, requests),
      readDocuments,
    },
  };
};

/** The recorded runs of a folder; none when it has no requests.jsonl. */
export const recordedRuns = (folder: string): readonly Run[] => {
  const path = join(folder, 'requests.jsonl');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => runOf(JSON.parse(line) as Recorded));
};
