// A text as a program gets it, and where each of its letters stands in the text that people read: quotes, escapes and
// indentation lie between.
import { ownValue } from '../../model/json.ts';
import type { Span } from '../../model/span.ts';

/** `starts[i]` and `ends[i]`: where in the whole text the unit `i` of `text` begins and ends. */
export interface LocatedText {
  readonly text: string;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

export const NOWHERE: LocatedText = { text: '', starts: new Uint32Array(0), ends: new Uint32Array(0) };

/** A text that stands as it is, from that place on. */
export function locatedAt(text: string, at: number): LocatedText {
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  for (let i = 0; i < text.length; i++) {
    starts[i] = at + i;
    ends[i] = at + i + 1;
  }
  return { text, starts, ends };
}

/** From one of its units to another; copies nothing. */
export function sliceOf({ text, starts, ends }: LocatedText, from: number, to: number = text.length): LocatedText {
  return { text: text.slice(from, to), starts: starts.subarray(from, to), ends: ends.subarray(from, to) };
}

/** Several as one. */
export function concatLocated(pieces: readonly LocatedText[]): LocatedText {
  const [first] = pieces;
  if (first === undefined) return NOWHERE;
  if (pieces.length === 1) return first;
  const length = pieces.reduce((sum, { text }) => sum + text.length, 0);
  const starts = new Uint32Array(length);
  const ends = new Uint32Array(length);
  let at = 0;
  for (const piece of pieces) {
    starts.set(piece.starts, at);
    ends.set(piece.ends, at);
    at += piece.text.length;
  }
  return { text: pieces.map(({ text }) => text).join(''), starts, ends };
}

/** Where a part of it stands in the whole text; null where it is empty. */
export function placeOf({ starts, ends, text }: LocatedText, from = 0, to: number = text.length): Span | null {
  if (from >= to) return null;
  const first = starts[from];
  const last = ends[to - 1];
  return first === undefined || last === undefined ? null : { from: first, to: last };
}

const BACKSLASH = 0x5c;
const APOSTROPHE = 0x27;
const NEWLINE = 0x0a;

const ESCAPED: { readonly [letter: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  '0': '\0',
  e: '\x1b',
};

/** How much of `raw` at a place spells the unit of the value: 0 where it does not. */
const spells = (raw: string, at: number, unit: string): number => {
  if (raw.charCodeAt(at) === BACKSLASH) {
    const letter = raw[at + 1] ?? '';
    if (letter === unit || ownValue(ESCAPED, letter) === unit) return 2;
    const digits = letter === 'u' ? 4 : letter === 'x' ? 2 : letter === 'U' ? 8 : 0;
    if (digits > 0 && Number.parseInt(raw.slice(at + 2, at + 2 + digits), 16) === unit.charCodeAt(0)) return 2 + digits;
  }
  if (raw[at] === unit) return raw.charCodeAt(at) === APOSTROPHE && raw.charCodeAt(at + 1) === APOSTROPHE ? 2 : 1;
  return 0;
};

/** What may stand between two units without being part of the value: continuations, indentation, folded lines. */
const skipped = (raw: string, at: number, isLineStart: boolean): number => {
  if (raw.charCodeAt(at) === BACKSLASH && raw.charCodeAt(at + 1) === NEWLINE) return 2;
  const isBlank = raw[at] === ' ' || raw[at] === '\t' || raw[at] === '\n' || raw[at] === '\r';
  return isBlank && (isLineStart || raw[at] === '\n' || raw[at] === '\r') ? 1 : 0;
};

/**
 * The value of a raw text: letter by letter where one spells the other, otherwise each letter of the value stands for all of
 * the raw text, so that what is hidden of it hides all.
 */
export function alignTo(raw: LocatedText, value: string): LocatedText {
  if (raw.text === value) return raw;
  const starts = new Uint32Array(value.length);
  const ends = new Uint32Array(value.length);
  let at = 0;
  let isLineStart = true;
  for (let i = 0; i < value.length; i++) {
    const unit = value[i] ?? '';
    let length = spells(raw.text, at, unit);
    while (length === 0) {
      // a folded line break is a blank of the value
      if (unit === ' ' && raw.text[at] === '\n') break;
      const over = skipped(raw.text, at, isLineStart);
      if (over === 0) return coarse(raw, value);
      isLineStart ||= raw.text[at] === '\n';
      at += over;
      length = spells(raw.text, at, unit);
    }
    const place = placeOf(raw, at, at + Math.max(length, 1));
    if (place === null) return coarse(raw, value);
    starts[i] = place.from;
    ends[i] = place.to;
    isLineStart = raw.text[at] === '\n';
    at += Math.max(length, 1);
  }
  return /\S/.test(raw.text.slice(at)) ? coarse(raw, value) : { text: value, starts, ends };
}

/** Every letter of the value stands for all of the raw text. */
export function coarse(raw: LocatedText, value: string): LocatedText {
  const place = placeOf(raw) ?? { from: 0, to: 0 };
  return {
    text: value,
    starts: new Uint32Array(value.length).fill(place.from),
    ends: new Uint32Array(value.length).fill(place.to),
  };
}
