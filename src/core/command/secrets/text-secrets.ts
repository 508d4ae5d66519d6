// Finds the secrets of a text inside a command: a document, a file of settings, a script, prose.
import { MAX_DEPTH } from '../../model/json.ts';
import { isNoSecret, isSecretName } from '../../model/secret-names.ts';
import { shapeSpans } from '../../model/secret-shapes.ts';
import { locateLine } from '../shell/located-line.ts';
import { type LocatedText, sliceOf } from '../shell/located-text.ts';
import { searchCommand } from './command-secrets.ts';
import { searchDocument } from './document-secrets.ts';
import { DEEPEST_TEXT, hide, type Search, type SearchContext } from './search.ts';

/** Braces, brackets, or a line "key:". */
const MAY_BE_DOCUMENT = /^\s*[[{]|(?:^|\n)[ \t]*(?:- +)*["']?[\w./$-]+["']?[ \t]*:(?:\s|$)/;

/** What a text that cannot be read may not say, if it is to be shown. */
const SPEAKS_OF_SECRETS =
  /pass(?:word|wd|phrase)?|pwd|secret|token|credential|private|api[-_]?key|access[-_]?key|signing|encryption|auth|bearer|cookie|dsn|conn(?:ection)?[-_]?str|(?:^|[^a-z])key(?:$|[^a-z])|salt|stringdata/i;

const isNestedTooDeep = (text: string): boolean => text.split(/[[{]/, MAX_DEPTH + 2).length > MAX_DEPTH + 1;

/** Finds the secrets of any text; one that is like a document, cannot be read and speaks of secrets is hidden whole. */
export function searchText(search: Search, text: LocatedText, context: SearchContext): void {
  search.letters -= text.text.length;
  if (search.letters < 0 || context.depth > DEEPEST_TEXT) {
    hide(search, text);
    return;
  }
  const isLike = MAY_BE_DOCUMENT.test(text.text);
  if (isLike && searchDocument(search, text, context)) return;
  const isBraced = /^\s*[[{]/.test(text.text);
  const isSecretKind = /\bkind\W[^\n]{0,64}secret/i.test(text.text);
  if (
    context.aboutSecret ||
    isSecretKind ||
    (isBraced && (SPEAKS_OF_SECRETS.test(text.text) || isNestedTooDeep(text.text)))
  ) {
    hide(search, text);
    return;
  }
  for (const { from, to } of shapeSpans(text.text)) hide(search, text, from, to);
  searchLines(search, text);
  if (/[\s;|&]/.test(text.text)) searchScript(search, text, context);
}

/** `name = value` and `name: value` of files of settings, to the end of the line. */
const SETTING =
  /^[ \t]*(?:-[ \t]+|(?:export|set|setenv|ENV|ARG)[ \t]+)?["']?([\w.[\]-]{1,100})["']?[ \t]*[:=][ \t]*(\S[^\n]*)/gm;

const searchLines = (search: Search, text: LocatedText): void => {
  for (const { 0: line, 1: name = '', 2: value = '', index } of text.text.matchAll(SETTING)) {
    if (!isSecretName(name) || isNoSecret(value.replace(/^["']|["',;]+$/g, ''))) continue;
    // "A=b c" of a shell sets A to b, "a: b c" of a file to all of it
    const own = /^[^:=]*=\S/.test(line) && !/^["']/.test(value) ? (/^\S+/.exec(value)?.[0] ?? value) : value.trimEnd();
    const from = index + line.length - value.length;
    hide(search, text, from, from + own.length);
  }
};

/** As a script; where it is none, its pieces as the words of one command. */
export function searchScript(search: Search, text: LocatedText, context: SearchContext): boolean {
  const { commands, isReadable } = locateLine(text);
  for (const command of commands) searchCommand(search, command, context);
  if (!isReadable) searchPieces(search, text, context);
  return isReadable;
}

const PIECE = /[^\s;|&()<>`]+/g;

/** Words as far as they can be told where quotes and brackets do not close. */
const searchPieces = (search: Search, text: LocatedText, context: SearchContext): void => {
  const words = [...text.text.matchAll(PIECE)].map(({ 0: piece, index }) => {
    const quotes = /^["']*/.exec(piece)?.[0].length ?? 0;
    return sliceOf(text, index + quotes, index + piece.length);
  });
  search.letters -= words.length;
  if (words.length > 0 && words.length < MOST_PIECES) search.read.words(search, words, context);
  else hide(search, text);
};

const MOST_PIECES = 4096;
