// What a body changes, reduced to what judging reads: the kind of action, traits, keys, subjects, commands that it
// would run. The same change gives the same answer by whichever road.

import type { Desired } from '../../../model/desired.ts';
import { type ActionKind, type Change, rowOf, type Trait } from '../../../model/effect.ts';
import { isObject } from '../../../model/json.ts';
import { resourceKey } from '../../../model/object-ref.ts';
import type { Resource } from '../../../model/resource.ts';
import {
  around,
  type BodyReading,
  type BodyTarget,
  lastKey,
  leaves,
  type Reader,
  type WriteMode,
} from './body-reading.ts';
import { desiredOf } from './desired.ts';
import { type Edit, isList, textOf } from './edit.ts';
import { isIdentityMap } from './identity-map.ts';
import { lostFields } from './lost-fields.ts';
import { readMetadata } from './metadata.ts';
import { commandsAt, imageTraits, isOneWord, podPlaceOf, podTraits } from './pod-spec.ts';
import { readSpec } from './spec.ts';

export interface BodyChanges {
  /** What a patch that does all this is: a lesser kind where that is all it does, else patch or what is worse. */
  readonly patchKind: ActionKind;
  readonly traits: readonly Trait[];
  readonly change: Change;
  readonly labelKeys: readonly string[];
  readonly annotationKeys: readonly string[];
  readonly templateKeys: readonly string[];
  readonly desired: Desired | null;
  readonly subjects: readonly string[];
  /** argv of every command that containers would run. */
  readonly commands: readonly (readonly string[])[];
  /** Some of the content is only known in the cluster. */
  readonly unknown: boolean;
}

const CONTAINER = /^\/(?:containers|initContainers|ephemeralContainers)\/\*$/;
const CONFIG = /^\/(?:containers|initContainers)\/\*\/(?:env|envFrom|resources)(?:\/|$)/;
const IMAGE = /^\/(?:containers|initContainers|ephemeralContainers)\/\*\/image$/;
const ACCOUNT = /^\/serviceAccount(?:Name)?$/;
const PLACED = /^\/(?:nodeSelector|affinity|tolerations)(?:\/|$)/;
const SECRET_ENV = /\/(?:env\/\*\/valueFrom\/secretKeyRef|envFrom\/\*\/secretRef)(?:\/|$)/;

/** What a patch is that changes only this place of a pod's specification; null for what only names the container. */
const podKind = (place: string, { how }: Edit): ActionKind | null => {
  if (place.startsWith('/ephemeralContainers')) return 'exec';
  if (IMAGE.test(place)) return 'set-image';
  if (CONFIG.test(place) || ACCOUNT.test(place)) return 'set-config';
  if (/^\/(?:containers|initContainers)(?:\/\*)?$/.test(place))
    return how === 'merged' || how === 'element' ? null : 'patch';
  return how === 'set' && /^\/(?:containers|initContainers)\/\*\/name$/.test(place) ? null : 'patch';
};

/** An edit at a place of a pod's specification. */
const readPod = (at: string, edit: Edit, target: BodyTarget, reading: BodyReading): void => {
  const kind = podKind(at, edit);
  if (kind !== null) reading.kinds.push(kind);
  for (const trait of podTraits(at, edit)) reading.traits.push(trait);
  if (leaves(edit) && IMAGE.test(at)) for (const trait of imageTraits([textOf(edit.value)])) reading.traits.push(trait);
  if (target.mode !== 'create' && ACCOUNT.test(at)) reading.traits.push('service-account');
  if (target.mode !== 'patch') return;
  if (leaves(edit) && SECRET_ENV.test(at)) reading.traits.push('from-secret');
  if (target.key !== 'pods' && PLACED.test(at)) reading.traits.push('placement');
};

/** What containers and their like would run; `at`: their place in a pod. Whoever names the object around a place has said it already. */
const readRuns = (at: string | null, edit: Edit, target: BodyTarget, reading: BodyReading): void => {
  const found = edit.how === 'container' && isObject(edit.value) ? edit.value : null;
  if (at === null && !(found !== null && target.known === 'other' && !edit.at.startsWith('/metadata'))) return;
  const commands = commandsAt(at ?? '', edit);
  const oneWord = at !== null && isOneWord(at, edit);
  if ((oneWord || commands.length > 0) && !(edit.how === 'set' && reading.isStated(around(edit.at)))) {
    for (const command of commands) reading.commands.push(command);
    if (oneWord) reading.unknown = true;
  }
  if (found === null || typeof found['image'] !== 'string') return;
  const { image, name } = found;
  if (at !== null && CONTAINER.test(at)) reading.images.push({ container: textOf(name) || '*', image });
  else if (isList(found['command'] ?? found['args']))
    for (const trait of imageTraits([image])) reading.traits.push(trait);
};

/** The annotation that `rollout restart` sets, on the template. */
const RESTARTED = '/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt';

const readRestart: Reader = (edit, _target, reading) => {
  if (!edit.at.endsWith(RESTARTED)) return false;
  reading.kinds.push(leaves(edit) ? 'rollout-restart' : 'patch');
  return true;
};

