// A value of JSON that is sent or read → where in it secrets stand, by the search that masks documents in commands.
import { isObject, type Json, ownValue } from '../../model/json.ts';
import type { LocateDocuments, LocatedValue } from '../../model/located-value.ts';
import { tokenSpans } from '../../model/secret-shapes.ts';
import { joinSpans, type Span } from '../../model/span.ts';
import { locatedAt } from '../shell/located-text.ts';
import { searchDocument } from './document-secrets.ts';
import { holdsNone } from './hints.ts';
import { locateJson } from './locate-json.ts';
import { PLAINLY, type Search } from './search.ts';
import { READERS } from './secret-spans.ts';

/** Of texts within the values. */
const MOST_LETTERS = 1 << 20;

/** Whether any of the places, in order and apart from one another, meets this one. */
const meets = (spans: readonly Span[], { from, to }: Span): boolean => {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.to ?? 0) <= from) low = middle + 1;
    else high = middle;
  }
  return (spans[low]?.from ?? Number.POSITIVE_INFINITY) < to;
};

const escaped = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');

/** Pointers of the scalars that a place meets; of an object with such a key its own. */
const pointersIn = (value: LocatedValue, pointer: string, spans: readonly Span[]): readonly string[] => {
  if (value.kind === 'scalar') return meets(spans, value) ? [pointer] : [];
  if (value.kind === 'list') return value.items.flatMap((item, at) => pointersIn(item, `${pointer}/${at}`, spans));
  if (value.entries.some(({ key }) => key.kind === 'scalar' && meets(spans, key))) return [pointer];
  return value.entries.flatMap(({ key, value: inner }) =>
    key.kind === 'scalar' ? pointersIn(inner, `${pointer}/${escaped(key.value)}`, spans) : [pointer],
  );
};

/** Words that were looked at before: the same keys, kinds and names come again and again. Bounded, so that nobody floods it. */
const KNOWN_WORDS = new Map<string, boolean>();
const MOST_WORDS = 4096;
const LONGEST_WORD = 64;

const isPlainText = (text: string): boolean => {
  if (text.length > LONGEST_WORD) return holdsNone(text);
  const known = KNOWN_WORDS.get(text);
  if (known !== undefined) return known;
  const found = holdsNone(text);
  if (KNOWN_WORDS.size >= MOST_WORDS) KNOWN_WORDS.clear();
  KNOWN_WORDS.set(text, found);
  return found;
};

/** No key and no text in it could be, name or betray a secret: most values are read no further. */
const isPlain = (value: Json): boolean => {
  if (typeof value === 'string') return isPlainText(value);
  if (Array.isArray(value)) return value.every(isPlain);
  return (
    !isObject(value) || Object.keys(value).every((key) => isPlainText(key) && isPlain(ownValue(value, key) ?? null))
  );
};

/**
 * JSON pointers (RFC 6901) of the values in it that hold a secret; null where it cannot be read to its end. `aboutSecrets`: it
 * belongs to a Secret, whose every value is one but its names. `locate`: who reads YAML that stands in a text of it.
 */
export function secretFields(
  value: Json,
  aboutSecrets: boolean,
  locate: LocateDocuments | null,
): readonly string[] | null {
  if (!aboutSecrets && isPlain(value)) return [];
  const text = JSON.stringify(value);
  const search: Search = { found: [], assigned: [], read: READERS, locate, letters: MOST_LETTERS };
  try {
    if (!searchDocument(search, locatedAt(text, 0), { ...PLAINLY, aboutSecret: aboutSecrets })) return null;
  } catch {
    return null;
  }
  const spans = joinSpans([...search.found, ...tokenSpans(text)]);
  const [document] = spans.length === 0 ? [] : (locateJson(text) ?? []);
  return document === undefined ? [] : pointersIn(document, '', spans);
}
