// A request whose parts were read → what it does: the one effect that it is, the commands in its body, and what refuses it.

import { carriesContent, editsOfObject, editsOfPatch } from '../command/kubectl/body/patch.ts';
import type { BodyChanges } from '../command/kubectl/body/read-body.ts';
import { creationKind, kindUnless, runsOwnCommand } from '../command/kubectl/effects/apply.ts';
import { type Sending, writesBody } from '../command/kubectl/effects/body.ts';
import { pathKind } from '../command/kubectl/effects/built-in.ts';
import { deletionKind } from '../command/kubectl/effects/delete.ts';
import { optionsOfBody, traitsOfOptions } from '../command/kubectl/effects/delete-options.ts';
import {
  type CommandEffects,
  concat,
  concatAll,
  effectsOnly,
  isSecret,
  type Kind,
  NO_EFFECTS,
  OTHER,
  PLAIN,
  readEffect,
  refusalsOnly,
  type WriteContext,
  writeEffect,
} from '../command/kubectl/effects/effect-builder.ts';
import { asObject } from '../command/kubectl/effects/manifests.ts';
import { asArgvs, readNestedCommands } from '../command/kubectl/effects/nested.ts';
import { selectionOf } from '../command/kubectl/effects/selection.ts';
import {
  isKnownRead,
  isTrue,
  PLAIN_SUBRESOURCES,
  STREAMS,
  SUBRESOURCE_KINDS,
} from '../command/kubectl/effects/subresources.ts';
import { refusedKinds, refusedName, refusedNamespace } from '../command/kubectl/effects/targets.ts';
import { resolvePathKind } from '../command/kubectl/resolve.ts';
import { type ApiPath, isMetricsGroup } from '../model/api-path.ts';
import type { Surroundings } from '../model/command.ts';
import { type ActionKind, type Change, type Effect, isWrite, type Trait, type Verb } from '../model/effect.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Mutation } from '../model/mutation.ts';
import { undecided } from '../model/refusal.ts';
import { appliedBefore } from './client-apply.ts';
import { dryRunOf } from './dry-run.ts';
import type { RequestMethod, RequestReading } from './read-request.ts';
import { evictionOf, requestedDeletion } from './requested-deletion.ts';
import { sentByRequest } from './sent-request.ts';

/** What a request is about, and how its writes are read. */
interface Asked extends WriteContext {
  readonly surroundings: Surroundings;
  readonly reading: RequestReading & { readonly method: RequestMethod };
  readonly path: ApiPath;
  readonly kind: Kind;
  /** "*" where the path names none of a kind that lives in one. */
  readonly namespace: string | null;
  readonly query: ReadonlyMap<string, string>;
}

const doubtful = (about: string): CommandEffects => ({
  ...NO_EFFECTS,
  undecided: true,
  refusals: [{ code: 'unreadable-request', about }, undecided('request')],
});

const opaque = (why: string, floor: 'human' | 'dual'): CommandEffects => ({ ...NO_EFFECTS, opaque: { why, floor } });

/** A body that nobody has seen could be anything. */
const UNSEEN: CommandEffects = { ...NO_EFFECTS, undecided: true, refusals: [undecided('content')] };

/** The effect of a request without a body, or of one whose body says nothing. */
const bodiless = (
  asked: Asked,
  verb: Verb,
  kind: ActionKind,
  more: Partial<Parameters<typeof writeEffect>[4]>,
): Effect =>
  (kind === 'read' ? readEffect : writing(asked))(asked.kind, asked.namespace, nameOf(asked), {
    ...PLAIN,
    verb,
    kind,
    subresource: asked.path.subresource,
    ...more,
  });

const writing =
  (asked: Asked): typeof readEffect =>
  (kind, namespace, name, details) =>
    writeEffect(asked, kind, namespace, name, details);

const metadataOf = (body: Json): JsonObject => asObject(asObject(body)?.['metadata']) ?? {};

