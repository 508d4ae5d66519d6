// The object as read and as a dry run leaves it → the fields that differ. Everything about a change follows from these.
import { isObject, type Json, type JsonObject, ownValue, pointerTokens, sameJson } from '../model/json.ts';
import type { FieldChange } from '../model/object-change.ts';
import { allotted, withPutBack } from './kept-by-cluster.ts';
import { type KeyedElement, keyedElements } from './list-keys.ts';

/** One step on the way into an object: a key, or the place of an element that `key` names. */
interface Step {
  readonly token: string;
  readonly key: string | null;
}
type Way = readonly Step[];

interface Difference {
  readonly way: Way;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The elements that both lists have, in the same order in both: then each is compared by itself. */
const sameOrder = (before: readonly KeyedElement[], after: readonly KeyedElement[]): boolean => {
  const there = new Set(after.map(({ key }) => key));
  const here = new Set(before.map(({ key }) => key));
  const kept = before.filter(({ key }) => there.has(key)).map(({ key }) => key);
  return sameJson(
    kept,
    after.filter(({ key }) => here.has(key)).map(({ key }) => key),
  );
};

/**
 * How values are compared that only one side has. `whole`: as one value. `apart`: leaf by leaf, for an object that is new: what
 * controllers add to it later is no part of it. `unlike`: of two dry runs, lists with other elements are one value.
 */
type Manner = 'whole' | 'apart' | 'unlike';

const ofLists = (before: Json, after: Json, way: Way, manner: Manner): readonly Difference[] | null => {
  const name = way.at(-1)?.token ?? '';
  const [old, fresh] = [keyedElements(name, before), keyedElements(name, after)];
  if (old === null || fresh === null || !sameOrder(old, fresh)) return null;
  const now = new Map(fresh.map((element) => [element.key, element]));
  const then = new Set(old.map(({ key }) => key));
  const came = fresh.filter(({ key }) => !then.has(key));
  if (manner === 'unlike' && (came.length > 0 || old.length !== fresh.length)) return null;
  return [
    ...old.flatMap(({ key, index, value }) =>
      differences(value, now.get(key)?.value, [...way, { token: `${index}`, key }], manner),
    ),
    ...came.flatMap(({ key, index, value }) =>
      differences(undefined, value, [...way, { token: `${index}`, key }], manner),
    ),
  ];
};

/** What of a value that is new is compared apart; undefined: it has no parts. */
const emptyOf = (after: Json | undefined): Json | undefined => {
  if (Array.isArray(after)) return after.length > 0 ? [] : undefined;
  return isObject(after) && Object.keys(after).length > 0 ? {} : undefined;
};

const differences = (
  given: Json | undefined,
  after: Json | undefined,
  way: Way,
  manner: Manner,
): readonly Difference[] => {
  if (sameJson(given, after)) return [];
  const before = given === undefined && manner === 'apart' ? emptyOf(after) : given;
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
    return keys.flatMap((token) =>
      differences(ownValue(before, token), ownValue(after, token), [...way, { token, key: null }], manner),
    );
  }
  const inLists = Array.isArray(before) && Array.isArray(after) ? ofLists(before, after, way, manner) : null;
  return inLists ?? [{ way, before: given, after }];
};

