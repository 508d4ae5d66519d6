// The objects that -f and -k bring: read where their bytes travel with the proposal, otherwise said to be unseen.
import type { TextRole } from '../../../model/command.ts';
import type { ActionKind, Trait, Verb } from '../../../model/effect.ts';
import { isDeeperThan, type Json, type JsonObject, MAX_DEPTH } from '../../../model/json.ts';
import { type Refusal, undecided } from '../../../model/refusal.ts';
import type { OpaqueFloor } from '../../../model/understanding.ts';
import { isUnknown } from '../../shell/unknown.ts';
import { isList, textOf } from '../body/edit.ts';
import { allOf, isGiven, isOn, lastOf } from '../flags.ts';
import { parseGroupVersion, resolveKind } from '../resolve.ts';
import { ANY_KIND } from './built-in.ts';
import {
  type CommandEffects,
  effectsOnly,
  type Kind,
  type KubectlCommand,
  NO_EFFECTS,
  PLAIN,
  writeEffect,
} from './effect-builder.ts';
import { refusedName, refusedNamespace } from './targets.ts';

/** One object of a manifest. `name` null: the server makes it from generateName. */
export interface Manifest {
  readonly kind: Kind;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly body: JsonObject;
}

/** What -f and -k bring in. `unseen`: paths whose bytes are not there, or cannot be read in full. */
export interface Manifests {
  readonly objects: readonly Manifest[];
  readonly unseen: readonly string[];
  readonly refusals: readonly Refusal[];
}

/** True when the objects come from files instead of arguments. */
export function comesFromFiles(command: KubectlCommand): boolean {
  return allOf(command.invocation, 'filename').length > 0 || isGiven(command.invocation, 'kustomize');
}

