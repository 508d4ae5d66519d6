// What a body changes, reduced to what judging reads: the kind of action, traits, keys, subjects, commands that it
// would run. The same change gives the same answer by whichever road.

import { type ActionKind, type Change, rowOf, type Trait } from '../../../model/effect.ts';
import { isObject } from '../../../model/json.ts';
import { resourceKey } from '../../../model/object-ref.ts';
import type { Resource } from '../../../model/resource.ts';
import { type BodyReading, type BodyTarget, leaves, type WriteMode } from './body-reading.ts';
import { type Edit, textOf } from './edit.ts';
import { readMetadata } from './metadata.ts';
import { commandsAt, imageTraits, isOneWord, podSpecPlace, podTraits } from './pod-spec.ts';
import { readSpec } from './spec.ts';

export interface BodyChanges {
  /** What a patch that does all this is: a lesser kind where that is all it does, else patch or what is worse. */
  readonly patchKind: ActionKind;
  readonly traits: readonly Trait[];
  readonly change: Change;
  readonly labelKeys: readonly string[];
  readonly annotationKeys: readonly string[];
  readonly subjects: readonly string[];
  /** argv of every command that containers would run. */
  readonly commands: readonly (readonly string[])[];
  /** Some of the content is only known in the cluster. */
  readonly unknown: boolean;
}

const CONTAINER = /^\/(?:containers|initContainers|ephemeralContainers)\/\*/;
const CONFIG = /^\/(?:containers|initContainers)\/\*\/(?:env|envFrom|resources)(?:\/|$)/;
const IMAGE = /^\/(?:containers|initContainers|ephemeralContainers)\/\*\/image$/;
const ACCOUNT = /^\/serviceAccount(?:Name)?$/;
const SECRET_ENV = /\/(?:env\/\*\/valueFrom\/secretKeyRef|envFrom\/\*\/secretRef)(?:\/|$)/;

/** What a patch is that changes only this place of a pod's specification; null for what only names the container. */
const podKind = (place: string, edit: Edit): ActionKind | null => {
  if (place.startsWith('/ephemeralContainers')) return 'exec';
  if (IMAGE.test(place)) return 'set-image';
  if (CONFIG.test(place) || ACCOUNT.test(place)) return 'set-config';
  if (/^\/(?:containers|initContainers)(?:\/\*(?:\/name)?)?$/.test(place))
    return edit.how === 'merged' || edit.how === 'element' || edit.how === 'set' ? null : 'patch';
  return 'patch';
};

const readPod = (edit: Edit, target: BodyTarget, reading: BodyReading, lists: ReadonlySet<string>): boolean => {
  if (target.pod === null || !edit.at.startsWith(`${target.pod}/`)) return false;
  const at = edit.at.slice(target.pod.length);
  const kind = podKind(at, edit);
  if (kind !== null) reading.kinds.add(kind);
  for (const trait of podTraits(at, edit)) reading.traits.add(trait);
  if (IMAGE.test(at) && leaves(edit)) for (const trait of imageTraits([textOf(edit.value)])) reading.traits.add(trait);
  if (ACCOUNT.test(at) && target.mode !== 'create') reading.traits.add('service-account');
  if (SECRET_ENV.test(at) && target.mode === 'patch' && leaves(edit)) reading.traits.add('from-secret');
  if (edit.how === 'element' && CONTAINER.test(at) && isObject(edit.value)) {
    const { image, name } = edit.value;
    if (typeof image === 'string') reading.images.push({ container: typeof name === 'string' ? name : '*', image });
  }
  reading.commands.push(...commandsAt(at, edit));
  if (isOneWord(at, edit) && !lists.has(edit.at.slice(0, -2))) reading.unknown = true;
  return true;
};

/** The annotation that `rollout restart` sets, on the template. */
const readRestart = (edit: Edit, target: BodyTarget, reading: BodyReading): boolean => {
  const template = target.pod?.replace(/\/spec$/, '') ?? '';
  if (template === '' || edit.at !== `${template}/metadata/annotations/kubectl.kubernetes.io~1restartedAt`)
    return false;
  reading.kinds.add(leaves(edit) ? 'rollout-restart' : 'patch');
  return true;
};

/** One kind alone is that kind; several are a patch, or the worst of them where that is worse (scoring section 2). */
const patchKindOf = (kinds: ReadonlySet<ActionKind>): ActionKind => {
  const [only] = kinds;
  if (kinds.size === 1 && only !== undefined) return only;
  return [...kinds].reduce((worst, kind) => (rowOf(kind) > rowOf(worst) ? kind : worst), 'patch' as ActionKind);
};

const changeOf = (reading: BodyReading, kind: ActionKind): Change => {
  if (kind === 'scale' && reading.replicas !== undefined) return { to: 'replicas', replicas: reading.replicas };
  if (kind === 'autoscale' && reading.maxReplicas !== undefined) return { to: 'bounds', max: reading.maxReplicas };
  if (kind === 'rollout-restart') return { to: 'restart' };
  if (kind === 'set-image' && reading.images.length > 0) return { to: 'images', images: reading.images };
  return typeof reading.replicas === 'number' ? { to: 'several', replicas: reading.replicas } : { to: 'other' };
};

/** Reads the edits of a body for an object of the kind, which it reaches in the mode. */
export function readBody(
  resource: Resource,
  known: 'built-in' | 'other',
  subresource: string | null,
  mode: WriteMode,
  edits: readonly Edit[],
): BodyChanges {
  const key = resourceKey({ group: resource.group, resource: resource.name });
  const target: BodyTarget = { key, subresource, mode, pod: podSpecPlace(key, known, edits) };
  const reading: BodyReading = {
    kinds: new Set(),
    traits: new Set(),
    labelKeys: new Set(),
    annotationKeys: new Set(),
    subjects: new Set(),
    images: [],
    commands: [],
    replicas: undefined,
    maxReplicas: undefined,
    unknown: false,
  };
  const lists = new Set(edits.filter(({ how }) => how === 'merged' || how === 'replaced').map(({ at }) => at));
  for (const edit of edits) {
    if (edit.how === 'unknown') reading.unknown = true;
    const read =
      readPod(edit, target, reading, lists) ||
      readMetadata(edit, target, reading) ||
      readRestart(edit, target, reading) ||
      readSpec(edit, target, reading);
    if (!read && edit.how !== 'merged' && edit.how !== 'element') reading.kinds.add('patch');
  }
  const patchKind = patchKindOf(reading.kinds);
  return {
    patchKind,
    traits: [...reading.traits],
    change: changeOf(reading, patchKind),
    labelKeys: [...reading.labelKeys],
    annotationKeys: [...reading.annotationKeys],
    subjects: [...reading.subjects],
    commands: reading.commands,
    unknown: reading.unknown,
  };
}
