// A JSON text comes in, the value that begins at a place of it comes out, as Go's decoder takes one after the other.
import type { ReadingBudget } from '../../core/model/command.ts';
import { isDeeperThan, type Json, MAX_DEPTH } from '../../core/model/json.ts';
import { wellFormed } from '../../core/model/well-formed.ts';
import { spend, Unreadable } from './go-yaml/unreadable.ts';

/** A value, and the place behind it. */
export interface JsonAt {
  readonly value: Json;
  readonly end: number;
  /** How many keys its text has, those that stand twice counted twice. */
  readonly keys: number;
}

/**
 * The value that begins at a place; null where it is no JSON. Of a key that stands twice the last holds, in Go as here. Throws
 * Unreadable beyond the limits, and where JSON.parse would round a number.
 */
export function jsonAt(text: string, from: number, budget: ReadingBudget): JsonAt | null {
  const first = text.charCodeAt(from);
  const isCollection = first === OPEN_BRACE || first === OPEN_BRACKET;
  const { end, keys, hasUnsureNumber } = isCollection ? collectionAt(text, from, budget) : scalarAt(text, from);
  const piece = text.slice(from, end);
  const value = parsed(piece);
  if (value === undefined) return null;
  if (hasUnsureNumber) throw new Unreadable('a number that would be rounded');
  return { value: HALF_OF_A_PAIR.test(piece) ? wellFormed(value) : value, end, keys };
}

/** Of a key of a flow mapping YAML reads 1,024 characters. */
const MOST_ALIKE = 1_000;

/**
 * What YAML and JSON read alike when JSON can read it at all: printable ASCII without a backslash, in one line, and of
 * numbers short integers. The first letter is a bracket.
 */
const ALIKE = /^\[(?:[[\]{},: ]|"[ !#-[\]-~]*"|true|false|null|(?:0|[1-9]\d{0,14})(?![-+.\deE]))*$/;

/**
 * A JSON patch as most are written: the value that reading the text as YAML gives, which takes several times as long. null for
 * any other text, whatever it is (read-documents.test.ts holds both readings to the same).
 */
export function listReadAlike(text: string, budget: ReadingBudget): Json {
  if (text.length > MOST_ALIKE || !ALIKE.test(text)) return null;
  const found = jsonAt(text, 0, budget);
  return found === null || found.end < text.length || isDeeperThan(found.value, MAX_DEPTH / 2) ? null : found.value;
}

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

/** Go puts U+FFFD in the place of half a surrogate pair. */
const HALF_OF_A_PAIR = /\\u[dD][89a-fA-F]/;

/** How far a value reaches if it is JSON at all. */
interface Extent {
  readonly end: number;
  readonly keys: number;
  readonly hasUnsureNumber: boolean;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BACKSLASH = 0x5c;

const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

const scalarAt = (text: string, from: number): Extent => {
  SCALAR.lastIndex = from;
  const end = text.charCodeAt(from) === QUOTE ? endOfString(text, from) : SCALAR.test(text) ? SCALAR.lastIndex : from;
  return { end, keys: 0, hasUnsureNumber: false };
};

const endOfString = (text: string, from: number): number => {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  return text.length;
};

/** To the bracket that closes the first one. */
const collectionAt = (text: string, from: number, budget: ReadingBudget): Extent => {
  let depth = 0;
  let nodes = 1;
  let keys = 0;
  let hasUnsureNumber = false;
  let at = from;
  do {
    const code = text.charCodeAt(at);
    const end = code === QUOTE ? endOfString(text, at) : isInNumber(code) ? endOfNumber(text, at) : at + 1;
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
    else if (code === COMMA) nodes++;
    else if (code === COLON) keys++;
    else if (code !== QUOTE && end > at + 1 && isUnsure(text.slice(at, end))) hasUnsureNumber = true;
    if (depth > MAX_DEPTH) throw new Unreadable('nested too deep');
    at = end;
  } while (depth > 0 && at < text.length);
  spend(budget, nodes + keys);
  return { end: at, keys, hasUnsureNumber };
};

/** A digit or one of `+-.eE`. */
const isInNumber = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2b || code === 0x2e || code === 0x65 || code === 0x45;

const endOfNumber = (text: string, from: number): number => {
  let at = from;
  while (isInNumber(text.charCodeAt(at))) at++;
  return at;
};

/** "9007199254740993" has 16 digits, "-9223372036854775808" 20 characters. */
const UNSURE_INTEGER = /^-?\d{16,19}$/;

/** An integer of 64 bits that JavaScript would round, or a float that is too large for 64 bits. */
const isUnsure = (number: string): boolean => {
  if (Math.abs(Number(number)) === Number.POSITIVE_INFINITY) return true;
  if (!UNSURE_INTEGER.test(number)) return false;
  const integer = BigInt(number);
  return BigInt.asIntN(64, integer) === integer && BigInt(Number(integer)) !== integer;
};
