// Compares the effects that we predict with the requests that a real kubectl sent, over recordings kept outside the
// repository. It must never be part of the fast tests, and never copy anything out of the recordings.
//
//   BLASTGATE_FACTS=DIR node scripts/compare-requests.ts [--all]
//
// DIR holds requests.jsonl: argv, exit code, requests (method, path, query, body), notes on files that were replaced by a
// fixture, a synthetic custom kind where the type was unknown. Prints the agreement by command and the disagreements.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocuments } from '../src/adapters/yaml/read-documents.ts';
import { type Effect, READ_VERBS, type Verb } from '../src/core/effect.ts';
import { effectsOf } from '../src/core/kubectl/effects.ts';
import { parseKubectl } from '../src/core/kubectl/parse.ts';
import { BUILT_IN, resolveResource } from '../src/core/kubectl/resolve.ts';
import type { Resource } from '../src/core/kubectl/resource.ts';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly upgrade?: string;
}
interface Recorded {
  readonly argv: readonly string[];
  readonly exit: number;
  readonly requests: readonly Sent[];
  readonly notes?: readonly string[];
  readonly stderr?: string;
  readonly syntheticCRD?: { readonly resource: string; readonly group: string; readonly version: string };
}

/** A request in the terms of effects. */
type Request = Pick<Effect, 'verb' | 'group' | 'resource' | 'subresource' | 'namespace' | 'name' | 'dryRun'>;

const STREAMS = new Set(['exec', 'attach', 'portforward', 'proxy']);
const VERBS: Readonly<Record<string, Verb>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

const field = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value);

const verbOf = ({ method, query }: Sent, name: string | null, subresource: string | null): Verb => {
  if (STREAMS.has(subresource ?? '')) return 'connect';
  if (method === 'DELETE' && name === null) return 'deletecollection';
  if (method !== 'GET') return VERBS[method] ?? 'get';
  return query?.['watch'] === 'true' ? 'watch' : name === null ? 'list' : 'get';
};

const requestOf = (sent: Sent): Request | null => {
  const parts = sent.path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decodeURIComponent(part));
  const core = parts[0] === 'api' && parts.length > 2;
  if (!core && !(parts[0] === 'apis' && parts.length > 3)) return null;
  let rest = parts.slice(core ? 2 : 3);
  let namespace: string | null = null;
  if (rest[0] === 'namespaces' && rest.length > 2 && !['finalize', 'status'].includes(rest[2] ?? '')) {
    namespace = rest[1] ?? null;
    rest = rest.slice(2);
  }
  const [resource = '', pathName, subresource = null] = rest;
  const bodyName = field(sent.body, 'metadata', 'name');
  const name =
    pathName ?? namedBySelector(sent) ?? (sent.method === 'POST' && typeof bodyName === 'string' ? bodyName : null);
  const bodyDryRun = field(sent.body, 'dryRun') ?? field(sent.body, 'deleteOptions', 'dryRun');
  const dryRun = sent.query?.['dryRun'] === 'All' || (Array.isArray(bodyDryRun) && bodyDryRun.includes('All'));
  return {
    verb: verbOf(sent, pathName ?? null, subresource),
    group: core ? '' : (parts[1] ?? ''),
    resource,
    subresource,
    namespace,
    name,
    dryRun,
  };
};

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
const fixtureOf = (recorded: Recorded, requests: readonly Request[]): string => {
  const found = requests.find(({ name }) => name === 'oracle-fixture');
  const kind = BUILT_IN.find(({ name, group }) => name === found?.resource && group === found.group);
  const apiVersion = kind === undefined || kind.group === '' ? 'v1' : `${kind.group}/${kind.versions[0] ?? 'v1'}`;
  void recorded;
  return JSON.stringify({ apiVersion, kind: kind?.kind ?? 'ConfigMap', metadata: { name: 'oracle-fixture' } });
};

/** A list or watch of one name is that object's, to the API server too. */
const namedBySelector = ({ query }: Sent): string | null => {
  const selector = query?.['fieldSelector'];
  return typeof selector === 'string' ? (/^metadata\.name=([^,]+)$/.exec(selector)?.[1] ?? null) : null;
};

const wild = (predicted: string | null, real: string | null): boolean =>
  predicted === real || predicted === '*' || (predicted === null && real !== null);