const textIn = (object: JsonObject, key: string): string | null => {
  const value = object[key];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** Of a new object its body's; null where the server makes it. */
const nameOf = ({ path, reading }: Asked): string | null => {
  if (path.name !== null) return path.name;
  if (reading.method !== 'POST') return '*';
  return reading.body.kind === 'seen' ? textIn(metadataOf(reading.body.value), 'name') : '*';
};

/** Subresources decide before verbs: a GET of them is no read. A stream shows nothing beforehand, so no dry run of it counts. */
const connects = (asked: Asked, subresource: string, kind: ActionKind): CommandEffects => {
  const argv = asked.reading.query.flatMap(([name, value]) => (name === 'command' ? [value] : []));
  const runs = subresource === 'exec' ? argv : [];
  const change = programOf(asked, runs);
  const effect = readEffect(asked.kind, asked.namespace, asked.path.name ?? '*', {
    ...PLAIN,
    verb: 'connect',
    kind,
    subresource,
    change,
  });
  return concatAll([
    { ...effectsOnly([effect]), innerArgv: runs.length === 0 ? null : runs },
    readNestedCommands({ ...asked, dryRun: 'none' }, asArgvs(runs.length === 0 ? [] : [runs])),
    refusalsOnly(change.to === 'run' ? [] : [{ code: 'interactive', about: subresource }]),
  ]);
};

/** A program without a terminal and without input, which the gate runs itself; else it needs the stream that was asked for. */
const programOf = ({ query, reading }: Asked, argv: readonly string[]): Change => {
  const isStream = isTrue(query.get('stdin') ?? '') || isTrue(query.get('tty') ?? '');
  if (argv.length === 0 || isStream || reading.doubts.length > 0) return OTHER;
  return { to: 'run', argv, container: query.get('container') ?? null, of: null };
};

const selectorOf = (asked: Asked) =>
  selectionOf(asked.query.get('labelSelector') ?? '', asked.query.get('fieldSelector') ?? '', false);

const reads = (asked: Asked): CommandEffects => {
  const { path, kind, query } = asked;
  const watches = path.prefix === 'watch' || isTrue(query.get('watch') ?? '');
  const verb: Verb = watches ? 'watch' : path.name === null ? 'list' : 'get';
  const selector = path.name === null ? selectorOf(asked).selector : null;
  const action: ActionKind = isSecret(kind.resource) ? 'sensitive-read' : 'read';
  const effect = readEffect(kind, asked.namespace, path.name ?? '*', {
    ...PLAIN,
    verb,
    kind: action,
    subresource: path.subresource,
    selector,
  });
  const isPlain = PLAIN_SUBRESOURCES.has(path.subresource) || isMetricsGroup(path.group);
  return isPlain
    ? effectsOnly([effect])
    : concat(effectsOnly([effect]), opaque(`nobody knows what reading ${path.subresource ?? ''} does`, 'human'));
};

const deletes = (asked: Asked): CommandEffects => {
  const { path, kind, reading } = asked;
  if (path.subresource !== null) return doubtful(`nothing deletes the ${path.subresource} of an object`);
  const { traits, change } = requestedDeletion(reading, asked.query);
  const action = deletionKind(kind.resource);
  const unseen: readonly Trait[] = isBinary(reading) ? ['unseen-content'] : [];
  // a kind that nobody knows may be a protected one (scoring section 7, b)
  const isNameless = kind.known === 'unknown' && kind.resource.group === '';
  const wrong = misplacedPath(asked);
  const doubt = concatAll([
    wrong === null ? NO_EFFECTS : doubtful(wrong),
    isNameless ? { ...NO_EFFECTS, undecided: asked.dryRun === 'none', refusals: [undecided('kind')] } : NO_EFFECTS,
    isBinary(reading) ? refusalsOnly([{ code: 'unseen-content', about: 'DeleteOptions' }]) : NO_EFFECTS,
  ]);
  if (path.name !== null)
    return concat(effectsOnly([bodiless(asked, 'delete', action, { traits: [...traits, ...unseen], change })]), doubt);
  const { selector, traits: chosen } = selectorOf(asked);
  const spread: readonly Trait[] = asked.namespace === '*' ? ['all-namespaces'] : [];
  const all = [...traits, ...unseen, ...chosen, ...spread];
  return concat(effectsOnly([bodiless(asked, 'deletecollection', action, { selector, traits: all, change })]), doubt);
};

/** Subresources that can be written, and by which methods (Kubernetes API reference); any other may do anything. */
const WRITABLE: ReadonlyMap<string, readonly RequestMethod[]> = new Map([
  ['status', ['PUT', 'PATCH']],
  ['scale', ['PUT', 'PATCH']],
  ['approval', ['PUT', 'PATCH']],
  ['ephemeralcontainers', ['PUT', 'PATCH']],
  ['resize', ['PUT', 'PATCH']],
  ['finalize', ['PUT']],
  ['eviction', ['POST']],
  ['binding', ['POST']],
  ['token', ['POST']],
]);

const VERBS: Readonly<Record<'POST' | 'PUT' | 'PATCH', 'create' | 'update' | 'patch'>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
};

