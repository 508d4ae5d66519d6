// A change of an object, place by place: what every patch and every whole object is brought to before it is read.
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';

/**
 * One place and what happens to it. `at` is a JSON pointer whose list indexes are "*".
 * - set: it becomes this value (no object or list, or an empty one)
 * - element: this object stands in a list (its places follow by themselves), or an operation puts this list here
 * - container: this object says what to run (its places follow by themselves)
 * - merged: these entries are added to a list
 * - replaced: it becomes exactly this object or list; what else it held is gone (its places follow by themselves)
 * - retained: of what it held only these keys stay
 * - removed: it goes
 * - unknown: it becomes something that stands in the cluster only
 */
export interface Edit {
  readonly at: string;
  readonly how: 'set' | 'element' | 'container' | 'merged' | 'replaced' | 'retained' | 'removed' | 'unknown';
  readonly value: Json;
}

/** A segment of a JSON pointer. */
const segment = (key: string): string =>
  key.includes('/') || key.includes('~') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A text, "" for anything else. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** How lists behave: a merge patch replaces them, a strategic one merges them. */
export type Lists = 'replaced' | 'merged';

const directiveOf = (item: Json): Json | undefined => (isObject(item) ? item['$patch'] : undefined);

const fromList = (at: string, list: readonly Json[], lists: Lists, edits: Edit[]): void => {
  const directives = list.map(directiveOf);
  const obeyed = lists === 'merged' ? directives : [];
  // {"$patch": "replace"} replaces the whole list, {"$patch": "delete", …} takes one out: neither is an element
  const rest = directives.some((one) => one !== undefined) ? list.filter((item) => !isDirective(item)) : list;
  edits.push({ at, how: obeyed.includes('replace') ? 'replaced' : lists, value: rest });
  if (obeyed.includes('delete')) edits.push({ at: `${at}/*`, how: 'removed', value: null });
  for (const item of rest) {
    if (isObject(item)) edits.push({ at: `${at}/*`, how: 'element', value: item });
    walk(`${at}/*`, item, lists, edits);
  }
};

const isDirective = (item: Json): boolean => ['replace', 'delete'].includes(textOf(directiveOf(item)));

const DIRECTIVE = /^\$(patch|retainKeys|setElementOrder\/.*|deleteFromPrimitiveList\/.*)$/;

/** What strategic directives do; true when nothing else of the object counts. */
const fromDirectives = (at: string, value: JsonObject, edits: Edit[]): boolean => {
  const { $patch: directive, $retainKeys: kept } = value;
  if (directive === 'delete') {
    edits.push({ at, how: 'removed', value: null });
    return true;
  }
  if (directive === 'replace') edits.push({ at, how: 'replaced', value });
  if (kept !== undefined) edits.push({ at, how: 'retained', value: kept });
  for (const key of Object.keys(value)) {
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      edits.push({ at: `${at}/${segment(key.slice(25))}/*`, how: 'removed', value: null });
    }
  }
  return false;
};

/** Keys that say what an object runs, by which containers, steps and handlers are known wherever they stand. */
const RUNS: ReadonlySet<string> = new Set(['image', 'command', 'args', 'script', 'source']);

const runs = (key: string): boolean => RUNS.has(key);
const mayDirect = (key: string): boolean => key.startsWith('$');

/** Walks a value into edits: null removes, objects merge, lists as `lists` says. */
export function walk(at: string, value: Json, lists: Lists, edits: Edit[]): void {
  if (value === null) edits.push({ at, how: 'removed', value: null });
  else if (isList(value)) fromList(at, value, lists, edits);
  else if (isObject(value)) {
    const keys = Object.keys(value);
    if (keys.length === 0) edits.push({ at, how: 'set', value });
    if (keys.some(runs)) edits.push({ at, how: 'container', value });
    const directed = lists === 'merged' && keys.some(mayDirect);
    if (directed && fromDirectives(at, value, edits)) return;
    // Below what is replaced nothing is merged, and no directive is obeyed (Kubernetes, strategicpatch, mergeMap).
    const below = directed && value['$patch'] === 'replace' ? 'replaced' : lists;
    for (const key of keys) {
      const inner = value[key];
      if (inner !== undefined && !(directed && DIRECTIVE.test(key))) walk(`${at}/${segment(key)}`, inner, below, edits);
    }
  } else edits.push({ at, how: 'set', value });
}
