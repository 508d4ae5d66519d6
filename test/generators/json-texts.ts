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

/** Texts that YAML takes for more than text where no quotes stand around them, a merge, a long key. */
const MEANT_OTHERWISE = [
  '<<',
  '__proto__',
  '---',
  '- ',
  ': ',
  ' #',
  '%',
  '&a',
  '*a',
  '!x',
  '|',
  '0x1',
  '\u007f',
  '\u00e9',
  '\t',
];
const LONG = 'k'.repeat(990);

const wordOfList = (random: Random): string =>
  random.oneIn(3) ? `"${random.of(random.oneIn(200) ? [LONG] : MEANT_OTHERWISE)}"` : jsonString(random);

const valueOfList = (random: Random, depth: number): string => {
  const space = (): string => (random.oneIn(5) ? random.of([' ', '  ', '\n', '\t']) : '');
  const word = (): string => space() + wordOfList(random) + space();
  const value = (): string => space() + valueOfList(random, depth + 1) + space();
  switch (random.below(depth > 3 ? 3 : 6)) {
    case 0:
      return random.of(random.oneIn(9) ? ODD_NUMBERS : NUMBERS.filter((number) => !/[-.e]/.test(number)));
    case 1:
      return random.of(['true', 'false', 'null', '[]', '{}', random.of(NUMBERS)]);
    case 2:
      return word();
    case 3:
      return `[${random.several(0, 3, value).join(',')}]`;
    default:
      return `{${random.several(0, 4, () => `${word()}:${value()}`).join(',')}}`;
  }
};

/** A list as JSON has it, with whatever YAML could read otherwise, or a letter beside JSON. */
export function jsonList(random: Random): string {
  const list = `[${random.several(0, 4, () => valueOfList(random, 0)).join(',')}]`;
  const at = random.oneIn(20) ? random.below(list.length) : -1;
  return at < 0 ? list : list.slice(0, at) + random.of(['', ',', ':', '"', 'x', ' ', ']']) + list.slice(at + 1);
}

/** One to three objects, perhaps as documents of YAML. */
export function jsonText(random: Random): string {
  const object = (): string => `{"a": ${jsonValue(random, 1)}, "${random.of(WORDS)}": ${jsonValue(random, 1)}}`;
  const start = random.of(['', '', ' ', '\n', '\ufeff', '\u0085', '\u2028']);
  return start + random.several(1, 3, object).join(random.of(['', '\n', ' ', '\n---\n', ' --- ']));
}