/** What the write is, given what its body changes. */
const kindOfWrite = (asked: Asked, verb: 'create' | 'update' | 'patch'): Sending['kindOf'] => {
  const { path, kind, reading } = asked;
  const special = SUBRESOURCE_KINDS.get(path.subresource ?? '');
  if (special !== undefined) return () => special;
  if (path.subresource === 'scale') return () => 'scale';
  if (verb === 'create') return (changes) => creationKind(kind, changes);
  return verb === 'update' || reading.patch === 'apply'
    ? kindUnless('apply')
    : ({ patchKind }: BodyChanges) => patchKind;
};

/** An approval of a certificate request; a body that takes its words from elsewhere may be one. */
const approves = (body: Json): readonly Trait[] => (/approved/i.test(JSON.stringify(body)) ? ['approves-csr'] : []);

/** Of how it is done, besides what the body changes. */
const traitsOfWrite = ({ path, kind, reading }: Asked, body: Json): readonly Trait[] => {
  switch (path.subresource) {
    case 'eviction':
      return traitsOfOptions(optionsOfBody(asObject(body)?.['deleteOptions']));
    case 'approval':
      return approves(body);
    case null:
      return reading.method === 'POST' && runsOwnCommand(kind, asObject(body) ?? {}) ? ['explicit-command'] : [];
    default:
      return [];
  }
};

/** Why the API server has no such path for a write: what is carried out is written to the path that it has. */
const misplacedPath = ({ path, kind, namespace }: Asked): string | null => {
  if (path.prefix !== null) return `nothing writes behind /${path.prefix}/`;
  if (!path.isPlain) return 'the API server knows its words in small letters alone, and nothing behind a subresource';
  if (!kind.resource.namespaced && path.namespace !== null) return `${kind.resource.name} live in no namespace`;
  return path.name !== null && namespace === '*' ? 'the path names no namespace' : null;
};

/** Why the API server takes no such write, whatever it holds; null: it may. */
const misplaced = (asked: Asked): string | null => {
  const { path, namespace, reading } = asked;
  const { method } = reading;
  const wrong = misplacedPath(asked);
  if (wrong !== null) return wrong;
  if (path.subresource === null && (method === 'POST') !== (path.name === null))
    return method === 'POST'
      ? 'POST goes to a collection, and the path names an object'
      : `${method} needs a name in the path`;
  if (path.name === null && namespace === '*') return 'the path names no namespace';
  return null;
};

/** The body names another object than the path: the API server refuses it. */
const namesAnother = ({ path, namespace, reading, kind }: Asked, body: Json): string | null => {
  if (reading.patch === 'json') return null;
  const metadata = metadataOf(body);
  const [own, place] = [textIn(metadata, 'name'), textIn(metadata, 'namespace')];
  if (path.name !== null && own !== null && own !== path.name) return `the body is of ${JSON.stringify(own)}`;
  if (place !== null && namespace !== '*' && place !== namespace)
    return `the body is of the namespace ${JSON.stringify(place)}`;
  const said = textIn(asObject(body) ?? {}, 'kind');
  const isOther = path.subresource === null && kind.known !== 'unknown' && said !== null && said !== kind.resource.kind;
  return isOther ? `the body is a ${said}, the path of ${kind.resource.name}` : null;
};

/** A text that cannot be read is part of the proposal all the same. */
const isBinary = ({ body }: RequestReading): boolean => body.kind === 'unseen' && !body.isThere;

