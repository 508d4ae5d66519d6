// Labels, annotations, finalizers and owners of the object itself (never of its template).

import { plainKey, type Trait } from '../../../model/effect.ts';
import { type BodyReading, type BodyTarget, lastKey, leaves, type Reader, type WriteMode } from './body-reading.ts';
import { type Edit, isList } from './edit.ts';

/** Whether Argo CD takes an object for one of an application's by the key; by its instance only what exists (scoring section 6). */
const isTracking = (key: string, on: 'labels' | 'annotations', mode: WriteMode): boolean =>
  on === 'annotations'
    ? key === 'argocd.argoproj.io/tracking-id'
    : key === 'app.kubernetes.io/instance' && mode !== 'create';

/** Traits of one key of an object's own labels or annotations that is set, or removed when it ends in "-". */
export function keyTraits(
  key: string,
  on: 'labels' | 'annotations',
  mode: WriteMode,
  resource: string,
): readonly Trait[] {
  const plain = plainKey(key);
  const traits: Trait[] = isTracking(plain, on, mode) ? ['tracked'] : [];
  if (on === 'annotations' && plain.includes('/')) traits.push('effectful-annotation');
  if (on === 'labels' && resource === 'namespaces') traits.push('namespace-label');
  return traits;
}

const KEYED = /^\/metadata\/(labels|annotations)(?:\/[^/]*)?$/;

const ALL_KEYS = { labels: '*-', annotations: '*/*-' } as const;

const readKeys: Reader = (edit, target, reading) => {
  const on = KEYED.exec(edit.at)?.[1];
  if (on !== 'labels' && on !== 'annotations') return false;
  const keys = on === 'labels' ? reading.labelKeys : reading.annotationKeys;
  reading.kinds.push(on === 'labels' ? 'label' : 'annotate');
  const whole = edit.at === `/metadata/${on}`;
  if (whole && edit.how === 'set') return true;
  if (whole && edit.how === 'replaced' && target.mode !== 'patch') return true;
  // removed or replaced as a whole: keys that are not known here go, among annotations some that others act on
  const key = whole ? ALL_KEYS[on] : `${lastKey(edit.at)}${leaves(edit) ? '' : '-'}`;
  keys.push(key);
  for (const trait of keyTraits(key, on, target.mode, target.key)) reading.traits.push(trait);
  if (on === 'labels' && target.mode === 'patch') reading.traits.push('membership');
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
  if (removesFinalizers(edit, target.mode)) reading.traits.push(own ? 'finalizers' : 'finalize');
  reading.kinds.push('patch');
  return true;
};

/** The whole object, or its metadata, that goes or becomes what the cluster knows: nothing can be told of it. */
const readWhole: Reader = (edit, _target, reading) => {
  if (edit.at !== '' && edit.at !== '/metadata') return false;
  if (edit.how === 'removed' || edit.how === 'unknown') {
    reading.traits.push('finalizers');
    reading.unknown = true;
  } else if (edit.how !== 'replaced' && edit.how !== 'retained') return edit.at === '/metadata';
  reading.kinds.push('patch');
  return true;
};

/** An owner given to what exists: the garbage collector deletes it with that owner (scoring section 2). */
const readOwners: Reader = (edit, target, reading) => {
  if (!edit.at.startsWith('/metadata/ownerReferences')) return false;
  const empty = isList(edit.value) && edit.value.length === 0;
  if (leaves(edit) && !empty && target.mode !== 'create') reading.traits.push('owner-reference');
  reading.kinds.push('patch');
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

const READERS: readonly Reader[] = [readKeys, readFinalizers, readWhole, readOwners];

export function readMetadata(edit: Edit, target: BodyTarget, reading: BodyReading): boolean {
  if (SILENT.has(edit.at)) return true;
  const may = edit.at === '' || edit.at.startsWith('/metadata') || target.key === 'namespaces';
  return may && READERS.some((read) => read(edit, target, reading));
}
