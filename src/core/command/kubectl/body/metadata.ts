// Labels, annotations, finalizers and owners of the object itself (never of its template).

import type { Trait } from '../../../model/effect.ts';
import { isObject } from '../../../model/json.ts';
import { type BodyReading, type BodyTarget, lastKey, leaves, type Reader, type WriteMode } from './body-reading.ts';
import { type Edit, isList } from './edit.ts';

const CLOUD = /^(?:eks\.amazonaws\.com|iam\.gke\.io|azure\.workload\.identity|janitor|downscaler)\//;

/** Keys that give a cloud identity or command a deletion (scoring section 6). A label only names its owner on what exists. */
const cloudTraits = (key: string, on: 'labels' | 'annotations', mode: WriteMode): readonly Trait[] => {
  if (!key.includes('/')) return [];
  if (CLOUD.test(key) || key === 'argocd.argoproj.io/tracking-id') return ['cloud-identity'];
  return on === 'labels' && key === 'app.kubernetes.io/instance' && mode !== 'create' ? ['cloud-identity'] : [];
};

/** Traits of one key of an object's own labels or annotations that is set, or removed when it ends in "-". */
export function keyTraits(
  key: string,
  on: 'labels' | 'annotations',
  mode: WriteMode,
  resource: string,
): readonly Trait[] {
  const plain = key.endsWith('-') ? key.slice(0, -1) : key;
  const traits: Trait[] = [...cloudTraits(plain, on, mode)];
  if (on === 'annotations' && plain.includes('/')) traits.push('effectful-annotation');
  if (on === 'labels' && resource === 'namespaces') traits.push('namespace-label');
  return traits;
}

const KEYED = /^\/metadata\/(labels|annotations)(?:\/[^/]*)?$/;

const readKeys: Reader = (edit, target, reading) => {
  const on = KEYED.exec(edit.at)?.[1];
  if (on !== 'labels' && on !== 'annotations') return false;
  const keys = on === 'labels' ? reading.labelKeys : reading.annotationKeys;
  reading.kinds.add(on === 'labels' ? 'label' : 'annotate');
  const whole = edit.at === `/metadata/${on}`;
  if (whole && edit.how === 'set') return true;
  if (whole && edit.how === 'replaced' && target.mode !== 'patch') return true;
  // removed or replaced as a whole: keys that are not known here go
  const key = whole ? '*-' : `${lastKey(edit.at)}${leaves(edit) ? '' : '-'}`;
  keys.add(key);
  for (const trait of keyTraits(key, on, target.mode, target.key)) reading.traits.add(trait);
  if (on === 'labels' && target.mode === 'patch') reading.traits.add('membership');
  return true;
};

/** Whether finalizers go (scoring sections 2 and 4): a list that is replaced loses those that it does not name. */
const removesFinalizers = ({ at, how, value }: Edit, mode: WriteMode): boolean => {
  if (how === 'removed' || how === 'unknown') return true;
  if (at.endsWith('/*')) return false;
  if (isList(value) && value.length === 0) return mode !== 'create';
  return how === 'replaced' && mode === 'patch';
};

const readFinalizers: Reader = (edit, target, reading) => {
  const own = /^\/metadata\/finalizers(?:\/\*)?$/.test(edit.at);
  const ofNamespace = target.key === 'namespaces' && /^\/spec\/finalizers(?:\/\*)?$/.test(edit.at);
  if (!own && !ofNamespace) return false;
  if (removesFinalizers(edit, target.mode)) reading.traits.add(own ? 'finalizers' : 'finalize');
  reading.kinds.add('patch');
  return true;
};

/** Kinds that have finalizers even where no cluster says so. */
const KEPT_BY_FINALIZERS = new Set(['persistentvolumes', 'persistentvolumeclaims']);

/** A PUT, or an operation that puts the whole of the metadata, leaves out what it does not say. */
const readReplacement: Reader = (edit, target, reading) => {
  if (edit.at !== '' && edit.at !== '/metadata') return false;
  if (edit.how === 'removed' || edit.how === 'unknown') {
    reading.kinds.add('patch');
    reading.traits.add('finalizers');
    reading.unknown = true;
    return true;
  }
  if (edit.how !== 'replaced') return edit.at === '/metadata';
  reading.kinds.add('patch');
  const metadata = edit.at === '' && isObject(edit.value) ? edit.value['metadata'] : edit.value;
  const finalizers = isObject(metadata) ? metadata['finalizers'] : undefined;
  const named = isList(finalizers) && finalizers.length > 0;
  if (!named && KEPT_BY_FINALIZERS.has(target.key)) reading.traits.add('finalizers');
  return true;
};

const readOwners: Reader = (edit, _place, reading) => {
  if (!edit.at.startsWith('/metadata/ownerReferences')) return false;
  const empty = isList(edit.value) && edit.value.length === 0;
  if (leaves(edit) && !empty) reading.traits.add('owner-reference');
  reading.kinds.add('patch');
  return true;
};

/** Names the object or its version: changes nothing. */
const SILENT = new Set([
  '/apiVersion',
  '/kind',
  '/metadata/name',
  '/metadata/namespace',
  '/metadata/resourceVersion',
  '/metadata/uid',
]);

const READERS: readonly Reader[] = [readKeys, readFinalizers, readReplacement, readOwners];

export function readMetadata(edit: Edit, target: BodyTarget, reading: BodyReading): boolean {
  return SILENT.has(edit.at) || READERS.some((read) => read(edit, target, reading));
}