/** A write whose body was not seen. */
const unseenWrite = (asked: Asked, verb: 'create' | 'update' | 'patch'): CommandEffects => {
  const { path } = asked;
  const whole: ActionKind = verb === 'create' ? 'create' : verb === 'update' ? 'apply' : 'patch';
  const kind = SUBRESOURCE_KINDS.get(path.subresource ?? '') ?? (path.subresource === 'scale' ? 'scale' : whole);
  const traits: readonly Trait[] = [
    ...(isBinary(asked.reading) ? ['unseen-content' as const] : []),
    ...(path.subresource === 'approval' ? ['approves-csr' as const] : []),
  ];
  return concat(effectsOnly([bodiless(asked, verb, kind, { traits })]), UNSEEN);
};

const writes = (asked: Asked, method: 'POST' | 'PUT' | 'PATCH'): CommandEffects => {
  const { path, kind, reading, namespace } = asked;
  const verb = VERBS[method];
  const wrong = misplaced(asked);
  const isKnown = path.subresource === null || WRITABLE.get(path.subresource)?.includes(method) === true;
  const why = `nobody knows what ${method} of ${path.subresource ?? ''} does`;
  const doubt = concat(
    isKnown ? NO_EFFECTS : { ...opaque(why, 'dual'), undecided: true, refusals: [undecided('path')] },
    wrong === null ? NO_EFFECTS : doubtful(wrong),
  );
  if (reading.body.kind === 'unseen') return concat(unseenWrite(asked, verb), doubt);
  const body = reading.body.kind === 'seen' ? reading.body.value : {};
  const other = namesAnother(asked, body);
  const edits =
    method !== 'PATCH' || reading.patch === 'apply'
      ? editsOfObject(body, method === 'PUT' ? 'put' : 'said')
      : reading.patch === null
        ? null
        : editsOfPatch(reading.patch, body);
  if (edits === null || (asObject(body) === null) !== (reading.patch === 'json'))
    return concatAll([unseenWrite(asked, verb), doubtful('the body is no patch or object of its type'), doubt]);
  if (isSecret(kind.resource) && reading.patch === 'json' && carriesContent(body))
    return concatAll([unseenWrite(asked, verb), doubtful('it carries what the Secret holds elsewhere'), doubt]);
  const sending: Sending = {
    verb,
    road: method === 'POST' ? 'create' : method === 'PUT' ? 'put' : reading.patch === 'apply' ? 'apply' : 'patch',
    subresource: path.subresource,
    selector: null,
    traits: traitsOfWrite(asked, body),
    kindOf: kindOfWrite(asked, verb),
    mutation: mutationOf(asked, body, wrong ?? other),
  };
  const written =
    appliedBefore(asked, { kind, namespace, name: nameOf(asked) }, { body, edits, sending }) ??
    writesBody(asked, kind, namespace, nameOf(asked), edits, sending);
  return concatAll([asExecuted(asked, written, body), doubt, other === null ? NO_EFFECTS : doubtful(other)]);
};

/** What is sent; null where nobody knows for certain what the API server would make of it, or where nothing is written. */
const mutationOf = (asked: Asked, body: Json, wrong: string | null): Mutation | null => {
  const { reading, kind, path, dryRun } = asked;
  if (wrong !== null || dryRun !== 'none' || reading.doubts.length > 0 || isUnknownText(body)) return null;
  return sentByRequest({ reading, kind, subresource: path.subresource, body }, asked.surroundings);
};

/** A NUL stands for what is only known when it runs: no request holds one that the API server takes. */
const isUnknownText = (body: Json): boolean => JSON.stringify(body).includes(String.raw`\u0000`);

/**
 * A restart is carried out with the time of the write, so that the stamp in its body decides nothing; an eviction is the
 * deletion of one pod that its budgets may forbid.
 */
const asExecuted = ({ path }: Asked, written: CommandEffects, body: Json): CommandEffects => ({
  ...written,
  effects: written.effects.map((effect): Effect => {
    if (effect.dryRun) return effect;
    if (effect.change.to === 'restart') {
      const { mutation: _stamped, ...restart } = effect;
      return restart;
    }
    return path.subresource === 'eviction' ? { ...effect, change: evictionOf(body) } : effect;
  }),
});

/** What the names of the path are refused for. */
const concerns = (asked: Asked): CommandEffects => {
  const { kind, namespace, reading } = asked;
  const name = nameOf(asked);
  const isRead = reading.method === 'GET' || reading.method === 'HEAD';
  const refusals = [
    name === null ? null : refusedName(name, kind.resource),
    namespace === null ? null : refusedNamespace(namespace),
    ...(isRead || asked.dryRun !== 'none' ? [] : refusedKinds([{ ...kind, name: name ?? '*' }])),
  ].filter((one) => one !== null);
  return refusalsOnly(refusals);
};

