// The three kinds of patch as edits: strategic merge, JSON merge (RFC 7396), JSON patch (RFC 6902).
import { isObject, type Json } from '../../../model/json.ts';
import type { PatchType } from '../../../model/mutation.ts';
import { type Edit, isList, textOf, walk } from './edit.ts';

/** Objects whose keys are free words, so that digits in them are no list indexes. */
const FREE_KEYS = new Set(['labels', 'annotations', 'data', 'stringData', 'matchLabels', 'nodeSelector']);

/**
 * "/spec/containers/0/image" → "/spec/containers/∗/image"; null when it is no pointer. The API server counts "-1" from the end and
 * takes "+0" and "-0" for 0 (evanphx/json-patch 4, strconv.Atoi).
 */
const placeOf = (pointer: Json | undefined): string | null => {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) return null;
  const segments = pointer.split('/');
  return segments
    .map((one, at) => (/^(?:[+-]?\d+|-)$/.test(one) && !FREE_KEYS.has(segments[at - 1] ?? '') ? '*' : one))
    .join('/');
};

const replace = (at: string, value: Json, edits: Edit[]): void => {
  if (isObject(value)) edits.push({ at, how: 'replaced', value });
  if (isList(value) || at.endsWith('/*')) edits.push({ at, how: 'element', value });
  walk(at, value, 'replaced', edits);
};

/** One operation's edits; false when it cannot be read. */
const fromOperation = (operation: Json, edits: Edit[]): boolean => {
  if (!isObject(operation)) return false;
  const at = placeOf(operation['path']);
  if (at === null) return false;
  switch (textOf(operation['op'])) {
    case 'test':
      return true;
    case 'remove':
      edits.push({ at, how: 'removed', value: null });
      return true;
    case 'add':
    case 'replace': {
      const { value } = operation;
      if (value === undefined) return false;
      // another finalizer in the place of one: that one is gone
      if (at.endsWith('/finalizers/*') && operation['op'] === 'replace')
        edits.push({ at, how: 'removed', value: null });
      // a null put in place is an absence
      replace(at, value, edits);
      return true;
    }
    case 'move':
    case 'copy': {
      const from = placeOf(operation['from']);
      if (from === null) return false;
      if (textOf(operation['op']) === 'move') edits.push({ at: from, how: 'removed', value: null });
      edits.push({ at, how: 'unknown', value: null });
      return true;
    }
    default:
      return false;
  }
};

const fromJsonPatch = (document: Json): readonly Edit[] | null => {
  if (!isList(document)) return null;
  const edits: Edit[] = [];
  return document.every((operation) => fromOperation(operation, edits)) ? edits : null;
};

/** The edits of a patch, in order; null when it cannot be read as a patch of that type. */
export function editsOfPatch(type: PatchType, document: Json): readonly Edit[] | null {
  if (type === 'json') return fromJsonPatch(document);
  if (!isObject(document)) return null;
  const edits: Edit[] = [];
  walk('', document, type === 'merge' ? 'replaced' : 'merged', edits);
  return edits;
}

/** A whole object as edits: what it says, and with `put` that what it does not say is gone. */
export function editsOfObject(body: Json, how: 'put' | 'said'): readonly Edit[] {
  const edits: Edit[] = how === 'put' ? [{ at: '', how: 'replaced', value: body }] : [];
  walk('', body, 'merged', edits);
  return edits;
}

/** What of an object tells nothing that is kept in it: its version and its labels. */
const TELLS_NOTHING = /^\/metadata\/(?!annotations(?:\/|$)).+/;

/**
 * Whether a JSON patch carries what the object holds to another place of it, where the answer shows it, or asks for it by a `test`:
 * of a Secret that is a read.
 */
export function carriesContent(document: Json): boolean {
  if (!isList(document)) return false;
  return document.some((operation) => {
    if (!isObject(operation)) return false;
    const op = textOf(operation['op']);
    return op === 'copy' || op === 'move' || (op === 'test' && !TELLS_NOTHING.test(textOf(operation['path'])));
  });
}
