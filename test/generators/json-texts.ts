// A seed comes in, JSON objects in a row come out, with escapes and numbers that readers of JSON disagree about.
import type { Random } from './random.ts';
import { ESCAPES, WORDS, WRONG_ESCAPES } from './yaml-words.ts';

const NUMBERS = ['0', '-0', '1.50', '1e3', '2', '-7', '12', '3.25'];
/** Not read for their size, or no numbers at all. */
const ODD_NUMBERS = ['9007199254740993', '1e400', '07', '-', '18446744073709551615'];

const jsonString = (random: Random): string =>
  `"${random.several(0, 3, () => random.of([...WORDS, ...ESCAPES.slice(0, 2), ...WRONG_ESCAPES.slice(0, 3), '\u2028', ' '])).join('')}"`;

const jsonValue = (random: Random, depth: number): string => {
  switch (random.below(depth > 3 ? 3 : 6)) {
    case 0:
      return jsonString(random);
    case 1:
      return random.of(random.oneIn(30) ? ODD_NUMBERS : NUMBERS);
    case 2:
      return random.of(['true', 'false', 'null', '""']);
    case 3:
      return `[${random.several(0, 3, () => jsonValue(random, depth + 1)).join(', ')}]`;
    default:
      return `{${random.several(0, 4, () => pair(random, depth)).join(',')}}`;
  }
};

const pair = (random: Random, depth: number): string =>
  `${jsonString(random)}:${random.of(['', ' ', '\n'])}${jsonValue(random, depth + 1)}`;

/** One to three objects, perhaps as documents of YAML. */
export function jsonText(random: Random): string {
  const object = (): string => `{"a": ${jsonValue(random, 1)}, "${random.of(WORDS)}": ${jsonValue(random, 1)}}`;
  const start = random.of(['', '', ' ', '\n', '\ufeff', '\u0085', '\u2028']);
  return start + random.several(1, 3, object).join(random.of(['', '\n', ' ', '\n---\n', ' --- ']));
}
