// The words of the shell grammar become texts, with UNKNOWN where only running tells.
import type { DoubleQuotedChild, Word as SyntaxWord, WordPart } from 'unbash';
import { combine, expandBraces } from './braces.ts';
import { UNKNOWN } from './unknown.ts';

/** One word: `text` has UNKNOWN for what cannot be known; `raw` keeps globs as written, for rm. */
export interface Word {
  readonly text: string;
  readonly raw: string;
}

/** The words that one word of the grammar becomes; `opaque` when an expansion is of a kind that is not looked into. */
export interface Expanded {
  readonly words: readonly Word[];
  readonly opaque: boolean;
}

interface Piece {
  readonly texts: readonly string[];
  readonly raws: readonly string[];
  readonly opaque: boolean;
}

const text = (value: string): Piece => ({ texts: [value], raws: [value], opaque: false });
const UNKNOWN_PIECE: Piece = text(UNKNOWN);
const OPAQUE_PIECE: Piece = { ...UNKNOWN_PIECE, opaque: true };

const joined = (pieces: readonly Piece[]): Piece => {
  let all: Piece = text('');
  for (const piece of pieces) {
    const texts = combine(all.texts, piece.texts);
    const raws = combine(all.raws, piece.raws);
    if (texts === null || raws === null) return OPAQUE_PIECE;
    all = { texts, raws, opaque: all.opaque || piece.opaque };
  }
  return all;
};

const pieceOf = (part: WordPart | DoubleQuotedChild): Piece => {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return text(part.value);
    case 'DoubleQuoted':
    case 'LocaleString':
      return joined(part.parts.map(pieceOf));
    case 'SimpleExpansion':
    case 'CommandExpansion':
      return UNKNOWN_PIECE;
    case 'ParameterExpansion':
      return part.operation === undefined && part.prefix === undefined && part.index === undefined
        ? UNKNOWN_PIECE
        : OPAQUE_PIECE;
    case 'BraceExpansion': {
      const texts = expandBraces(part.text);
      return texts === null ? UNKNOWN_PIECE : { texts, raws: texts, opaque: false };
    }
    case 'Glob':
    case 'ExtendedGlob':
      return { texts: [UNKNOWN], raws: [part.text], opaque: false };
    case 'ArithmeticExpansion':
    case 'ProcessSubstitution':
      return OPAQUE_PIECE;
    default:
      return part satisfies never;
  }
};

/** The texts of a word of the grammar: one, or several where braces are expanded. */
export function expandWord(word: SyntaxWord): Expanded {
  if (word.parts === undefined) return { words: [{ text: word.value, raw: word.value }], opaque: false };
  const { texts, raws, opaque } = joined(word.parts.map(pieceOf));
  return { words: texts.map((one, at) => ({ text: one, raw: raws[at] ?? one })), opaque };
}

/** The text that a here-document or a quoted text comes to; parts undefined: as it stands. */
export function joinParts(parts: readonly WordPart[] | undefined, asItStands: string): string {
  return parts === undefined ? asItStands : (joined(parts.map(pieceOf)).texts[0] ?? UNKNOWN);
}

/** A word of an argv, which no shell reads again. */
export function wordOf(value: string): Word {
  return { text: value, raw: value };
}