const matches = (effect: Effect, request: Request): boolean =>
  effect.verb === request.verb &&
  wild(effect.group, request.group) &&
  wild(effect.resource, request.resource) &&
  effect.subresource === request.subresource &&
  (wild(effect.namespace, request.namespace) || (effect.namespace !== null && effect.resource === '*')) &&
  // some recorded bodies are not readable: nobody knows the name then
  (wild(effect.name, request.name) || (request.verb === 'create' && request.name === null)) &&
  (effect.dryRun === request.dryRun || READ_VERBS.has(effect.verb));

const isRead = ({ verb }: { readonly verb: Verb }): boolean => READ_VERBS.has(verb);

interface Judged {
  readonly under: readonly string[];
  readonly over: readonly string[];
}

const shown = (one: Request | Effect): string =>
  `${one.verb} ${one.resource}.${one.group}/${one.subresource ?? ''} ${one.namespace ?? '-'}/${one.name ?? '-'}${one.dryRun ? ' (dry run)' : ''}`;

const clientDryRun = (argv: readonly string[]): boolean => {
  const value = parseKubectl(argv).flags.get('dry-run')?.at(-1);
  return value !== undefined && value !== 'server' && value !== 'none';
};

const judge = (recorded: Recorded): Judged => {
  const requests = recorded.requests.map(requestOf).filter((request) => request !== null);
  const files = new Fixtures(fixtureOf(recorded, requests));
  const { effects } = effectsOf(parseKubectl(recorded.argv), {
    namespace: 'ctx-default-ns',
    files,
    customResources: customOf(recorded, requests),
    readDocuments,
  });
  const dry = clientDryRun(recorded.argv);
  const predicted = effects.filter((effect) => !(dry && effect.dryRun));
  const writes = requests.filter((request) => !isRead(request));
  const under = writes.filter((request) => !predicted.some((effect) => matches(effect, request)));
  // Secrets that were read and not said so
  const secrets = requests.filter(
    (request) => isRead(request) && request.resource === 'secrets' && request.group === '',
  );
  const silent = secrets.filter(
    (request) => !effects.some((effect) => wild(effect.resource, 'secrets') && wild(effect.name, request.name)),
  );
  const over = predicted.filter(
    (effect) =>
      !effect.resource.startsWith('/') &&
      effect.resource !== 'kubeconfig' &&
      !requests.some((request) => matches(effect, request)),
  );
  return { under: [...under, ...silent].map(shown), over: recorded.exit === 0 ? over.map(shown) : [] };
};

const folder = process.env['BLASTGATE_FACTS'];
if (folder === undefined) {
  process.stderr.write('BLASTGATE_FACTS must name the folder that holds requests.jsonl\n');
  process.exit(2);
}
const everything = process.argv.includes('--all');
const all = readFileSync(join(folder, 'requests.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Recorded);
const byCommand = new Map<string, { total: number; agreed: number; under: number }>();
let printed = 0;
for (const recorded of all) {
  const { under, over } = judge(recorded);
  const command = parseKubectl(recorded.argv).path.join(' ');
  const row = byCommand.get(command) ?? { total: 0, agreed: 0, under: 0 };
  byCommand.set(command, row);
  row.total++;
  if (under.length > 0) row.under++;
  if (under.length === 0 && over.length === 0) row.agreed++;
  else if (everything || printed++ < 60) {
    process.stdout.write(
      `${JSON.stringify(recorded.argv).slice(0, 240)} exit ${recorded.exit} ${(recorded.notes ?? []).join(',').slice(0, 80)}\n`,
    );
    for (const one of under.slice(0, 4)) process.stdout.write(`    sent, not predicted: ${one}\n`);
    for (const one of over.slice(0, 4)) process.stdout.write(`    predicted, not sent: ${one}\n`);
  }
}
const rows = [...byCommand].sort(([, a], [, b]) => b.total - a.total);
for (const [command, { total, agreed, under }] of rows)
  process.stdout.write(`${command.padEnd(28)} ${agreed} of ${total}${under > 0 ? `, ${under} under-predicted` : ''}\n`);
const sum = (pick: (row: { total: number; agreed: number; under: number }) => number): number =>
  rows.reduce((total, [, row]) => total + pick(row), 0);
process.stdout.write(
  `${sum(({ agreed }) => agreed)} of ${sum(({ total }) => total)} agree, ${sum(({ under }) => under)} under-predicted\n`,
);