const ofObject = (asked: Asked): CommandEffects => {
  const { path, reading } = asked;
  const isMetrics = isMetricsGroup(path.group);
  const subresource = path.prefix === 'proxy' ? 'proxy' : path.subresource;
  const stream = isMetrics ? undefined : STREAMS.get(subresource ?? '');
  if (stream !== undefined && subresource !== null) return connects(asked, subresource, stream);
  switch (reading.method) {
    case 'GET':
    case 'HEAD':
      return reads(asked);
    case 'DELETE':
      return deletes(asked);
    case 'POST':
    case 'PUT':
    case 'PATCH':
      return writes(asked, reading.method);
    default:
      return reading.method satisfies never;
  }
};

/** The answer to a write shows the object, so that a dry run on a Secret reads it. */
const withShownSecrets = (result: CommandEffects, { resource }: Kind): CommandEffects =>
  isSecret(resource) && result.effects.some(({ dryRun }) => dryRun)
    ? {
        ...result,
        effects: result.effects.map((effect) =>
          effect.dryRun ? { ...effect, kind: 'sensitive-read' as const } : effect,
        ),
      }
    : result;

/** An effect speaks of the version that the cluster prefers, where it says nothing else. */
const withVersion = (result: CommandEffects, { version }: ApiPath, { resource }: Kind): CommandEffects =>
  resource.versions[0] === version
    ? result
    : { ...result, effects: result.effects.map((effect) => (isWrite(effect) ? { ...effect, version } : effect)) };

/** A name without a namespace is that of an object of the whole cluster, where nobody knows the kind. */
const kindAt = (path: ApiPath, { customResources }: Surroundings): Kind => {
  const kind = resolvePathKind(path, customResources);
  return kind.known === 'unknown' && path.namespace === null && path.name !== null
    ? { ...kind, resource: { ...kind.resource, namespaced: false } }
    : kind;
};

/** A path that belongs to no kind: only some are known to be read. */
const ofOther = (path: string, method: RequestMethod): CommandEffects => {
  const isRead = method === 'GET' || method === 'HEAD';
  const read = effectsOnly([readEffect(pathKind(path), null, null, { ...PLAIN, verb: 'get', kind: 'read' })]);
  if (isRead) return isKnownRead(path) ? read : concat(read, opaque(`nobody knows what reading ${path} does`, 'human'));
  const verb = method === 'DELETE' ? 'delete' : VERBS[method === 'POST' || method === 'PUT' ? method : 'PATCH'];
  const written = readEffect({ ...pathKind(path), known: 'unknown' }, null, null, {
    ...PLAIN,
    verb,
    kind: 'patch',
    traits: ['kind-unknown'],
  });
  const hidden = { ...opaque(`nobody knows what writing to ${path} does`, 'dual'), undecided: true };
  return concat(effectsOnly([written]), { ...hidden, refusals: [undecided('path')] });
};

/**
 * What a request does (scoring section 1): one effect for one request. `readNested`: judges what would run in containers. What
 * cannot be read for certain is said to be so, beside whatever is known of it.
 */
export function requestEffects(
  reading: RequestReading,
  surroundings: Surroundings,
  readNested: WriteContext['readNested'],
): CommandEffects {
  const { method, path } = reading;
  const doubts = concatAll(reading.doubts.map(doubtful));
  if (method === null || path.kind === 'unreadable')
    return concat(doubts, { ...opaque('the request cannot be read for certain', 'dual'), undecided: true });
  if (path.kind === 'other') return concat(ofOther(path.path, method), doubts);
  const kind = kindAt(path.path, surroundings);
  const asked: Asked = {
    surroundings,
    readNested,
    reading: { ...reading, method },
    path: path.path,
    kind,
    namespace: path.path.namespace ?? (kind.resource.namespaced ? '*' : null),
    query: new Map(reading.query.toReversed()),
    dryRun: dryRunOf({ ...reading, method }, path.path),
  };
  const done = withShownSecrets(concat(ofObject(asked), concerns(asked)), kind);
  return concat(withVersion(done, path.path, kind), doubts);
}
