// Finds the secrets of a text of manifests, a patch or another body: by the fields that the API calls secret, by names, and in
// the texts and commands that stand in its values.
import { MAX_DEPTH } from '../../model/json.ts';
import type { LocatedMap, LocatedScalar, LocatedValue } from '../../model/located-value.ts';
import { isNoSecret, isSecretName, isTellingName } from '../../model/secret-names.ts';
import { alignTo, coarse, concatLocated, type LocatedText, sliceOf } from '../shell/located-text.ts';
import { baseName } from '../shell/programs.ts';
import { locateJson } from './locate-json.ts';
import { deeper, hide, type Search, type SearchContext } from './search.ts';

/** Where a value stands, and so what its keys mean. `labels`: never secret; `data`: names that somebody chose; `api`: fields. */
type Place = 'secret' | 'labels' | 'data' | 'api';

interface Reading {
  readonly search: Search;
  readonly text: LocatedText;
  readonly context: SearchContext;
  /** Scalars met, for what stands between them. */
  readonly met: LocatedScalar[];
  /** Maps and lists that were read, by place: an alias is read once. */
  readonly seen: Map<LocatedValue, Set<Place>>;
  hasSecret: boolean;
  isMisquoted: boolean;
}

/** Fields of a Secret that are none. */
const PLAIN_OF_SECRET: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'type', 'immutable']);

const LABELS: ReadonlySet<string> = new Set(
  'labels matchLabels selector nodeSelector podSelector namespaceSelector matchExpressions tolerations taints commonLabels'.split(
    ' ',
  ),
);

/** Maps of names that somebody chose. */
const FREE_NAMES: ReadonlySet<string> = new Set(
  'data binaryData annotations parameters options config settings values env environment volumeAttributes commonAnnotations'.split(
    ' ',
  ),
);

/** Words that in fields of the API name a secret's value; "key" and "auth" there name other things. */
const SHORT_FIELD = /^(?:pw|pwd|pass|jwt|dsn|salt|psk|otp|cookie|bearer|creds?|sk)$/i;

const isSecretField = (key: string, place: Place): boolean =>
  place === 'data'
    ? isSecretName(key)
    : place === 'api' && ((isTellingName(key) && !/keys$/i.test(key)) || SHORT_FIELD.test(key));

const scalarOf = (value: LocatedValue | undefined): string | null => (value?.kind === 'scalar' ? value.value : null);

/** The values of a key, in the map or merged into it. */
const valuesOf = ({ entries }: LocatedMap, name: RegExp, levels = 4): readonly LocatedValue[] =>
  entries.flatMap(({ key, value }) => {
    const said = scalarOf(key) ?? '';
    if (name.test(said)) return [value];
    if (said !== '<<' || levels === 0) return [];
    const merged = value.kind === 'list' ? value.items : [value];
    return merged.flatMap((one) => (one.kind === 'map' ? valuesOf(one, name, levels - 1) : []));
  });

