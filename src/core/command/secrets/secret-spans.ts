// A command and its text come in, the places of the text come out that nobody may read.
import type { Surroundings, TextCommand } from '../../model/command.ts';
import { isTooLarge } from '../../model/limits.ts';
import { tokenSpans } from '../../model/secret-shapes.ts';
import { joinSpans, type Span } from '../../model/span.ts';
import { locateArgv } from '../shell/located-line.ts';
import { locatedAt } from '../shell/located-text.ts';
import { readSimple } from '../shell/plain.ts';
import { searchDocument } from './document-secrets.ts';
import { holdsNone } from './hints.ts';
import { searchWords } from './program-secrets.ts';
import { hide, PLAINLY, type Readers, type Search } from './search.ts';
import { searchScript, searchText } from './text-secrets.ts';

/** How the texts in a command are read, whatever holds them. */
export const READERS: Readers = { text: searchText, document: searchDocument, words: searchWords };

/** Of texts within texts, whichever way they are read. */
const MOST_LETTERS = 1 << 18;

const NO_SPANS: readonly Span[] = [];

/** Where in a line more than plain words begins. */
const MORE_THAN_WORDS = /["'`<{[=\n|\\;&()$]/;

/** Of a line that cannot be read the plain words before anything else are shown; only the first where it may hold a secret. */
const hideUnread = (text: string): readonly Span[] => {
  const from = text.search(holdsNone(text) ? MORE_THAN_WORDS : /(?<=\S)\s|[^\s\w./-]/);
  return from < 0 ? NO_SPANS : [{ from, to: text.length }];
};

/** A variable that stands in a secret holds one. */
const hideVariables = (search: Search, text: string): void => {
  for (
    let before = -1;
    search.assigned.length > 0 && before < search.found.length && search.found.length < MOST_FOUND;
  ) {
    before = search.found.length;
    const used = new Set(
      search.found.flatMap(({ from, to }) =>
        [...text.slice(from, to).matchAll(/\$\{?!?([A-Za-z_]\w*)/g)].map(([, name = '']) => name),
      ),
    );
    for (const { name, value } of search.assigned.splice(0)) {
      if (used.has(name)) hide(search, value);
      else search.assigned.push({ name, value });
      if (search.assigned.length > MOST_FOUND) return;
    }
  }
};

const MOST_FOUND = 4096;

/** A secret that is no word of any language stands nowhere else in the line either. */
const hideRepeated = (text: string, spans: readonly Span[]): readonly Span[] => {
  const repeated: Span[] = [];
  for (const { from, to } of spans.slice(0, MOST_REPEATED)) {
    const secret = text.slice(from, to).replace(/^["']|["']$/g, '');
    if (secret.length < 8 || secret.length > 256 || !/\d/.test(secret) || !/[A-Za-z]/.test(secret) || /\s/.test(secret))
      continue;
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length))
      repeated.push({ from: at, to: at + secret.length });
  }
  return joinSpans([...spans, ...repeated]);
};

const MOST_REPEATED = 32;

const spansOf = (command: TextCommand, text: string, locate: Search['locate']): readonly Span[] => {
  const search: Search = { found: [], assigned: [], read: READERS, locate, letters: MOST_LETTERS };
  const words = command.kind === 'argv' ? locateArgv(text) : readSimple(text) === null ? null : locateArgv(text);
  let isReadable = true;
  if (words !== null) searchWords(search, words, PLAINLY);
  else isReadable = searchScript(search, locatedAt(text, 0), PLAINLY);
  if (!isReadable) return hideUnread(text);
  search.found.push(...tokenSpans(text));
  hideVariables(search, text);
  return search.found.length === 0 ? NO_SPANS : hideRepeated(text, joinSpans(search.found));
};

/**
 * The places of a command's text that hold a secret, in order and apart from one another: by the parsed words and documents, those
 * within others too. What cannot be read is hidden. `text`: the argv quoted for a shell, or the line as given; `isRead`: whether a
 * line was read to its end.
 */
export function secretSpans(
  command: TextCommand,
  text: string,
  { readDocuments }: Pick<Surroundings, 'readDocuments'>,
  isRead: boolean,
): readonly Span[] {
  if (isTooLarge(command)) return everything(text);
  if (!isRead) return hideUnread(text);
  if (holdsNone(text)) return NO_SPANS;
  try {
    return spansOf(command, text, readDocuments.locate ?? null);
  } catch {
    return everything(text);
  }
}

/** All of it. */
export function everything(text: string): readonly Span[] {
  return text === '' ? NO_SPANS : [{ from: 0, to: text.length }];
}
