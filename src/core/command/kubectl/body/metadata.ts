// Labels, annotations, finalizers and owners of the object itself (never of its template). It must never judge a key
// that policy judges.
import type { Trait } from '../../../model/effect.ts';
import { type Edit, isList, isObject } from './edit.ts';
import { type Found, lastKey, leaves, type Place, type Reader, type Road } from './found.ts';

const CLOUD = /^(?:eks\.amazonaws\.com|iam\.gke\.io|azure\.workload\.identity|janitor|downscaler)\//;

/** Keys that give a cloud identity or command a deletion (scoring section 6). A label only names its owner on what exists. */
const cloudTraits = (key: string, on: 'labels' | 'annotations', road: Road): readonly Trait[] => {
  if (!key.includes('/')) return [];
  if (CLOUD.test(key) || key === 'argocd.argoproj.io/tracking-id') return ['cloud-identity'];
  return on === 'labels' && key === 'app.kubernetes.io/instance' && road !== 'create' ? ['cloud-identity'] : [];
};

/** Traits of one key of an object's own labels or annotations that is set, or removed when it ends in "-". */
export const keyTraits = (
  key: string,
  on: 'labels' | 'annotations',
  road: Road,
  resource: string,
): readonly Trait[] => {
  const plain = key.endsWith('-') ? key.slice(0, -1) : key;
  const traits: Trait[] = [...cloudTraits(plain, on, road)];
  if (on === 'annotations' && plain.includes('/')) traits.push('effectful-annotation');
  if (on === 'labels' && resource === 'namespaces') traits.push('namespace-label');
  return traits;
};

const KEYED = /^\/metadata\/(labels|annotations)(?:\/[^/]*)?$/;

const readKeys: Reader = (edit, place, found) => {
  const on = KEYED.exec(edit.at)?.[1];
  if (on !== 'labels' && on !== 'annotations') return false;
  const keys = on === 'labels' ? found.labelKeys : found.annotationKeys;
  found.kinds.add(on === 'labels' ? 'label' : 'annotate');
  const whole = edit.at === `/metadata/${on}`;
  if (whole && edit.how === 'set') return true;
  if (whole && edit.how === 'replaced' && place.road !== 'patch') return true;
  // removed or replaced as a whole: keys that are not known here go
  const key = whole ? '*-' : `${lastKey(edit.at)}${leaves(edit) ? '' : '-'}`;
  keys.add(key);
  for (const trait of keyTraits(key, on, place.road, place.key)) found.traits.add(trait);
  if (on === 'labels' && place.road === 'patch') found.traits.add('membership');
  return true;
};

/** Whether finalizers go (scoring sections 2 and 4): a list that is replaced loses those that it does not name. */
const removesFinalizers = ({ at, how, value }: Edit, road: Road): boolean => {
  if (how === 'removed' || how === 'unknown') return true;
  if (at.endsWith('/*')) return false;
  if (isList(value) && value.length === 0) return road !== 'create';
  return how === 'replaced' && road === 'patch';
};

const readFinalizers: Reader = (edit, place, found) => {
  const own = /^\/metadata\/finalizers(?:\/\*)?$/.test(edit.at);
  const ofNamespace = place.key === 'namespaces' && /^\/spec\/finalizers(?:\/\*)?$/.test(edit.at);
  if (!own && !ofNamespace) return false;
  if (removesFinalizers(edit, place.road)) found.traits.add(own ? 'finalizers' : 'finalize');
  found.kinds.add('patch');
  return true;
};

/** Kinds that have finalizers even where no cluster says so. */
const KEPT_BY_FINALIZERS = new Set(['persistentvolumes', 'persistentvolumeclaims']);

/** A PUT, or an operation that puts the whole of the metadata, leaves out what it does not say. */
const readReplacement: Reader = (edit, place, found) => {
  if (edit.at !== '' && edit.at !== '/metadata') return false;
  if (edit.how === 'removed' || edit.how === 'unknown') {
    found.kinds.add('patch');
    found.traits.add('finalizers');
    found.unknown = true;
    return true;
  }
  if (edit.how !== 'replaced') return edit.at === '/metadata';
  found.kinds.add('patch');
  const metadata = edit.at === '' && isObject(edit.value) ? edit.value['metadata'] : edit.value;
  const finalizers = isObject(metadata) ? metadata['finalizers'] : undefined;
  const named = isList(finalizers) && finalizers.length > 0;
  if (!named && KEPT_BY_FINALIZERS.has(place.key)) found.traits.add('finalizers');
  return true;
};

const readOwners: Reader = (edit, _place, found) => {
  if (!edit.at.startsWith('/metadata/ownerReferences')) return false;
  const empty = isList(edit.value) && edit.value.length === 0;
  if (leaves(edit) && !empty) found.traits.add('owner-reference');
  found.kinds.add('patch');
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

export const readMetadata = (edit: Edit, place: Place, found: Found): boolean =>
  SILENT.has(edit.at) || READERS.some((read) => read(edit, place, found));