/** "/metadata/labels/example.com~1tier" (RFC 6901). */
const pointerOf = (way: Way): string =>
  way.map(({ token }) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** True where `outer` is `inner` or holds it. */
const holds = (outer: Way, inner: Way): boolean =>
  outer.length <= inner.length &&
  outer.every(({ token, key }, i) => (key === null ? token === inner[i]?.token : key === inner[i]?.key));

const without = (value: Json, way: Way): Json => {
  const [step, ...rest] = way;
  if (step === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return (value as readonly Json[]).map((item, i) => (`${i}` === step.token ? without(item, rest) : item));
  if (!isObject(value) || !Object.hasOwn(value, step.token)) return value;
  const { [step.token]: inner = null, ...others } = value;
  return rest.length === 0 ? others : { ...value, [step.token]: without(inner, rest) };
};

/** What the server keeps about an object and nobody asked for (contract section 7). */
const BOOKKEEPING: readonly Way[] = ['managedFields', 'resourceVersion', 'generation', 'selfLink'].map((token) => [
  { token: 'metadata', key: null },
  { token, key: null },
]);
const STATUS: Way = [{ token: 'status', key: null }];
/** Made up by the server for every new object, in the same second perhaps twice the same. */
const MADE_UP: readonly Way[] = ['uid', 'creationTimestamp'].map((token) => [
  { token: 'metadata', key: null },
  { token, key: null },
]);

/** How values that may not be shown are found and named. */
export interface Hiding {
  /** Whether the value of this field, before or after, may not stand in a spec. */
  readonly hides: (path: string, keys: readonly string[], value: Json) => boolean;
  /** "hmac-sha256:…" over a value. */
  readonly hash: (value: Json) => string;
}

export interface Compared {
  /** What was sent. What the server allots and it does not name is generated. */
  readonly asked: Json;
  /** null: there is no such object yet. */
  readonly before: JsonObject | null;
  readonly after: JsonObject;
  /** The answer to the same dry run once more: what differs from `after` is generated. */
  readonly again: JsonObject;
  /** The request addresses the status: then it counts. */
  readonly status: boolean;
}

const fieldOf = ({ way, before, after }: Difference, { hides, hash }: Hiding): FieldChange => {
  const keys = way.flatMap(({ key }) => (key === null ? [] : [key]));
  const place = { path: pointerOf(way), ...(keys.length === 0 ? {} : { keys }) };
  const hidden = [before, after].some((value) => value !== undefined && hides(place.path, keys, value));
  if (hidden) {
    const hashed = (value: Json | undefined): string | null => (value === undefined ? null : hash(value));
    return { ...place, hidden: { before: hashed(before), after: hashed(after) } };
  }
  return { ...place, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
};

/** Within what the server invents, `from` steps on, the names of elements are invented too: places alone say where it is. */
const generatedAt = (way: Way, from: number = way.length): FieldChange => {
  const keys = way.slice(0, from).flatMap(({ key }) => (key === null ? [] : [key]));
  return { path: pointerOf(way), ...(keys.length === 0 ? {} : { keys }), generated: true };
};

/** The fields that differ, by path; bookkeeping is left out, what the server invents is marked. The same input, the same list. */
export function differenceOf({ asked, before, status, ...answers }: Compared, hiding: Hiding): readonly FieldChange[] {
  const [after, again] = [withPutBack(before, answers.after), withPutBack(before, answers.again)];
  const skipped = status ? BOOKKEEPING : [...BOOKKEEPING, STATUS];
  const counts = ({ way }: Difference): boolean => !skipped.some((one) => holds(one, way));
  const unstable = [
    ...differences(after, again, [], 'unlike')
      .filter(counts)
      .map(({ way }) => way),
    ...(before === null ? MADE_UP : []),
    ...allotted(asked, before, after).map((way): Way => way.map((token) => ({ token, key: null }))),
  ].filter((way, i, all) => all.findIndex((other) => holds(other, way)) === i);
  return differences(before ?? {}, after, [], before === null ? 'apart' : 'whole')
    .filter(counts)
    .flatMap((found): readonly FieldChange[] => {
      const around = unstable.find((way) => holds(way, found.way));
      if (around !== undefined) return [generatedAt(found.way, around.length)];
      const inside = unstable.filter((way) => holds(found.way, way));
      const relative = inside.map((way) => way.slice(found.way.length));
      const after = found.after === undefined ? undefined : relative.reduce(without, found.after);
      return [fieldOf({ ...found, after }, hiding), ...inside.map((way) => generatedAt(way))];
    });
}

/** Where a field stands in an object as it is now; `index` of the last list element, null where it is not there. */
interface Found {
  readonly way: Way;
  readonly value: Json | undefined;
}

/** Finds a field in an object by its keys, wherever its list elements stand now. null: what would hold it is not there. */
const find = (object: Json, { path, keys = [] }: Pick<FieldChange, 'path' | 'keys'>): Found | null => {
  const names = [...keys];
  const way: Step[] = [];
  let here: Json | undefined = object;
  for (const token of pointerTokens(path)) {
    if (isObject(here)) {
      here = ownValue(here, token);
      way.push({ token, key: null });
    } else if (Array.isArray(here)) {
      const [key = ''] = names.splice(0, 1);
      const list: readonly Json[] = here;
      const element = keyedElements(way.at(-1)?.token ?? '', list)?.find((one) => one.key === key);
      here = element?.value;
      way.push({ token: `${element?.index ?? Math.min(Number(token), list.length)}`, key });
    } else return null;
  }
  return { way, value: here };
};

/** Whether every field has its value of that side in the object; what is generated has any. */
export function holdsIn(
  object: Json,
  fields: readonly FieldChange[],
  side: 'before' | 'after',
  hash: Hiding['hash'],
): boolean {
  return changedIn(object, fields, side, hash).length === 0;
}

/** Paths of the fields that do not have their value of that side. */
export function changedIn(
  object: Json,
  fields: readonly FieldChange[],
  side: 'before' | 'after',
  hash: Hiding['hash'],
): readonly string[] {
  const generated = fields.filter((field) => field.generated === true).map(({ path }) => pointerTokens(path));
  return fields.flatMap((field) => {
    if (field.generated === true) return [];
    const tokens = pointerTokens(field.path);
    const inside = generated
      .filter((other) => other.length > tokens.length && tokens.every((token, i) => token === other[i]))
      .map((other) => other.slice(tokens.length).map((token): Step => ({ token, key: null })));
    const found = find(object, field)?.value;
    const value = found === undefined ? undefined : inside.reduce(without, found);
    const same =
      field.hidden === undefined
        ? sameJson(value, field[side])
        : (value === undefined ? null : hash(value)) === field.hidden[side];
    return same ? [] : [field.path];
  });
}

/**
 * Paths in which two versions of an object differ although none of these fields is about them; bookkeeping is left out, and the
 * status unless it is what is written.
 */
export function differsBeyond(
  before: JsonObject,
  after: JsonObject,
  fields: readonly FieldChange[],
  status: boolean,
): readonly string[] {
  const skipped = status ? BOOKKEEPING : [...BOOKKEEPING, STATUS];
  const without = (object: JsonObject): Json =>
    fields.reduce<Json>((rest, field) => {
      const found = find(rest, field);
      return found?.value === undefined ? rest : setAt(rest, found.way, undefined);
    }, object);
  return differences(without(before), without(withPutBack(before, after)), [], 'whole')
    .filter(({ way }) => !skipped.some((one) => holds(one, way)))
    .map(({ way }) => pointerOf(way));
}

/** Paths of an object that is new and that none of these fields is about; what the server makes up for each is left out. */
export function madeBeyond(object: JsonObject, fields: readonly FieldChange[]): readonly string[] {
  const compared = { asked: null, before: null, after: object, again: object, status: false };
  return differenceOf(compared, { hides: () => false, hash: () => '' })
    .filter(({ path, generated }) => generated !== true && !fields.some((field) => isAbout(field, path)))
    .map(({ path }) => path);
}

/** The field itself, what of it the server makes up, or what holds nothing but fields that are made up. */
const isAbout = ({ path, generated }: FieldChange, other: string): boolean =>
  path === other || (generated === true && other.startsWith(`${path}/`));

/** The value of a field in an object as it is now; undefined where it has none. */
export function valueIn(object: Json, field: Pick<FieldChange, 'path' | 'keys'>): Json | undefined {
  return find(object, field)?.value;
}

/** One operation of a JSON patch (RFC 6902). */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

const setAt = (holder: Json, way: Way, value: Json | undefined): Json => {
  const [step, ...rest] = way;
  if (step === undefined) return value ?? null;
  if (Array.isArray(holder)) {
    const list: readonly Json[] = holder;
    const at = Number(step.token);
    if (rest.length > 0) return list.with(at, setAt(list[at] ?? null, rest, value));
    return value === undefined ? list.toSpliced(at, 1) : list.toSpliced(at, 0, value);
  }
  if (!isObject(holder)) return holder;
  const { [step.token]: inner, ...others } = holder;
  if (rest.length === 0 && value === undefined) return others;
  return { ...holder, [step.token]: setAt(inner ?? null, rest, value) };
};

/** Values that a spec shows only as hashes, by hash. */
export type Revealed = ReadonlyMap<string, Json>;

/** What the field was: undefined: nothing; null: hidden, and not known here. */
const beforeOf = (field: FieldChange, revealed: Revealed): { readonly value: Json | undefined } | null => {
  if (field.hidden === undefined) return { value: field.before };
  const { before } = field.hidden;
  if (before === null) return { value: undefined };
  const value = revealed.get(before);
  return value === undefined ? null : { value };
};

/**
 * The JSON patch that gives these fields of an object their values from before, and nothing else; null where one of them cannot
 * be given back: a hidden value is not known, or what held it is gone. To be sent with the resourceVersion just read.
 */
export function restoring(
  object: JsonObject,
  fields: readonly FieldChange[],
  revealed: Revealed = new Map(),
): readonly PatchOperation[] | null {
  const operations: PatchOperation[] = [];
  let now: Json = object;
  const known = fields
    .filter(({ generated }) => generated !== true)
    .map((field) => ({ field, was: beforeOf(field, revealed) }));
  // What came goes first: then each element of a list is put back where it stood.
  const came = known.filter(({ was }) => was !== null && was.value === undefined);
  for (const one of [...came, ...known.filter((other) => !came.includes(other))]) {
    const found = one.was === null ? null : find(now, one.field);
    if (one.was === null || found === null) return null;
    const path = pointerOf(found.way);
    const { value } = one.was;
    if (sameJson(found.value, value)) continue;
    if (value === undefined) operations.push({ op: 'remove', path });
    else operations.push({ op: found.value === undefined ? 'add' : 'replace', path, value });
    now = setAt(now, found.way, value);
  }
  return operations;
}
