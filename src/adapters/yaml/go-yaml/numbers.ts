// Texts of numbers become integers and floats, and floats become keys, as Go's strconv and go-yaml v2 have it.
import { Unreadable } from './unreadable.ts';

export const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** strconv.ParseInt with base 0, "_" removed before: a sign, and the digits behind each prefix. A leading 0 means octal. */
const INTEGER = /^([+-]?)(?:(0|[1-9]\d*)|0[oO]?0*([0-7]+)|0[xX]0*([\da-fA-F]+)|0[bB]0*([01]+))$/;

/** No integer of 64 bits has more digits in any notation. */
const MOST_DIGITS = 64;

/**
 * The integer of a text without "_" (resolve.go: ParseInt, then ParseUint, then `0b` and a signed binary number); null where
 * Go finds none, because of its form or because 64 bits do not hold it.
 */
export function integerOf(text: string): bigint | null {
  const found = INTEGER.exec(text.startsWith('0b') ? text.replace(/^0b([+-])/, '$10b') : text);
  if (found === null) return null;
  const [, sign, decimal, octal, hex, binary] = found;
  const digits = decimal ?? octal ?? hex ?? binary ?? '';
  if (digits.length > MOST_DIGITS) return null;
  const prefix = decimal !== undefined ? '' : octal !== undefined ? '0o' : hex !== undefined ? '0x' : '0b';
  const size = BigInt(prefix + digits);
  if (size > (sign === '' ? MAX_UINT64 : sign === '+' ? MAX_INT64 : MAX_INT64 + 1n)) return null;
  return sign === '-' ? -size : size;
}

const DECIMAL = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
/** Only of a text that begins with "." does Go itself read the "_", which must stand between digits. */
const FRACTION = /^\.\d+(?:_\d+)*(?:[eE][-+]?\d+(?:_\d+)*)?$/;

const finite = (text: string): number | null => {
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
};

/** The float of a text without "_" that begins with a sign or a digit; null where it is none, or too large for 64 bits. */
export function decimalOf(text: string): number | null {
  return DECIMAL.test(text) ? finite(text) : null;
}

/** The float of a text that begins with "."; null where it is none, or too large for 64 bits. */
export function fractionOf(text: string): number | null {
  return FRACTION.test(text) ? finite(text.replaceAll('_', '')) : null;
}

/** Up to so many digits the nearest decimal is the one that Go takes; of more, ties and powers of two would be decided apart. */
const SURE_DIGITS = 7;
/** From this power of ten on Go writes an exponent, and below 10^-4. */
const FIRST_LARGE_POWER = 6;

/** The fewest digits that say a float of 32 bits: "1.5e+0". */
const shortest = (float32: number): string => {
  for (let digits = 1; digits <= SURE_DIGITS; digits++) {
    const text = float32.toExponential(digits - 1);
    if (Math.fround(Number(text)) === float32) return text;
  }
  throw new Unreadable('a key of many digits');
};

/**
 * A float as a key of JSON: strconv.FormatFloat(x, 'g', -1, 32), with YAML's names for what is not finite
 * (sigs.k8s.io/yaml yaml.go, convertToJSONableObject). Throws Unreadable for more than seven digits, and for a minus zero,
 * which is the same key as zero and spelled as the first of both.
 */
export function keyOfFloat(value: number): string {
  if (Object.is(value, -0)) throw new Unreadable('a minus zero as a key');
  const float32 = Math.fround(value);
  if (Number.isNaN(float32)) return '.nan';
  if (!Number.isFinite(float32)) return float32 > 0 ? '.inf' : '-.inf';
  const [digits = '', exponent = ''] = shortest(float32).split('e');
  const power = Number(exponent);
  const fraction = digits.replace(/^-?\d\.?/, '').length;
  if (power >= -4 && power < FIRST_LARGE_POWER)
    return Number(`${digits}e${power}`).toFixed(Math.max(0, fraction - power));
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
