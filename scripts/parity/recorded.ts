// Compares predicted effects with recorded requests of a real kubectl, kept outside the repository. It must never be part
// of the fast tests, and never copy anything out of the recordings.
//
//   BLASTGATE_FACTS=DIR node scripts/parity/recorded.ts [--all]
//
// DIR holds requests.jsonl: argv, exit code, requests (method, path, query, body), notes on files that were replaced by a
// fixture, a synthetic custom kind where the type was unknown. Prints the disagreements (40, or all) and the agreement.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN, resolveResource } from '../../src/core/kubectl/resolve.ts';
import type { Resource } from '../../src/core/kubectl/resource.ts';
import { compare, difference, type Request, requestOf, type Sent, Tally } from './compare.ts';

interface Recorded {
  readonly argv: readonly string[];
  readonly exit: number;
  readonly requests: readonly Sent[];
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
  if (made !== undefined) return [custom(made.resource, made.group, made.version)];
  // the only custom kind among the requests is what the type words that are not built in mean
  const seen = requests.find(
    ({ group, resource }) => !BUILT_IN.some((one) => one.name === resource && one.group === group),
  );
  if (seen === undefined) return [];
  const words = recorded.argv
    .flatMap((word) => (word.split('/')[0] ?? '').split(','))
    .map((word) => word.split('.')[0] ?? '')
    .filter((word) => /^[A-Za-z]+$/.test(word) && resolveResource(word, []) === null);
  return [{ ...custom(seen.resource, seen.group, 'v1'), namespaced: seen.namespace !== null, shortNames: words }];
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

/** The fixture as its requests show it: a config map, or what else is called so. */
const fixtureOf = (requests: readonly Request[]): string => {
  const found = requests.find(({ name }) => name === 'oracle-fixture');
  const kind = BUILT_IN.find(({ name, group }) => name === found?.resource && group === found.group);
  const apiVersion = kind === undefined || kind.group === '' ? 'v1' : `${kind.group}/${kind.versions[0] ?? 'v1'}`;
  return JSON.stringify({ apiVersion, kind: kind?.kind ?? 'ConfigMap', metadata: { name: 'oracle-fixture' } });
};

const folder = process.env['BLASTGATE_FACTS'];
if (folder === undefined) {
  process.stderr.write('BLASTGATE_FACTS must name the folder that holds requests.jsonl\n');
  process.exit(2);
}
const most = process.argv.includes('--all') ? Number.POSITIVE_INFINITY : 40;
const tally = new Tally();
let printed = 0;
for (const line of readFileSync(join(folder, 'requests.jsonl'), 'utf8').split('\n')) {
  if (line === '') continue;
  const recorded = JSON.parse(line) as Recorded;
  const requests = recorded.requests.map(requestOf).filter((request) => request !== null);
  const judged = compare({
    argv: recorded.argv,
    requests: recorded.requests,
    finished: recorded.exit === 0,
    namespace: 'ctx-default-ns',
    files: new Fixtures(fixtureOf(requests)),
    customResources: customOf(recorded, requests),
  });
  if (!tally.add(recorded.argv, judged) && printed++ < most)
    process.stdout.write(`${difference(recorded.argv, judged)}\n`);
}
process.stdout.write(`${tally.lines().join('\n')}\n`);
