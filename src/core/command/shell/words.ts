// The words of the shell grammar become texts, with marks where only running tells.
import type { DoubleQuotedChild, Word as SyntaxWord, WordPart } from 'unbash';
import { combine, expandBraces } from './braces.ts';
import { UNKNOWN, UNKNOWN_NAMES, UNKNOWN_WORDS } from './unknown.ts';

/** One word: `text` has a mark for what cannot be known; `raw` keeps globs as written, for rm. */
export interface Word {
  readonly text: string;
  readonly raw: string;
}

/** The words that one word of the grammar becomes; `opaque` when an expansion is of a kind that is not looked into. */
export interface Expanded {
  readonly words: readonly Word[];
  readonly opaque: boolean;
}

/** The value of a variable where the line has set it to a constant; null where it is not known. */
export type Constants = (name: string) => string | null;

/** Whether braces, globs and blanks of values make several words, or the text stays one as between double quotes. */
type Reading = 'words' | 'text';

interface Piece {
  readonly texts: readonly string[];
  readonly raws: readonly string[];
  readonly opaque: boolean;
  /** Quotes stand in it: what is empty is a word all the same. */
  readonly quoted: boolean;
}

const piece = (text: string, quoted = false): Piece => ({ texts: [text], raws: [text], opaque: false, quoted });

const ONE_UNKNOWN: Piece = piece(UNKNOWN);
const ANY_UNKNOWN: Piece = piece(UNKNOWN_WORDS);
const OPAQUE_PIECE: Piece = { ...ANY_UNKNOWN, opaque: true };

/** Where the value of an unquoted variable falls into words; taken out before anybody sees them. */
const SPLIT = '\u0000\u0004';

const joined = (pieces: readonly Piece[]): Piece => {
  let all: Piece = piece('');
  for (const one of pieces) {
    const texts = combine(all.texts, one.texts);
    const raws = combine(all.raws, one.raws);
    if (texts === null || raws === null) return OPAQUE_PIECE;
    all = { texts, raws, opaque: all.opaque || one.opaque, quoted: all.quoted || one.quoted };
  }
  return all;
};

/** An unquoted value falls apart at its blanks, and what of it looks like a glob stands for any number of files. */
const splitValue = (value: string): Piece => {
  const fields = value.split(/[ \t\n]+/);
  const texts = fields.map((field) => (/[*?[\\]/.test(field) ? UNKNOWN_NAMES : field));
  return { ...piece(texts.join(SPLIT)), raws: [fields.join(SPLIT)] };
};

/** Numbers that the shell knows: one word, quoted or not. */
const COUNTS = /^\$?[?#$!]$/;

const expansion = (name: string, reading: Reading, constants: Constants): Piece => {
  const value = constants(name);
  if (value !== null) return reading === 'text' ? piece(value) : splitValue(value);
  if (COUNTS.test(name) || (reading === 'text' && name !== '@')) return ONE_UNKNOWN;
  return ANY_UNKNOWN;
};

const pieceOf = (part: WordPart | DoubleQuotedChild, reading: Reading, constants: Constants): Piece => {
  switch (part.type) {
    case 'Literal':
      return piece(part.value);
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return piece(part.value, true);
    case 'DoubleQuoted':
    case 'LocaleString':
      return { ...joined(part.parts.map((one) => pieceOf(one, 'text', constants))), quoted: true };
    case 'SimpleExpansion':
      return expansion(part.text.slice(1), reading, constants);
    case 'ParameterExpansion':
      return part.operation === undefined && part.prefix === undefined && part.index === undefined
        ? expansion(part.parameter, reading, constants)
        : OPAQUE_PIECE;
    case 'CommandExpansion':
      return reading === 'text' ? ONE_UNKNOWN : ANY_UNKNOWN;
    case 'BraceExpansion': {
      const texts = reading === 'text' ? [part.text] : expandBraces(part.text);
      return texts === null ? ANY_UNKNOWN : { texts, raws: texts, opaque: false, quoted: false };
    }
    case 'Glob':
    case 'ExtendedGlob':
      return reading === 'text' ? piece(part.text) : { ...piece(UNKNOWN_NAMES), raws: [part.text] };
    case 'ArithmeticExpansion':
      return { ...ONE_UNKNOWN, opaque: true };
    case 'ProcessSubstitution':
      return { ...ONE_UNKNOWN, opaque: true };
    default:
      return part satisfies never;
  }
};

/** Nothing is known of any variable. */
export function noConstants(): null {
  return null;
}

/** Braces are expanded before variables: "$V{1,2}" is $V1 and $V2. */
const renamesVariable = (parts: readonly WordPart[]): boolean =>
  parts.some((part, at) => part.type === 'SimpleExpansion' && parts[at + 1]?.type === 'BraceExpansion');

/** The texts of a word of the grammar: one, several where braces or a value's blanks make them, none where nothing is left. */
export function expandWord(word: SyntaxWord, constants: Constants = noConstants): Expanded {
  if (word.parts === undefined) return { words: [{ text: word.value, raw: word.value }], opaque: false };
  const pieces = renamesVariable(word.parts)
    ? [ANY_UNKNOWN]
    : word.parts.map((part) => pieceOf(part, 'words', constants));
  const { texts, raws, opaque, quoted } = joined(pieces);
  const words: Word[] = [];
  texts.forEach((one, at) => {
    const split = (raws[at] ?? one).split(SPLIT);
    one.split(SPLIT).forEach((text, field) => {
      if (text !== '' || quoted) words.push({ text, raw: split[field] ?? text });
    });
  });
  return { words, opaque };
}

/** The text that a here-document, a here-string or a value comes to; parts undefined: as it stands. */
export function joinParts(
  parts: readonly WordPart[] | undefined,
  asItStands: string,
  constants: Constants = noConstants,
): string {
  return parts === undefined
    ? asItStands
    : (joined(parts.map((part) => pieceOf(part, 'text', constants))).texts[0] ?? UNKNOWN);
}

/** A word of an argv, which no shell reads again. */
export function wordOf(value: string): Word {
  return { text: value, raw: value };
}

/** The texts of words. */
export function textsOfWords(words: readonly Word[]): readonly string[] {
  return words.map(({ text }) => text);
}