export function asObject(value: Json | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/**
 * The plural that a kind most likely has: as Kubernetes guesses it (apimachinery, UnsafeGuessKindToResource), but for
 * kinds that end in a plain "s", which those who name them leave as they are: podchaos, redis.
 */
const guessPlural = (singular: string): string => {
  if (/(?:ss|us)$/.test(singular)) return `${singular}es`;
  if (singular.endsWith('s')) return singular;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
};

/** "Widget" of example.com, which is not known here: plural by habit, taken for namespaced. */
const unknownKind = (group: string, kind: string): Kind => {
  return {
    known: 'unknown',
    resource: {
      ...ANY_KIND.resource,
      name: guessPlural(kind.toLowerCase()),
      singular: kind.toLowerCase(),
      kind,
      group,
    },
  };
};

const MANIFEST_NAME = /\.(?:ya?ml|json)$/;

/** The texts under a path: the file itself, or the manifests of a folder whose files were sent along. */
const textsOf = (command: KubectlCommand, path: string): readonly string[] | null => {
  const { files } = command.surroundings;
  const one = files.get(path);
  if (one !== undefined) return [one];
  if (files.size === 0 || isUnknown(path)) return null;
  const folder = path.endsWith('/') ? path : `${path}/`;
  const deep = isOn(command.invocation, 'recursive');
  const inside = [...files].filter(
    ([name]) =>
      name.startsWith(folder) && MANIFEST_NAME.test(name) && (deep || !name.slice(folder.length).includes('/')),
  );
  return inside.length === 0 ? null : inside.map(([, text]) => text);
};

/** An item that names no kind has the list's: a PodList holds Pods. */
const typed = (item: Json, list: JsonObject): Json => {
  const object = asObject(item);
  const kind = textOf(list['kind']).replace(/List$/, '');
  if (object === null || kind === '' || textOf(object['kind']) !== '' || textOf(object['apiVersion']) !== '')
    return item;
  return { ...object, kind, apiVersion: list['apiVersion'] ?? '' };
};

/** Lists, and lists in lists, as the objects in them. */
const flatten = (document: Json): readonly Json[] => {
  const list = asObject(document);
  const items = list?.['items'];
  return list !== null && isList(items) ? items.map((item) => typed(item, list)).flatMap(flatten) : [document];
};

/**
 * One document as an object of its kind. Where it cannot be told which: why kubectl refuses it, if it reads the same. Without a
 * version kubectl takes the kind for the group's, and asks for a path that no API server has.
 */
const manifestOf = (command: KubectlCommand, document: Json): Manifest | Refusal => {
  const body = asObject(document);
  const groupVersion = parseGroupVersion(textOf(body?.['apiVersion']));
  const kindName = textOf(body?.['kind']);
  if (body === null || kindName === '') return { code: 'usage-error', about: "Object 'Kind' is missing" };
  if (groupVersion === null || groupVersion.version === '')
    return { code: 'usage-error', about: "Object 'apiVersion' is missing" };
  const { group } = groupVersion;
  const kind = resolveKind(group, kindName, command.surroundings.customResources) ?? unknownKind(group, kindName);
  const metadata = asObject(body['metadata']);
  const own = textOf(metadata?.['namespace']);
  const name = textOf(metadata?.['name']);
  return {
    kind,
    namespace: kind.resource.namespaced ? (own === '' ? command.namespace : own) : null,
    name: name === '' ? null : name,
    body,
  };
};

/** What else is wrong with an object: its names, a namespace other than the one of -n. */
const concerns = (command: KubectlCommand, manifest: Manifest): readonly Refusal[] => {
  const refusals: Refusal[] = [];
  const { kind, name, namespace } = manifest;
  if (name === null && textOf(asObject(manifest.body['metadata'])?.['generateName']) === '')
    refusals.push({ code: 'usage-error', about: `${kind.resource.kind} without a name` });
  const badName = name === null ? null : refusedName(name, kind.resource);
  if (badName !== null) refusals.push(badName);
  const badNamespace = namespace === null ? null : refusedNamespace(namespace);
  if (badNamespace !== null) refusals.push(badNamespace);
  // with -A no namespace is filled in, and without one the API server has no such object
  if (
    command.allNamespaces &&
    kind.resource.namespaced &&
    textOf(asObject(manifest.body['metadata'])?.['namespace']) === ''
  )
    refusals.push({ code: 'usage-error', about: `no namespace set on ${kind.resource.kind} ${name ?? ''}` });
  const given = lastOf(command.invocation, 'namespace') ?? '';
  const known = !isUnknown(command.namespace) && !isUnknown(namespace ?? '');
  if (known && given !== '' && namespace !== null && namespace !== command.namespace) {
    refusals.push({ code: 'usage-error', about: `the object's namespace ${namespace} does not match ${given}` });
  }
  return refusals;
};

/** The documents of a text as kubectl finds them; null when they cannot be read. */
export function documentsOf(command: KubectlCommand, text: string, as: TextRole): readonly Json[] | null {
  const documents = isUnknown(text) ? null : command.surroundings.readDocuments(text, as, command.budget);
  return documents?.some((document) => isDeeperThan(document, MAX_DEPTH)) === true ? null : documents;
}

/** Files behind so many objects are not read: nobody could review them, and each costs time. */
const MOST_OBJECTS = 4_000;

/**
 * Everything that -f (repeated, lists, folders, "-") and -k bring. A kustomization is never built here: unseen. So is a document
 * with content that is no object of a kind, in whatever way it came to be none: what is dropped is never nothing.
 */
export function manifestsOf(command: KubectlCommand): Manifests {
  const objects: Manifest[] = [];
  const unseen: string[] = [];
  const refusals: Refusal[] = [];
  for (const path of allOf(command.invocation, 'filename')) {
    if (objects.length >= MOST_OBJECTS) {
      unseen.push(path);
      break;
    }
    const documents = textsOf(command, path)?.map((text) => documentsOf(command, text, 'manifests')) ?? [null];
    const found = documents
      .flatMap((list) => list ?? [])
      .flatMap(flatten)
      .map((document) => manifestOf(command, document));
    if (documents.includes(null) || found.some((one) => 'code' in one)) unseen.push(path);
    for (const one of found) {
      if ('code' in one) refusals.push(one);
      else {
        objects.push(one);
        refusals.push(...concerns(command, one));
      }
    }
  }
  const kustomization = lastOf(command.invocation, 'kustomize');
  if (kustomization !== null && kustomization !== '') unseen.push(kustomization);
  return { objects, unseen, refusals };
}

/** Reading the objects of a file that was not seen: a person looks where it may name Secrets. */
export function unseenRead(paths: readonly string[], floor: OpaqueFloor): CommandEffects {
  return {
    ...NO_EFFECTS,
    opaque: { why: 'the objects stand in a file that is not part of the proposal', floor },
    refusals: paths.map((path) => ({ code: 'unseen-content', about: path })),
  };
}

/** Writing what was not seen: of any kind, so that no hard rule can be decided. A dry run writes nothing to decide about. */
export function unseenWrite(
  command: KubectlCommand,
  paths: readonly string[],
  verb: Verb,
  kind: ActionKind,
  traits: readonly Trait[],
): CommandEffects {
  if (paths.length === 0) return NO_EFFECTS;
  const effect = writeEffect(command, ANY_KIND, command.namespace, '*', {
    ...PLAIN,
    verb,
    kind,
    traits: [...traits, 'unseen-content', 'kind-unknown'],
  });
  const dry = command.dryRun !== 'none';
  return {
    ...effectsOnly([effect]),
    undecided: !dry,
    refusals: [
      ...paths.map((path): Refusal => ({ code: 'unseen-content', about: path })),
      ...(dry ? [] : [undecided('content')]),
    ],
  };
}