/** What a scalar is read as, letter by letter where it stands. */
const valueText = ({ text }: Reading, { from, to, value }: LocatedScalar): LocatedText => {
  const raw = sliceOf(text, from, to);
  const quoted = /^(["'])[\s\S]*\1$/.test(raw.text) && raw.text.length > 1;
  const inner = quoted ? sliceOf(raw, 1, raw.text.length - 1) : raw;
  const header = /^[|>][-+\d]*[ \t]*(?:#.*)?\n/.exec(raw.text);
  if (header === null || raw.text === value) return alignTo(inner, value);
  return alignTo(sliceOf(raw, header[0].length), value.replace(/\n+$/, ''));
};

/** The quotes stay, so that what is shown is still a document. */
const hideScalar = ({ search, text }: Reading, { from, to, value }: LocatedScalar): void => {
  if (isNoSecret(value)) return;
  const isQuoted = /^(?:"[\s\S]*"|'[\s\S]*')$/.test(text.text.slice(from, to)) && to - from > 2;
  hide(search, text, isQuoted ? from + 1 : from, isQuoted ? to - 1 : to);
};

const hideLeaves = (reading: Reading, value: LocatedValue, levels = MAX_DEPTH): void => {
  if (value.kind === 'scalar') {
    reading.met.push(value);
    hideScalar(reading, value);
  } else if (levels > 0 && isFirst(reading, value, 'secret')) {
    if (value.kind === 'list') for (const item of value.items) hideLeaves(reading, item, levels - 1);
    else
      for (const { key, value: inner } of value.entries) {
        if (key.kind === 'scalar') reading.met.push(key);
        hideLeaves(reading, inner, levels - 1);
      }
  }
};

const isFirst = ({ seen }: Reading, value: LocatedValue, place: Place): boolean => {
  const places = seen.get(value) ?? new Set();
  if (places.has(place)) return false;
  seen.set(value, places.add(place));
  return true;
};

const visit = (reading: Reading, value: LocatedValue, place: Place): void => {
  if (value.kind === 'scalar') {
    reading.met.push(value);
    if (place === 'secret') hideScalar(reading, value);
    else visitText(reading, value);
  } else if (isFirst(reading, value, place)) {
    if (value.kind === 'map') visitMap(reading, value, place);
    else {
      for (const item of value.items) visit(reading, item, place);
      if (place !== 'labels') readAsWords(reading, value.items);
    }
  }
};

/** A value that is shown may hold a text of its own: a script, a file, a manifest, a URL. */
const visitText = (reading: Reading, scalar: LocatedScalar): void => {
  if (!/[^\w./-]/.test(scalar.value)) return;
  reading.search.read.text(
    reading.search,
    valueText(reading, scalar),
    deeper({ ...reading.context, aboutSecret: false }),
  );
};

const readAsWords = (reading: Reading, items: readonly LocatedValue[], before: readonly LocatedText[] = []): void => {
  const scalars = items.filter((item) => item.kind === 'scalar');
  if (scalars.length === 0 || scalars.length < items.length) return;
  const words = scalars.map((item) => valueText(reading, item));
  reading.search.read.words(reading.search, [...before, ...words], deeper({ ...reading.context, aboutSecret: false }));
};

/** command and args of a container are one command; without a command the image's program gets them. */
const readContainer = (reading: Reading, map: LocatedMap): void => {
  const lists = (name: RegExp): readonly LocatedValue[] =>
    valuesOf(map, name).flatMap((value) => (value.kind === 'list' ? value.items : []));
  const args = lists(/^args$/);
  if (args.length === 0) return;
  const command = lists(/^command$/);
  const image = baseName(scalarOf(valuesOf(map, /^image$/)[0]) ?? '').replace(/[:@].*$/, '');
  readAsWords(
    reading,
    [...command, ...args],
    command.length > 0 || image === '' ? [] : [coarse(sliceOf(reading.text, 0, 0), image)],
  );
};

/** What of {op, path, value} of a JSON patch is hidden by its path alone. */
const hidesByPath = (path: string, place: Place): boolean => {
  if (place === 'secret' && !/^\/metadata(?:\/|$)/.test(path)) return true;
  if (!path.startsWith('/')) return false;
  const parts = path.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = parts.at(-1) ?? '';
  // which variable it is stands in the cluster
  if (/\/env\/[^/]+\/value$/.test(path)) return true;
  if (parts.includes('labels') || parts.includes('matchLabels')) return false;
  if (parts[1] === 'stringData') return true;
  return isSecretField(last, parts.some((part) => FREE_NAMES.has(part)) ? 'data' : 'api');
};

const visitMap = (reading: Reading, map: LocatedMap, place: Place): void => {
  const kinds = valuesOf(map, /^kind$/i).map((value) => scalarOf(value) ?? '');
  const isSecret = kinds.some((kind) => /^secret(?:list)?$/i.test(kind)) || (place === 'secret' && kinds.length === 0);
  const named = valuesOf(map, /^(?:name|key)$/i).some((value) => isSecretName(scalarOf(value) ?? ''));
  const paths = valuesOf(map, /^path$/).map((value) => scalarOf(value) ?? '');
  const isPatch = paths.length > 0 && valuesOf(map, /^op$/).length > 0;
  const hidesValue = (named && place !== 'labels') || (isPatch && paths.some((path) => hidesByPath(path, place)));
  if (isSecret) reading.hasSecret = true;
  for (const { key, value } of map.entries) {
    if (key.kind === 'scalar') reading.met.push(key);
    const name = scalarOf(key) ?? '';
    // {password:x} is a key to YAML and was meant as a pair, of a text that has lost its quotes
    if (/^[\w.-]+:./.test(name) && scalarOf(value) === '') reading.isMisquoted = true;
    if (/^value$/i.test(name) && hidesValue) hideLeaves(reading, value);
    else if (isSecret && !isPatch) visitOfSecret(reading, name, value);
    else if (isPatch && name !== 'value') visit(reading, value, 'labels');
    else visitEntry(reading, name, value, isPatch && place === 'secret' ? 'api' : innerPlace(name, value, place));
  }
  if (place !== 'labels') readContainer(reading, map);
};

const visitOfSecret = (reading: Reading, name: string, value: LocatedValue): void => {
  if (PLAIN_OF_SECRET.has(name)) visit(reading, value, 'labels');
  else if (name === 'metadata') visit(reading, value, 'api');
  else if (name === 'items' || name === '<<') visit(reading, value, 'secret');
  else hideLeaves(reading, value);
};

const innerPlace = (name: string, value: LocatedValue, place: Place): Place => {
  if (place === 'labels' || LABELS.has(name)) return 'labels';
  if (FREE_NAMES.has(name)) return value.kind === 'list' ? 'api' : 'data';
  return place === 'secret' ? 'secret' : place === 'data' ? 'data' : 'api';
};

const visitEntry = (reading: Reading, name: string, value: LocatedValue, place: Place): void => {
  const leaves =
    value.kind === 'scalar' || (value.kind === 'list' && value.items.every(({ kind }) => kind === 'scalar'));
  if (name === 'stringData' || (leaves && place !== 'labels' && isSecretField(name, place))) hideLeaves(reading, value);
  else visit(reading, value, place);
};

/** Comments, and what else stands between the values: nothing but marks is shown unread. */
const searchGaps = (reading: Reading): void => {
  const { text, search, context, met } = reading;
  let at = 0;
  const gap = (from: number, to: number): void => {
    for (const { 0: piece, index } of text.text.slice(from, to).matchAll(GAP)) {
      const start = from + index;
      if (piece.startsWith('#')) searchComment(reading, sliceOf(text, start + 1, start + piece.length));
      else if (!/^[&*!%]/.test(piece) || piece.length > LONGEST_MARK) hide(search, text, start, start + piece.length);
    }
  };
  for (const { from, to } of met.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from > at) gap(at, from);
    at = Math.max(at, to);
  }
  gap(at, text.text.length);
  if (context.aboutSecret) reading.hasSecret = true;
};

/** Comments, names of anchors, tags and directives; anything else that is no mark of YAML. */
const GAP = /#[^\n]*|[&*!%][^\s,[\]{}]*|[^\s\-:?,{}[\]|>"'#&*!%.<][^\s,[\]{}#]*/g;
const LONGEST_MARK = 64;

const searchComment = ({ search, context, hasSecret }: Reading, comment: LocatedText): void => {
  if (hasSecret || context.aboutSecret) hide(search, comment);
  else search.read.text(search, comment, deeper(context));
};

/** CR before LF is no part of any value (apimachinery, YAMLReader). */
const withoutCr = (text: LocatedText): LocatedText => {
  if (!text.text.includes('\r\n')) return text;
  const pieces: LocatedText[] = [];
  let from = 0;
  for (let at = text.text.indexOf('\r\n'); at >= 0; at = text.text.indexOf('\r\n', at + 2)) {
    pieces.push(sliceOf(text, from, at));
    from = at + 1;
  }
  return concatLocated([...pieces, sliceOf(text, from)]);
};

const read = (search: Search, text: string): readonly LocatedValue[] | null =>
  (/^\s*[[{]/.test(text) ? locateJson(text) : null) ?? search.locate?.(text) ?? null;

/** A list, or a map of names: a command with a colon in it is a map as well, of a key with blanks. */
const isOfNames = (document: LocatedValue): boolean =>
  document.kind === 'list' ||
  (document.kind === 'map' && document.entries.every(({ key }) => !/[\s;|&=]/.test(scalarOf(key) ?? '')));

/**
 * Finds the secrets of a text that is a document; false where it is none that can be read, or only one value. What stands
 * between its values is hidden unless it is a mark or a comment without secrets.
 */
export function searchDocument(search: Search, given: LocatedText, context: SearchContext): boolean {
  const text = withoutCr(given);
  const documents = read(search, text.text);
  if (documents === null || !documents.some(isOfNames)) return false;
  const reading: Reading = {
    search,
    text,
    context,
    met: [],
    seen: new Map(),
    hasSecret: context.aboutSecret,
    isMisquoted: false,
  };
  for (const document of documents) visit(reading, document, context.aboutSecret ? 'secret' : 'api');
  searchGaps(reading);
  return !reading.isMisquoted;
}
