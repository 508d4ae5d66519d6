// Plain and quoted scalars: the text from where the place stands becomes the value, lines folded as go-yaml v2 does.
import { ownValue } from '../../../core/model/json.ts';
import { END, isBlank, isBlankOrEnd, isBreak, type Source, TAB } from './source.ts';
import { Unreadable } from './unreadable.ts';

const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const BACKSLASH = 0x5c;
const HASH = 0x23;
const COLON = 0x3a;

/** Line breaks between two words: the first becomes a space if no other follows; LS and PS stay as they are. */
const folded = (breaks: string): string => {
  if (!breaks.startsWith('\n')) return breaks;
  return breaks.length === 1 ? ' ' : breaks.slice(1);
};

/** The line breaks among the blanks at the place, which ends behind them; empty when all stand on one line. */
const takeBlanks = (source: Source, tabMayStandFrom: number): string => {
  let breaks = '';
  for (;;) {
    const code = source.code();
    if (isBreak(code)) breaks += source.takeBreak();
    else if (!isBlank(code)) return breaks;
    else if (code === TAB && breaks !== '' && source.column < tabMayStandFrom)
      throw new Unreadable('a tab where an indentation stands');
    else source.at++;
  }
};

/** In a flow collection these end a plain scalar, "?" among them (scannerc.go, yaml_parser_scan_plain_scalar). */
const endsFlowWord = (code: number): boolean =>
  code === 0x2c || code === 0x3f || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;

const skipPlainWord = (source: Source, inFlow: boolean): void => {
  for (let code = source.code(); !isBlankOrEnd(code); code = source.code()) {
    if (code === COLON ? isBlankOrEnd(source.code(1)) : inFlow && endsFlowWord(code)) return;
    source.at++;
  }
};

/** A plain scalar, and whether line breaks behind it have been passed. */
export interface Plain {
  readonly value: string;
  readonly passedBreak: boolean;
}

/** @param indent the column that a line must reach to belong to the scalar in a block. */
export function takePlain(source: Source, indent: number, inFlow: boolean): Plain {
  let value = '';
  let from = source.at;
  let to = from;
  let breaks = '';
  while (!source.isAtDocumentMark() && source.code() !== HASH) {
    const word = source.at;
    skipPlainWord(source, inFlow);
    if (source.at > word) {
      if (breaks !== '') {
        value += source.text.slice(from, to) + folded(breaks);
        from = word;
        breaks = '';
      }
      to = source.at;
    }
    const code = source.code();
    if (!isBlank(code) && !isBreak(code)) break;
    breaks = takeBlanks(source, indent);
    if (!inFlow && source.column < indent) break;
  }
  return { value: value + source.text.slice(from, to), passedBreak: breaks !== '' };
}

/** A text in quotes is made of pieces as they stand, of escapes and of folded lines. */
const takeQuoted = (source: Source, quote: number, special: (source: Source) => string | null): string => {
  let value = '';
  source.at++;
  for (;;) {
    if (source.isAtDocumentMark()) throw new Unreadable('a document mark in a quoted scalar');
    const from = source.at;
    while (!isBlankOrEnd(source.code()) && source.code() !== quote && source.code() !== BACKSLASH) source.at++;
    value += source.text.slice(from, source.at);
    const code = source.code();
    if (code === END) throw new Unreadable('a quoted scalar without end');
    if (code === quote || code === BACKSLASH) {
      const said = special(source);
      if (said === null) break;
      value += said;
    } else {
      const blanks = source.at;
      const breaks = takeBlanks(source, 0);
      value += breaks === '' ? source.text.slice(blanks, source.at) : folded(breaks);
    }
  }
  source.at++;
  return value;
};

/** Two apostrophes are one; a backslash is itself. Null at the end of the scalar. */
const inApostrophes = (source: Source): string | null => {
  if (source.code() === BACKSLASH) {
    source.at++;
    return '\\';
  }
  if (source.code(1) !== APOSTROPHE) return null;
  source.at += 2;
  return "'";
};

export function takeSingleQuoted(source: Source): string {
  return takeQuoted(source, APOSTROPHE, inApostrophes);
}

/** YAML 1.1, section 5.7, with "'" and without "/" (scannerc.go, yaml_parser_scan_flow_scalar). */
const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const HEX_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** The character of a code in so many hexadecimal digits; a half of a surrogate pair is an error. */
const byCode = (digits: string, length: number): string => {
  const code = digits.length === length && /^[0-9a-f]+$/i.test(digits) ? Number.parseInt(digits, 16) : -1;
  if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
    throw new Unreadable('an escape of no character');
  return String.fromCodePoint(code);
};

const escaped = (source: Source): string | null => {
  if (source.code() === QUOTE) return null;
  source.at++;
  if (isBreak(source.code())) {
    source.takeBreak();
    return takeContinued(source);
  }
  const letter = source.text.charAt(source.at++);
  const simple = ownValue(ESCAPES, letter);
  if (simple !== undefined) return simple;
  const length = ownValue(HEX_LENGTH, letter);
  if (length === undefined) throw new Unreadable('an escape that YAML 1.1 does not have');
  const from = source.at;
  source.at += length;
  return byCode(source.text.slice(from, source.at), length);
};

/** Behind an escaped line break: blanks are dropped, further line breaks stay. */
const takeContinued = (source: Source): string => {
  let breaks = '';
  for (let code = source.code(); ; code = source.code()) {
    if (isBreak(code)) breaks += source.takeBreak();
    else if (isBlank(code)) source.at++;
    else return breaks;
  }
};

export function takeDoubleQuoted(source: Source): string {
  return takeQuoted(source, QUOTE, escaped);
}
