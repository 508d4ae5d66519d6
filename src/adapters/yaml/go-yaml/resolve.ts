// The text of a scalar and its tag become a typed value: null, boolean, number or string, as go-yaml v2 tells them apart.
import { isUtf8 } from 'node:buffer';
import { type Scalar, YAML_TAG } from './nodes.ts';
import { decimalOf, fractionOf, integerOf, MAX_INT64 } from './numbers.ts';
import { Unreadable } from './unreadable.ts';

/** A scalar that is no string; the kind tells apart keys that become one text in JSON, as `1` and `1.0` do. */
export type Typed =
  | { readonly kind: 'null'; readonly value: null }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** `text`: all digits; null beyond int64, where it can be no key and no !!float. */
  | { readonly kind: 'integer'; readonly value: number; readonly text: string | null }
  | { readonly kind: 'float'; readonly value: number };

/** The value of a scalar; a string is itself. */
export type Value = string | Typed;

const NULL: Typed = { kind: 'null', value: null };
const INFINITE: Typed = { kind: 'float', value: Number.POSITIVE_INFINITY };
const MINUS_INFINITE: Typed = { kind: 'float', value: Number.NEGATIVE_INFINITY };
const NOT_A_NUMBER: Typed = { kind: 'float', value: Number.NaN };
const TRUE: Typed = { kind: 'boolean', value: true };
const FALSE: Typed = { kind: 'boolean', value: false };

/** resolve.go, resolveMapList: `y` and `on` are true, but `yEs` is text. */
const WORDS: ReadonlyMap<string, Typed> = new Map(
  (
    [
      [TRUE, 'y Y yes Yes YES true True TRUE on On ON'],
      [FALSE, 'n N no No NO false False FALSE off Off OFF'],
      [NULL, '~ null Null NULL'],
      [NOT_A_NUMBER, '.nan .NaN .NAN'],
      [INFINITE, '.inf .Inf .INF +.inf +.Inf +.INF'],
      [MINUS_INFINITE, '-.inf -.Inf -.INF'],
    ] as const
  ).flatMap(([value, words]) => words.split(' ').map((word) => [word, value] as const)),
);

const TAGS = new Map(
  (['str', 'bool', 'int', 'float', 'null', 'timestamp', 'binary'] as const).map((name) => [YAML_TAG + name, name]),
);

/**
 * The value of a scalar (decode.go, decoder.scalar and resolve.go, resolve). A timestamp stays the text that it is, a tag
 * that go-yaml does not know makes a string. Throws Unreadable where the text is not what its tag says.
 */
export function scalarValue({ value, tag, isImplicit }: Scalar): Value {
  if (tag === '') return isImplicit ? typed(value) : value;
  const name = TAGS.get(tag);
  switch (name) {
    case undefined:
    case 'str':
      return value;
    case 'binary':
      return decodedBinary(value);
    case 'float':
      return asFloat(typed(value));
    case 'int':
      return ofKind('integer', typed(value));
    case 'bool':
      return ofKind('boolean', typed(value));
    case 'null':
      return ofKind('null', typed(value));
    case 'timestamp':
      throw new Unreadable('a tagged timestamp: whether Go takes it for one is not decided here');
    default:
      return name satisfies never;
  }
}

const ofKind = (kind: Typed['kind'], value: Value): Typed => {
  if (typeof value === 'string' || value.kind !== kind) throw new Unreadable('a scalar that is not what its tag says');
  return value;
};

const asFloat = (value: Value): Typed =>
  typeof value !== 'string' && value.kind === 'integer' && value.text !== null
    ? { kind: 'float', value: value.value }
    : ofKind('float', value);

/** Only a text that begins with one of these can be more than a string (resolve.go, resolveTable). */
const FIRST_OF_TYPED = new Set('yYnNtTfFoO~.+-0123456789');

/** The value of a plain scalar without a tag. */
const typed = (text: string): Value => {
  if (text === '') return NULL;
  const first = text.charAt(0);
  if (!FIRST_OF_TYPED.has(first)) return text;
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const isNumeral = first === '+' || first === '-' || (first >= '0' && first <= '9');
  return (isNumeral ? numeral(text) : first === '.' ? floatOf(fractionOf(text)) : null) ?? text;
};

const floatOf = (value: number | null): Typed | null => (value === null ? null : { kind: 'float', value });

/** What most numbers are, and what none of the rules for others changes. */
const SHORT_INTEGER = /^(?:0|[1-9]\d{0,14})$/;

/** "_" may stand anywhere: `1__0_` is 10. What is no number of 64 bits may still be a float, or text. */
const numeral = (text: string): Typed | null => {
  if (SHORT_INTEGER.test(text)) return { kind: 'integer', value: Number(text), text };
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  const integer = plain.includes('.') ? null : integerOf(plain);
  return integer === null ? floatOf(decimalOf(plain)) : integerValue(integer);
};

/** Beyond int64 Kubernetes reads a float; an integer of 64 bits that a number of JavaScript rounds is not read. */
const integerValue = (integer: bigint): Typed => {
  const value = Number(integer);
  if (integer > MAX_INT64) return { kind: 'integer', value, text: null };
  if (BigInt(value) !== integer) throw new Unreadable('an integer that would be rounded');
  return { kind: 'integer', value, text: String(integer) };
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Go's base64 forgives line breaks only; bytes that are no UTF-8 would become several replacement characters, or one. */
const decodedBinary = (text: string): string => {
  const digits = text.replaceAll(/[\r\n]/g, '');
  const bytes = Buffer.from(digits, 'base64');
  if (!BASE64.test(digits) || !isUtf8(bytes)) throw new Unreadable('!!binary that is no text');
  return bytes.toString('utf8');
};
