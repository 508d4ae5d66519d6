// What xargs and parallel run: the words of their command with those that they are given, where the line says which.
import { NUL, type Printed } from './prints.ts';
import { UNKNOWN_FLAGS, UNKNOWN_NAMES, UNKNOWN_WORDS } from './unknown.ts';
import { type Word, wordOf } from './words.ts';

/** More commands than this are not told apart: what they are given counts as unknown. */
const MOST_COMMANDS = 64;
/** Letters of the command times letters of what it is given. */
const MOST_LETTERS = 1 << 18;

/** How xargs cuts its input into commands. */
interface Cutting {
  /** What -I replaces; null where words are added at the end. */
  readonly mark: string | null;
  /** Items of one command (-n), lines of one command (-L); null where all go into one. */
  readonly items: number | null;
  readonly lines: number | null;
  /** What ends an item, where blanks and quotes do not. */
  readonly delimiter: string | null;
  /** The input comes from a file, or ends at a word. */
  readonly elsewhere: boolean;
}

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['\\n', '\n'],
  ['\\t', '\t'],
  ['\\0', NUL],
  ['\\\\', '\\'],
]);

/** The value of an option that is glued to it, or the next word; null when the option is another. */
const optionValue = (words: readonly Word[], at: number, short: string, long: string): string | null => {
  const text = words[at]?.text ?? '';
  if (text.startsWith(`--${long}=`)) return text.slice(long.length + 3);
  if (text === `--${long}`) return words[at + 1]?.text ?? '';
  const own = text.startsWith('--') ? -1 : text.indexOf(short);
  if (!text.startsWith('-') || own < 1) return null;
  return text.slice(own + 1) === '' ? (words[at + 1]?.text ?? '') : text.slice(own + 1);
};

const numberOr = (text: string | null, before: number | null): number | null => {
  if (text === null) return before;
  const read = Number(text);
  return Number.isInteger(read) && read > 0 ? read : 1;
};

/** The options of xargs, which end before `end`. */
const cuttingOf = (words: readonly Word[], end: number): Cutting => {
  let cutting: Cutting = { mark: null, items: null, lines: null, delimiter: null, elsewhere: false };
  for (let at = 1; at < end; at++) {
    const text = words[at]?.text ?? '';
    if (!text.startsWith('-')) continue;
    const mark = /^-i|^--replace/.test(text)
      ? text.replace(/^(?:-i|--replace=?)/, '') || '{}'
      : /^-[rtpx0]*I/.test(text)
        ? optionValue(words, at, 'I', 'replace') || null
        : cutting.mark;
    const delimiter = /^-[rtpx]*0|^--null$/.test(text)
      ? NUL
      : /^-[rtpx]*d|^--delim/.test(text)
        ? optionValue(words, at, 'd', 'delimiter')
        : null;
    cutting = {
      mark,
      items: numberOr(
        /^-[rtpx0]*n|^--max-args/.test(text) ? optionValue(words, at, 'n', 'max-args') : null,
        cutting.items,
      ),
      lines: numberOr(
        /^-l|^--max-lines/.test(text)
          ? '1'
          : /^-[rtpx0]*L/.test(text)
            ? optionValue(words, at, 'L', 'max-lines')
            : null,
        cutting.lines,
      ),
      delimiter: delimiter === null ? cutting.delimiter : (ESCAPED.get(delimiter) ?? delimiter),
      elsewhere: cutting.elsewhere || /^-[rtpx0]*[aeE]|^--(?:arg-file|eof)/.test(text),
    };
  }
  return cutting;
};

/** The items of one line as xargs reads blanks, quotes and backslashes. */
const itemsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:"[^"]*"|'[^']*'|\\[\s\S]|[^\s"'\\])+/g)].map(([item]) =>
    item.replace(
      /"([^"]*)"|'([^']*)'|\\([\s\S])/g,
      (_, double?: string, single?: string, escaped?: string) => double ?? single ?? escaped ?? '',
    ),
  );

const grouped = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));

