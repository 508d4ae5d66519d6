// get, create, replace and delete --raw: a bare request for any path.
import type { ActionKind, Trait, Verb } from '../../../model/effect.ts';
import { undecided } from '../../../model/refusal.ts';
import { isUnknown } from '../../shell/unknown.ts';
import { editsOfObject } from '../body/patch.ts';
import { allOf, lastOf } from '../flags.ts';
import { resolveResource, unknownResource } from '../resolve.ts';
import { writesBody } from './body.ts';
import { pathKind } from './built-in.ts';
import { deletionKind } from './delete.ts';
import { optionsOfBody, optionsOfQuery, traitsOfOptions } from './delete-options.ts';
import {
  type CommandEffects,
  concat,
  effectsOnly,
  isSecret,
  type Kind,
  type KubectlCommand,
  NO_EFFECTS,
  PLAIN,
  readEffect,
  writeEffect,
} from './effect-builder.ts';
import { manifestsOf, unseenWrite } from './manifests.ts';
import { asArgvs, readNestedCommands } from './nested.ts';
import { selectionOf } from './selection.ts';

/** A path of the API, taken apart. */
interface ApiPath {
  readonly kind: Kind;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly subresource: string | null;
  readonly query: ReadonlyMap<string, string>;
  readonly watches: boolean;
}

type ParsedPath =
  | { readonly kind: 'object'; readonly path: ApiPath }
  | { readonly kind: 'other'; readonly path: string }
  | { readonly kind: 'unreadable' };

