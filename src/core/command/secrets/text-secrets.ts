// Finds the secrets of a text inside a command: a document, a file of settings, a script, prose.
import { isNoSecret, isSecretName } from '../../model/secret-names.ts';
import { shapeSpans } from '../../model/secret-shapes.ts';
import { locateLine } from '../shell/located-line.ts';
import type { LocatedText } from '../shell/located-text.ts';
import { searchCommand } from './command-secrets.ts';
import { searchDocument } from './document-secrets.ts';
import { holdsNone, isNestedTooDeep } from './hints.ts';
import { DEEPEST_TEXT, hide, type Search, type SearchContext } from './search.ts';

/** Braces, brackets, or a key somewhere: nothing else can be a document of names and values. */
const MAY_BE_DOCUMENT = /^\s*[[{]|:(?:\s|$)|^\s*- /;

/** Each text is parsed anew, however short: together with the letters of a search it bounds how many are. */
const COST_OF_A_TEXT = 256;

/** Finds the secrets of any text; one that cannot be read and may hold one is hidden whole. */
export function searchText(search: Search, text: LocatedText, context: SearchContext): void {
  search.letters -= text.text.length + COST_OF_A_TEXT;
  if (search.letters < 0 || context.depth > DEEPEST_TEXT) {
    hide(search, text);
    return;
  }
  const isLike = MAY_BE_DOCUMENT.test(text.text);
  if (isLike && searchDocument(search, text, context)) return;
  const isBraced = /^\s*[[{]/.test(text.text);
  const isSecretKind = /\bkind\W[^\n]{0,64}secret/i.test(text.text);
  if (context.aboutSecret || isSecretKind || (isBraced && (!holdsNone(text.text) || isNestedTooDeep(text.text)))) {
    hide(search, text);
    return;
  }
  for (const { from, to } of shapeSpans(text.text)) hide(search, text, from, to);
  searchLines(search, text);
  if (!/[\s;|&]/.test(text.text) || searchScript(search, text, context)) return;
  // neither a document nor a script: prose, or a part of either
  if (!holdsNone(text.text)) hide(search, text);
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

/** As a script; false where it is none that can be read to its end. */
export function searchScript(search: Search, text: LocatedText, context: SearchContext): boolean {
  const { commands, isReadable } = locateLine(text);
  for (const command of commands) searchCommand(search, command, context);
  return isReadable;
}
