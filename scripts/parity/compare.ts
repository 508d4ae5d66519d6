// Compares the effects that we predict for a command with the requests that a real kubectl sent. It must never run anything.
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { type Effect, READ_VERBS, type Verb } from '../../src/core/effect.ts';
import { effectsOf } from '../../src/core/kubectl/effects.ts';
import { parseKubectl } from '../../src/core/kubectl/parse.ts';
import type { Resource } from '../../src/core/kubectl/resource.ts';

/** One request as it went over the wire. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly upgrade?: string;
}

/** A request in the terms of effects. */
export type Request = Pick<Effect, 'verb' | 'group' | 'resource' | 'subresource' | 'namespace' | 'name' | 'dryRun'>;

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

export const requestOf = (sent: Sent): Request | null => {
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

/** What was sent and not predicted, and what was predicted and not sent. */
export interface Judged {
  readonly under: readonly string[];
  readonly over: readonly string[];
}

const shown = (one: Request | Effect): string =>
  `${one.verb} ${one.resource}.${one.group}/${one.subresource ?? ''} ${one.namespace ?? '-'}/${one.name ?? '-'}${one.dryRun ? ' (dry run)' : ''}`;

const clientDryRun = (argv: readonly string[]): boolean => {
  const value = parseKubectl(argv).flags.get('dry-run')?.at(-1);
  return value !== undefined && value !== 'server' && value !== 'none';
};

/** A command that ran, and what it could see. */
export interface Ran {
  readonly argv: readonly string[];
  readonly requests: readonly Sent[];
  /** It ended well: what was predicted must have been sent. */
  readonly finished: boolean;
  readonly namespace: string;
  readonly files: ReadonlyMap<string, string>;
  readonly customResources: readonly Resource[];
}

/** Compares one command. A client dry run sends nothing; Secrets that are read must be said to be. */
export const compare = (ran: Ran): Judged => {
  const requests = ran.requests.map(requestOf).filter((request) => request !== null);
  const { namespace, files, customResources } = ran;
  const { effects } = effectsOf(parseKubectl(ran.argv), { namespace, files, customResources, readDocuments });
  const dry = clientDryRun(ran.argv);
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
  return { under: [...under, ...silent].map(shown), over: ran.finished ? over.map(shown) : [] };
};

/** Agreement by command. */
export class Tally {
  readonly #rows = new Map<string, { total: number; agreed: number; under: number }>();

  /** Counts one command; true when both sides agree. */
  add(argv: readonly string[], { under, over }: Judged): boolean {
    const command = parseKubectl(argv).path.join(' ');
    const row = this.#rows.get(command) ?? { total: 0, agreed: 0, under: 0 };
    this.#rows.set(command, row);
    const agrees = under.length === 0 && over.length === 0;
    row.total++;
    if (agrees) row.agreed++;
    if (under.length > 0) row.under++;
    return agrees;
  }

  /** A line a command, and their sum. */
  lines(): readonly string[] {
    const rows = [...this.#rows].sort(([, a], [, b]) => b.total - a.total);
    const sum = { total: 0, agreed: 0, under: 0 };
    for (const [, { total, agreed, under }] of rows) {
      sum.total += total;
      sum.agreed += agreed;
      sum.under += under;
    }
    const line = ({ total, agreed, under }: typeof sum): string =>
      `${agreed} of ${total} agree${under > 0 ? `, ${under} under-predicted` : ''}`;
    return [...rows.map(([command, row]) => `${command.padEnd(30)} ${line(row)}`), `${'all'.padEnd(30)} ${line(sum)}`];
  }
}

/** A disagreement as people read it. */
export const difference = (argv: readonly string[], { under, over }: Judged): string =>
  [
    JSON.stringify(argv).slice(0, 240),
    ...under.slice(0, 4).map((one) => `    sent, not predicted: ${one}`),
    ...over.slice(0, 4).map((one) => `    predicted, not sent: ${one}`),
  ].join('\n');