/** The path alone: of a whole URL, and of one with a fragment, kubectl uses no more either. */
const pathOf = (raw: string): string => (raw.split(/[?#]/, 1)[0] ?? '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');

/** Decoded, without its query; null when decoding leaves doubt about which path the server sees. */
const decode = (raw: string): string | null => {
  const path = pathOf(raw);
  if (isUnknown(raw) || /%2f|%25|\/\/|\\/i.test(path)) return null;
  try {
    const decoded = decodeURIComponent(path);
    const strange = decoded.split('/').some((part) => part === '..' || part === '.') || /[^!-~]/.test(decoded);
    return strange ? null : decoded;
  } catch {
    return null;
  }
};

const kindOf = (command: KubectlCommand, resource: string, version: string, group: string): Kind => {
  const word = `${resource}.${version}.${group}`;
  return (
    resolveResource(word, command.surroundings.customResources) ?? {
      resource: unknownResource(word),
      known: 'unknown',
    }
  );
};

const plus = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

/** All values of one parameter. */
const valuesOf = (raw: string, name: string): readonly string[] =>
  raw
    .slice(raw.includes('?') ? raw.indexOf('?') + 1 : raw.length)
    .split('&')
    .filter((pair) => plus(pair.split('=', 1)[0] ?? '') === name)
    .map((pair) => plus(pair.slice(pair.indexOf('=') + 1)));

/** The query's parameters; of repeated ones the first counts, as the API server reads them. */
const queryOf = (raw: string): ReadonlyMap<string, string> => {
  const query = new Map<string, string>();
  const from = raw.indexOf('?');
  for (const pair of from < 0 ? [] : (raw.slice(from + 1).split('#', 1)[0] ?? '').split('&')) {
    const [key = '', ...value] = pair.split('=');
    if (!query.has(plus(key))) query.set(plus(key), plus(value.join('=')));
  }
  return query;
};

/** Groups that are only read: numbers of pods, nodes and whatever an adapter measures. */
const isMetrics = (group: string): boolean => /^(?:(?:custom|external)\.)?metrics\.k8s\.io$/.test(group);

/** /api/v1/…, /apis/GROUP/VERSION/… with [watch/][namespaces/NS/]RESOURCE[/NAME[/SUBRESOURCE…]] */
const parsePath = (command: KubectlCommand, raw: string): ParsedPath => {
  const decoded = decode(raw);
  if (decoded === null) return { kind: 'unreadable' };
  const parts = decoded.split('/').filter((part) => part !== '');
  const core = parts[0] === 'api' && parts.length > 2;
  if (!core && !(parts[0] === 'apis' && parts.length > 3)) return { kind: 'other', path: decoded };
  const [group, version = ''] = core ? ['', parts[1]] : [parts[1] ?? '', parts[2]];
  let rest = parts.slice(core ? 2 : 3);
  const watches = rest[0] === 'watch';
  if (watches) rest = rest.slice(1);
  const word = (at: number): string => (rest[at] ?? '').toLowerCase();
  // /namespaces/NS and its status and finalize are the Namespace itself
  const inside = word(0) === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(word(2));
  const namespace = inside ? (rest[1] ?? null) : null;
  const [resource = '', name, ...sub] = inside ? rest.slice(2) : rest;
  const query = queryOf(raw);
  const kind = kindOf(command, resource, version, group);
  return {
    kind: 'object',
    path: {
      kind,
      namespace: namespace ?? (kind.resource.namespaced ? '*' : null),
      name: name ?? null,
      subresource: sub[0] === undefined ? null : isMetrics(group) ? sub[0] : sub[0].toLowerCase(),
      query,
      watches: watches || /^(?:1|t|true)$/i.test(query.get('watch') ?? ''),
    },
  };
};

const UNREADABLE: CommandEffects = {
  ...NO_EFFECTS,
  opaque: { why: 'the path of --raw cannot be read for certain', floor: 'dual' },
  undecided: true,
  refusals: [undecided('path')],
};

const selectorOf = ({ query }: ApiPath): string | null => {
  const labels = query.get('labelSelector') ?? '';
  const fields = query.get('fieldSelector') ?? '';
  const both = [...(labels === '' ? [] : [labels]), ...(fields === '' ? [] : [`fields:${fields}`])];
  return both.length === 0 ? null : both.join(',');
};

/** Subresources through which a GET reaches into a pod, a node or what listens behind a service. */
const STREAMS: ReadonlyMap<string, ActionKind> = new Map([
  ['proxy', 'sensitive-read'],
  ['exec', 'exec'],
  ['attach', 'exec'],
  ['portforward', 'tunnel'],
]);

const PLAIN_SUBRESOURCES = new Set([null, 'log', 'status', 'scale']);

/** The request for an object's path with a verb that sends no body. */
const bodiless = (
  command: KubectlCommand,
  path: ApiPath,
  verb: Verb,
  kind: ActionKind,
  traits: readonly Trait[],
): CommandEffects =>
  effectsOnly([
    (traits.length === 0 ? readEffect : writesOf(command))(path.kind, path.namespace, path.name ?? '*', {
      ...PLAIN,
      verb,
      kind,
      subresource: path.subresource,
      selector: path.name === null ? selectorOf(path) : null,
      traits,
    }),
  ]);

/** A raw write, which is never a dry run. */
const writesOf =
  (command: KubectlCommand): typeof readEffect =>
  (kind, namespace, name, details) =>
    writeEffect(command, kind, namespace, name, details);

const KNOWN_PATHS = /^\/(?:healthz|livez|readyz|version|metrics|openapi|apis?|configz|\.well-known)(?:\/|$)|^\/$/;

const getObject = (command: KubectlCommand, path: ApiPath): CommandEffects => {
  const stream = isMetrics(path.kind.resource.group) ? undefined : STREAMS.get(path.subresource ?? '');
  if (stream !== undefined) return bodiless(command, path, 'connect', stream, []);
  const verb: Verb = path.watches ? 'watch' : path.name === null ? 'list' : 'get';
  const result = bodiless(command, path, verb, isSecret(path.kind.resource) ? 'sensitive-read' : 'read', []);
  if (PLAIN_SUBRESOURCES.has(path.subresource) || isMetrics(path.kind.resource.group)) return result;
  return { ...result, opaque: { why: `nobody knows what reading ${path.subresource ?? ''} does`, floor: 'human' } };
};

/** exec names its command in the query. */
const runsInQuery = (command: KubectlCommand): CommandEffects => {
  const argv = valuesOf(lastOf(command.invocation, 'raw') ?? '', 'command');
  return readNestedCommands(command, asArgvs(argv.length === 0 ? [] : [argv]));
};

export function getRaw(command: KubectlCommand): CommandEffects {
  const parsed = parsePath(command, lastOf(command.invocation, 'raw') ?? '');
  if (parsed.kind === 'unreadable') return UNREADABLE;
  if (parsed.kind === 'object') return concat(getObject(command, parsed.path), runsInQuery(command));
  const read = effectsOnly([readEffect(pathKind(parsed.path), null, null, { ...PLAIN, verb: 'get', kind: 'read' })]);
  if (KNOWN_PATHS.test(parsed.path)) return read;
  return { ...read, opaque: { why: `nobody knows what reading ${parsed.path} does`, floor: 'human' } };
}

/** A write to a path that belongs to no kind. */
const otherWrite = (path: string, verb: Verb): CommandEffects => ({
  ...effectsOnly([
    readEffect({ ...pathKind(path), known: 'unknown' }, null, null, {
      ...PLAIN,
      verb,
      kind: 'patch',
      traits: ['raw', 'kind-unknown'],
    }),
  ]),
  opaque: { why: `nobody knows what writing to ${path} does`, floor: 'dual' },
  undecided: true,
});

export function deleteRaw(command: KubectlCommand): CommandEffects {
  const parsed = parsePath(command, lastOf(command.invocation, 'raw') ?? '');
  if (parsed.kind === 'unreadable') return UNREADABLE;
  if (parsed.kind === 'other') return otherWrite(parsed.path, 'delete');
  const { path } = parsed;
  const { resource } = path.kind;
  const stream = STREAMS.get(path.subresource ?? '');
  if (stream !== undefined) return bodiless(command, path, 'connect', stream, ['raw']);
  const kind = deletionKind(resource);
  const { objects, unseen } = manifestsOf(command);
  const options = objects[0] === undefined ? optionsOfQuery(path.query) : optionsOfBody(objects[0].body);
  const how: readonly Trait[] = ['raw', ...traitsOfOptions(options)];
  const hidden: CommandEffects = {
    ...NO_EFFECTS,
    refusals: unseen.map((about) => ({ code: 'unseen-content', about })),
  };
  const seen: readonly Trait[] = unseen.length === 0 ? how : [...how, 'unseen-content'];
  if (path.name !== null) return concat(bodiless(command, path, 'delete', kind, seen), hidden);
  const { query } = path;
  const selection = selectionOf(query.get('labelSelector') ?? '', query.get('fieldSelector') ?? '', false);
  const spread: readonly Trait[] = path.namespace === '*' ? ['all-namespaces'] : [];
  return concat(bodiless(command, path, 'deletecollection', kind, [...seen, ...selection.traits, ...spread]), hidden);
}

/** What a POST or PUT to a subresource is. */
const SUBRESOURCE_KINDS: ReadonlyMap<string, ActionKind> = new Map([
  ...STREAMS,
  ['eviction', 'delete-pod'],
  ['token', 'grant'],
  ['approval', 'grant'],
  ['ephemeralcontainers', 'exec'],
  ['binding', 'patch'],
]);

/** POST and PUT of the body that -f brings, or of one that nobody has seen. */
const write =
  (verb: 'create' | 'update') =>
  (command: KubectlCommand): CommandEffects => {
    const parsed = parsePath(command, lastOf(command.invocation, 'raw') ?? '');
    if (parsed.kind === 'unreadable') return UNREADABLE;
    if (parsed.kind === 'other') return otherWrite(parsed.path, verb);
    const { path } = parsed;
    const { objects, unseen } = manifestsOf(command);
    const special = SUBRESOURCE_KINDS.get(path.subresource ?? '');
    if (special !== undefined && STREAMS.has(path.subresource ?? ''))
      return concat(bodiless(command, path, 'connect', special, ['raw']), runsInQuery(command));
    const whole: ActionKind = verb === 'create' ? 'create' : 'apply';
    const [manifest] = objects;
    if (manifest === undefined || unseen.length > 0 || allOf(command.invocation, 'filename').length === 0) {
      const hidden = bodiless(command, path, verb, special ?? (path.subresource === 'scale' ? 'scale' : whole), [
        'raw',
        'unseen-content',
      ]);
      const bytes = unseenWrite(command, unseen.length === 0 ? ['-'] : unseen, verb, whole, []);
      return concat(hidden, { ...bytes, effects: [] });
    }
    const name = path.name ?? manifest.name;
    return writesBody(command, path.kind, path.namespace, name, editsOfObject(manifest.body, 'put'), {
      verb,
      road: verb === 'create' ? 'create' : 'put',
      subresource: path.subresource,
      selector: null,
      traits:
        path.subresource === 'eviction'
          ? ['raw', ...traitsOfOptions(optionsOfBody(manifest.body['deleteOptions']))]
          : ['raw'],
      kindOf: (reading) => {
        if (special !== undefined) return special;
        if (path.subresource === 'scale') return 'scale';
        return reading.patchKind === 'grant' ? 'grant' : whole;
      },
    });
  };

export const createRaw = write('create');
export const replaceRaw = write('update');
