// get, create, replace and delete --raw: a bare request for any path.

import { isMetricsGroup, type ReadPath, readPath, readQuery } from '../../../model/api-path.ts';
import type { QueryPairs } from '../../../model/api-request.ts';
import type { ActionKind, Trait, Verb } from '../../../model/effect.ts';
import { undecided } from '../../../model/refusal.ts';
import { isUnknown } from '../../shell/unknown.ts';
import { editsOfObject } from '../body/patch.ts';
import { allOf, lastOf } from '../flags.ts';
import { resolvePathKind } from '../resolve.ts';
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
import { isKnownRead, isTrue, PLAIN_SUBRESOURCES, STREAMS, SUBRESOURCE_KINDS } from './subresources.ts';

/** A path of the API and what its query says. */
interface RawPath {
  readonly kind: Kind;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly subresource: string | null;
  readonly query: ReadonlyMap<string, string>;
  readonly watches: boolean;
}

type ParsedPath =
  | { readonly kind: 'object'; readonly path: RawPath }
  | { readonly kind: 'other'; readonly path: string }
  | { readonly kind: 'unreadable' };

/** The path alone: of a whole URL, and of one with a fragment, kubectl uses no more either. */
const pathOf = (raw: string): string => {
  const path = (raw.split(/[?#]/, 1)[0] ?? '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
  return path.startsWith('/') ? path : `/${path}`;
};

/** The text of the query; what is wrongly encoded is left out, as the API server leaves it out. */
const pairsOf = (raw: string): QueryPairs => {
  const from = raw.indexOf('?');
  const text = from < 0 ? '' : (raw.slice(from + 1).split('#', 1)[0] ?? '');
  return text.split('&').flatMap((pair) => readQuery(pair) ?? []);
};

/** All values of one parameter. */
const valuesOf = (raw: string, name: string): readonly string[] =>
  pairsOf(raw).flatMap(([key, value]) => (key === name ? [value] : []));

/** The query's parameters; of repeated ones the first counts, as the API server reads them. */
const queryOf = (raw: string): ReadonlyMap<string, string> => new Map(pairsOf(raw).toReversed());

const parsePath = (command: KubectlCommand, raw: string): ParsedPath => {
  const read: ReadPath = isUnknown(raw) ? { kind: 'unreadable' } : readPath(pathOf(raw));
  if (read.kind !== 'object') return read;
  const { path } = read;
  const kind = resolvePathKind(path, command.surroundings.customResources);
  const query = queryOf(raw);
  return {
    kind: 'object',
    path: {
      kind,
      namespace: path.namespace ?? (kind.resource.namespaced ? '*' : null),
      name: path.name,
      subresource: path.prefix === 'proxy' ? 'proxy' : path.subresource,
      query,
      watches: path.prefix === 'watch' || isTrue(query.get('watch') ?? ''),
    },
  };
};

const UNREADABLE: CommandEffects = {
  ...NO_EFFECTS,
  opaque: { why: 'the path of --raw cannot be read for certain', floor: 'dual' },
  undecided: true,
  refusals: [undecided('path')],
};

const selectorOf = ({ query }: RawPath): string | null => {
  const labels = query.get('labelSelector') ?? '';
  const fields = query.get('fieldSelector') ?? '';
  const both = [...(labels === '' ? [] : [labels]), ...(fields === '' ? [] : [`fields:${fields}`])];
  return both.length === 0 ? null : both.join(',');
};

/** The request for an object's path with a verb that sends no body. */
const bodiless = (
  command: KubectlCommand,
  path: RawPath,
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

const getObject = (command: KubectlCommand, path: RawPath): CommandEffects => {
  const stream = isMetricsGroup(path.kind.resource.group) ? undefined : STREAMS.get(path.subresource ?? '');
  if (stream !== undefined) return bodiless(command, path, 'connect', stream, []);
  const verb: Verb = path.watches ? 'watch' : path.name === null ? 'list' : 'get';
  const result = bodiless(command, path, verb, isSecret(path.kind.resource) ? 'sensitive-read' : 'read', []);
  if (PLAIN_SUBRESOURCES.has(path.subresource) || isMetricsGroup(path.kind.resource.group)) return result;
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
  if (isKnownRead(parsed.path)) return read;
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