/** Texts that others read as a part of a pod or as an object (Argo Workflows): nobody reads them here. */
const UNREAD_TEXT = /\/(?:podSpecPatch|resource\/manifest)$/;

const TEMPLATE_KEY = /.\/metadata\/(?:labels|annotations)\/[^/]+$/;

/** Keys of labels and annotations of templates. */
const readTemplateKey = (edit: Edit, reading: BodyReading): void => {
  if (edit.at.includes('/metadata/', 1) && TEMPLATE_KEY.test(edit.at)) reading.templateKeys.push(lastKey(edit.at));
};

/** One kind alone is that kind; several are a patch, or the worst of them where that is worse (scoring section 2). */
const patchKindOf = (kinds: readonly ActionKind[]): ActionKind => {
  const first = kinds[0];
  if (first !== undefined && kinds.every((kind) => kind === first)) return first;
  return kinds.reduce((worst, kind) => (rowOf(kind) > rowOf(worst) ? kind : worst), 'patch' as ActionKind);
};

/** Each once, in order. */
const distinct = <T>(all: readonly T[]): readonly T[] => (all.length < 2 ? all : [...new Set(all)]);

const changeOf = (reading: BodyReading, kind: ActionKind): Change => {
  if (kind === 'scale' && reading.replicas !== undefined) return { to: 'replicas', replicas: reading.replicas };
  if (reading.maxReplicas !== undefined) return { to: 'bounds', max: reading.maxReplicas };
  if (kind === 'rollout-restart') return { to: 'restart' };
  if (kind === 'set-image' && reading.images.length > 0) return { to: 'images', images: reading.images };
  return typeof reading.replicas === 'number' ? { to: 'several', replicas: reading.replicas } : { to: 'other' };
};

const READERS: readonly Reader[] = [readMetadata, readRestart, readSpec];

/** What stands in the list follows by itself. */
const isOnlyHeld = ({ how }: Edit): boolean => how === 'merged' || how === 'element';

/** Edits that state the whole of a list or an object. */
const STATES: ReadonlySet<Edit['how']> = new Set<Edit['how']>(['merged', 'replaced', 'element', 'container']);

/** Few bodies ask which places are stated, and those that do for many of them. */
const statedBy = (edits: readonly Edit[]): BodyReading['isStated'] => {
  let stated: ReadonlySet<string> | null = null;
  return (place) => {
    stated ??= new Set(edits.filter(({ how }) => STATES.has(how)).map(({ at }) => at));
    return stated.has(place);
  };
};

/** Whatever text a label or an annotation takes from the cluster, nothing executes it. */
const ONE_MARK = /^\/metadata\/(?:labels|annotations)\/[^/]+$/;

/** The object that a body is for, and how the body reaches it. */
export interface Written {
  readonly resource: Pick<Resource, 'group' | 'name'>;
  readonly known: 'built-in' | 'other';
  readonly namespace: string | null;
  readonly name: string | null;
  readonly subresource: string | null;
  readonly mode: WriteMode;
}

/** Reads the edits of a body. */
export function readBody(
  { resource, known, namespace, name, subresource, mode }: Written,
  edits: readonly Edit[],
): BodyChanges {
  const key = resourceKey({ group: resource.group, resource: resource.name });
  const identityMap = isIdentityMap(resource, namespace, name);
  const target: BodyTarget = { key, known, subresource, mode, identityMap, pod: podPlaceOf(key, known) };
  const reading: BodyReading = {
    isStated: statedBy(edits),
    kinds: [],
    traits: [],
    labelKeys: [],
    annotationKeys: [],
    templateKeys: [],
    subjects: [],
    images: [],
    commands: [],
    replicas: undefined,
    maxReplicas: undefined,
    unknown: false,
  };
  const lost = lostFields(edits, target);
  for (const edit of lost.length === 0 ? edits : [...edits, ...lost]) {
    if (edit.how === 'unknown' && !ONE_MARK.test(edit.at)) reading.unknown = true;
    if (target.known === 'other' && edit.how === 'set' && UNREAD_TEXT.test(edit.at)) reading.unknown = true;
    const inPod = target.pod(edit.at);
    readRuns(inPod, edit, target, reading);
    if (edit.how === 'container') continue;
    readTemplateKey(edit, reading);
    if (inPod !== null) readPod(inPod, edit, target, reading);
    else if (!READERS.some((reader) => reader(edit, target, reading)) && !isOnlyHeld(edit)) reading.kinds.push('patch');
  }
  // whatever is written to a Scale, nothing but its replicas is taken
  const patchKind = subresource === 'scale' ? 'scale' : patchKindOf(reading.kinds);
  return {
    patchKind,
    traits: distinct(reading.traits),
    change: changeOf(reading, patchKind),
    labelKeys: distinct(reading.labelKeys),
    annotationKeys: distinct(reading.annotationKeys),
    templateKeys: distinct(reading.templateKeys),
    desired: desiredOf(edits, target),
    subjects: distinct(reading.subjects),
    commands: reading.commands,
    unknown: reading.unknown,
  };
}
