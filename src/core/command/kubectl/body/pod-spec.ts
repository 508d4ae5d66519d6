// What a pod's specification asks for, wherever it stands in an object: privilege, the host, images, identities,
// commands.
import type { Trait } from '../../../model/effect.ts';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { type Edit, isList } from './edit.ts';

const TEMPLATED = '/spec/template/spec';

/** Where the pod's specification stands in objects of the kind. */
const PLACE: ReadonlyMap<string, string> = new Map([
  ['pods', '/spec'],
  ['podtemplates', '/template/spec'],
  ['cronjobs.batch', '/spec/jobTemplate/spec/template/spec'],
  ['jobs.batch', TEMPLATED],
  ['replicationcontrollers', TEMPLATED],
  ['deployments.apps', TEMPLATED],
  ['replicasets.apps', TEMPLATED],
  ['statefulsets.apps', TEMPLATED],
  ['daemonsets.apps', TEMPLATED],
]);

const CONTAINERS = /^(.*)\/(?:containers|initContainers|ephemeralContainers)(?:\/|$)/;

/**
 * The pointer to the pod's specification, null for kinds that have none. Of a kind that is not built in: where the body
 * itself has containers, else where most kinds have it.
 */
export function podSpecPlace(key: string, known: 'built-in' | 'other', edits: readonly Edit[]): string | null {
  const place = PLACE.get(key);
  if (place !== undefined || known === 'built-in') return place ?? null;
  for (const { at } of edits) {
    const found = CONTAINERS.exec(at)?.[1];
    if (found !== undefined) return found;
  }
  return TEMPLATED;
}

const PINNED = /@sha(?:256|512):[0-9a-f]{64,128}$/;

/** Traits of starting these images: one that a tag names may be another tomorrow (scoring section 4). */
export function imageTraits(images: readonly string[]): readonly Trait[] {
  if (images.length === 0) return [];
  return images.every((image) => PINNED.test(image)) ? ['starts-image'] : ['starts-image', 'mutable-image'];
}

const says = (edit: Edit, value: Json): boolean =>
  edit.how === 'unknown' || (edit.how === 'set' && edit.value === value);

const gives = ({ how, value }: Edit): boolean =>
  how === 'unknown' || how === 'element' || (how === 'set' && value !== false && value !== '');

interface Rule {
  readonly place: RegExp;
  readonly holds: (edit: Edit) => boolean;
  readonly trait: Trait;
}

const nonEmpty = ({ how, value }: Edit): boolean => how === 'unknown' || (isList(value) && value.length > 0);

/** By the place below the pod's specification. */
const RULES: readonly Rule[] = [
  { place: /^\/host(?:PID|IPC|Network)$/, holds: (edit) => says(edit, true), trait: 'host-namespaces' },
  { place: /^\/volumes\/\*\/hostPath(?:\/|$)/, holds: ({ how }) => how !== 'removed', trait: 'privileged' },
  { place: /\/securityContext\/privileged$/, holds: (edit) => says(edit, true), trait: 'privileged' },
  { place: /\/securityContext\/windowsOptions\/hostProcess$/, holds: (edit) => says(edit, true), trait: 'privileged' },
  { place: /\/securityContext\/capabilities\/add$/, holds: nonEmpty, trait: 'privileged' },
  { place: /\/securityContext\/capabilities\/add\/\*$/, holds: gives, trait: 'privileged' },
];

/** Traits of one edit at a place below the pod's specification ("/containers/∗/image"). */
export function podTraits(place: string, edit: Edit): readonly Trait[] {
  const found: Trait[] = [];
  for (const rule of RULES) if (rule.place.test(place) && rule.holds(edit)) found.push(rule.trait);
  return found;
}

const texts = (value: Json | undefined): readonly string[] =>
  isList(value) ? value.filter((item) => typeof item === 'string') : [];

const SHELL_FLAG = /^-[a-z]*c$/;

/**
 * The commands that one container's words amount to: command with args; args alone are an unknown program's, or
 * kubectl's or a shell's where image or words say so.
 */
const argvsOf = (container: JsonObject): readonly (readonly string[])[] => {
  const command = texts(container['command']);
  const args = texts(container['args']);
  if (command.length > 0) return [[...command, ...args]];
  if (args.length === 0) return [];
  if (SHELL_FLAG.test(args[0] ?? '')) return [['sh', ...args]];
  const image = container['image'];
  return typeof image === 'string' && /kubectl|k8s-tools|kubernetes-cli/.test(image)
    ? [args, ['kubectl', ...args]]
    : [args];
};

const HOOKS = [
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
] as const;

const hookOf = (container: JsonObject, path: readonly string[]): readonly string[] => {
  let value: Json | undefined = container;
  for (const key of [...path, 'exec', 'command']) value = isObject(value) ? value[key] : undefined;
  return texts(value);
};

/** Every command that a container would run: its own, its hooks' and probes'. */
const containerCommands = (container: JsonObject): readonly (readonly string[])[] => [
  ...argvsOf(container),
  ...HOOKS.map((path) => hookOf(container, path)).filter((argv) => argv.length > 0),
];

const CONTAINER = /^\/(?:containers|initContainers|ephemeralContainers)\/\*$/;
const INSIDE = /^\/(?:containers|initContainers|ephemeralContainers)\/\*\//;
const WORDS = /\/(?:command|args)$/;
const WORD = /^\/(?:containers|initContainers|ephemeralContainers)\/\*\/(?:.*\/)?(?:command|args)\/\*$/;

/** Commands of hooks and probes in a value that replaces a part of a container. */
const hooksIn = (value: Json): readonly (readonly string[])[] => {
  if (!isObject(value)) return [];
  const own = texts(value['command']);
  const inner = Object.keys(value).flatMap((key) => hooksIn(value[key] ?? null));
  return own.length === 0 ? inner : [own, ...inner];
};

/** The commands in one edit at a place below the pod's specification: of a container, of its words or of its hooks. */
export function commandsAt(place: string, { how, value }: Edit): readonly (readonly string[])[] {
  if (how === 'element' && CONTAINER.test(place) && isObject(value)) return containerCommands(value);
  if (!INSIDE.test(place)) return [];
  if (how === 'element' && isList(value)) return WORDS.test(place) ? argvsOf({ args: value }) : [];
  return how === 'replaced' ? hooksIn(value) : [];
}

/** A place that is one word of a command: where the others are not known, what would run cannot be read. */
export function isOneWord(place: string, { how }: Edit): boolean {
  return WORD.test(place) && (how === 'set' || how === 'unknown');
}