/** The items that each command is given. */
const givenTo = (text: string, { mark, items, lines, delimiter }: Cutting): readonly (readonly string[])[] => {
  if (delimiter !== null) {
    const all = text.split(delimiter === '' ? '\n' : delimiter);
    if (all.at(-1) === '') all.pop();
    return mark !== null ? all.map((one) => [one]) : grouped(all, items ?? (all.length || 1));
  }
  const rows = text.split('\n').filter((line) => line.trim() !== '');
  if (mark !== null)
    return rows.map((line) => [itemsOf(line.trimStart().replaceAll(/(?<!\\)([ \t])/g, '\\$1')).join(' ')]);
  if (lines !== null) return grouped(rows, lines).map((some) => some.flatMap(itemsOf));
  const all = rows.flatMap(itemsOf);
  return all.length === 0 ? [] : grouped(all, items ?? all.length);
};

const put = (words: readonly Word[], mark: string, value: string): readonly Word[] =>
  words.map((word) =>
    word.text.includes(mark)
      ? { text: word.text.replaceAll(mark, value), raw: word.raw.replaceAll(mark, value) }
      : word,
  );

const lettersOf = (words: readonly Word[]): number => words.reduce((sum, { text }) => sum + text.length, 0);

/** The commands that xargs runs: `own`, its command's words, with what the input holds. `at`: where they begin. */
export function xargsRuns(words: readonly Word[], at: number, input: Printed): readonly (readonly Word[])[] {
  const own = words.slice(at);
  const cutting = cuttingOf(words, at);
  const { mark } = cutting;
  const given = input.exact === null || cutting.elsewhere ? null : givenTo(input.exact, cutting);
  if (
    given !== null &&
    given.length <= MOST_COMMANDS &&
    lettersOf(own) * (1 + lettersOf(given.flat().map(wordOf))) <= MOST_LETTERS
  )
    return given.map((items) => (mark === null ? [...own, ...items.map(wordOf)] : put(own, mark, items[0] ?? '')));
  if (mark !== null) return [put(own, mark, UNKNOWN_NAMES)];
  return [[...own, wordOf(input.dashed ? UNKNOWN_FLAGS : UNKNOWN_WORDS)]];
}

/** parallel's options that take the next word. */
const PARALLEL_VALUES =
  /^(?:-[jPSnNLaIDdEsC]|--(?:jobs|max-procs|sshlogin|max-args|max-replace-args|arg-file|colsep|delay|timeout|results|joblog|retries|tmpdir|workdir|wd|tagstring|load|memfree|nice|env))$/;
const SEPARATOR = /^:{3,4}\+?$/;

/** The scripts that parallel runs: its words joined, with each argument behind ":::", or each line of its input. */
export function parallelRuns(words: readonly Word[], input: Printed): readonly string[] {
  const texts = words.map(({ text }) => text);
  let from = 1;
  for (; from < texts.length && (texts[from] ?? '').startsWith('-'); from++)
    if (PARALLEL_VALUES.test(texts[from] ?? '')) from++;
  const until = texts.findIndex((text, at) => at >= from && SEPARATOR.test(text));
  const template = texts.slice(from, until < 0 ? texts.length : until).join(' ');
  const fromFile = until >= 0 && texts.some((text, at) => at >= until && text.startsWith('::::'));
  const lines = until < 0 ? (input.exact?.split('\n').filter((line) => line !== '') ?? null) : texts.slice(until + 1);
  const given = lines === null || fromFile ? [UNKNOWN_NAMES] : lines.filter((text) => !SEPARATOR.test(text));
  if (template === '') return given;
  if (given.length > MOST_COMMANDS || template.length * (1 + given.join('').length) > MOST_LETTERS)
    return [template.replaceAll('{}', UNKNOWN_NAMES)];
  const replaces = /\{[^\s{}]*\}/g;
  return given.map((text) =>
    /\{[^\s{}]*\}/.test(template) ? template.replace(replaces, () => text) : `${template} ${text}`,
  );
}
