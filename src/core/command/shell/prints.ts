// What a simple command prints, as far as the line itself says it: what a pipe brings to the next one.
import { baseName, programKind } from './programs.ts';
import { isUnknown } from './unknown.ts';
import type { Word } from './words.ts';

/** What a command prints, or is given to read. */
export interface Printed {
  /** The whole of it; null where only running tells. */
  readonly exact: string | null;
  /** Texts of the line that may be in it. */
  readonly texts: readonly string[];
  /** Text that awk, sed, printf or echo prints holds a word that begins with "-" (scoring section 1). */
  readonly dashed: boolean;
}

/** Nothing is known of it. */
export const NOT_KNOWN: Printed = { exact: null, texts: [], dashed: false };
const NOTHING: Printed = { exact: '', texts: [], dashed: false };

/** What several commands print, one after the other. */
export function printedByAll(all: readonly Printed[]): Printed {
  const [first] = all;
  if (all.length === 1 && first !== undefined) return first;
  const exact = all.every((one) => one.exact !== null) ? all.map((one) => one.exact ?? '').join('') : null;
  return { exact, texts: all.flatMap(({ texts }) => texts), dashed: all.some(({ dashed }) => dashed) };
}

const beginsWithDash = (text: string): boolean => /(?:^|\s)-/.test(text);

/** Stands for the NUL that printf prints and xargs -0 reads; the real one marks what is not known. */
export const NUL = '\uE0FF';

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', NUL],
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
]);

/** Backslashes as echo -e and printf read the common ones; null where there are others. */
const readEscapes = (text: string): string | null => {
  let strange = false;
  const read = text.replace(/\\([\s\S]?)/g, (_, letter: string) => {
    const meant = ESCAPES.get(letter);
    if (meant === undefined) strange = true;
    return meant ?? letter;
  });
  return strange ? null : read;
};

const echoed = (words: readonly string[]): Printed => {
  let from = 0;
  while (/^-[neE]+$/.test(words[from] ?? '')) from++;
  const flags = words.slice(0, from).join('');
  const said = words.slice(from).join(' ');
  const text = flags.includes('n') ? said : `${said}\n`;
  const dashed = beginsWithDash(said);
  if (!text.includes('\\')) return { exact: text, texts: [text], dashed };
  // with -e, and in shells other than bash, backslashes are read
  const read = readEscapes(text);
  return { exact: flags.includes('e') ? read : null, texts: read === null ? [text] : [text, read], dashed };
};

/** Letters that printf may print by repeating its format. */
const MOST_PRINTED = 1 << 16;

const DIRECTIVES = /%(?:%|-?\d*s|b|q|d|i)/g;

/** printf's format, again and again until its arguments are used up; null for directives other than the plain ones. */
const formatted = (format: string, args: readonly string[]): string | null => {
  const directives = [...format.matchAll(DIRECTIVES)].filter(([one]) => one !== '%%');
  if (format.replace(DIRECTIVES, '').includes('%') || isUnknown(format)) return null;
  if (directives.some(([one]) => !/^%[sdi]$/.test(one))) return null;
  const round = (from: number): string => {
    let next = from;
    return format.replace(DIRECTIVES, (one) => (one === '%%' ? '%' : (args[next++] ?? '')));
  };
  if (directives.length === 0) return format;
  if ((format.length * args.length) / directives.length > MOST_PRINTED) return null;
  const rounds: string[] = [];
  for (let from = 0; from === 0 || from < args.length; from += directives.length) rounds.push(round(from));
  return rounds.join('');
};

const printed = (words: readonly string[]): Printed => {
  const [format = '', ...args] = words[0] === '--' ? words.slice(1) : words;
  if (format === '-v') return NOTHING;
  const said = words.join(' ').replaceAll('\\n', '\n');
  const read = readEscapes(format);
  const exact = read === null ? null : formatted(read, args);
  return { exact, texts: exact === null ? [said] : [exact], dashed: beginsWithDash(said) };
};

/** String literals of an awk program, what a sed script puts in: whether a word in them begins with "-". */
const editorPrintsDash = (words: readonly string[]): boolean =>
  words.some(
    (word) =>
      [...word.matchAll(/"((?:[^"\\]|\\.)*)"/g)].some(([, text = '']) =>
        beginsWithDash(text.replace(/\\[tn]/g, ' ')),
      ) ||
      (!word.startsWith('-') && /[\s/|,#:@!]-/.test(word)),
  );

/** Words beside which cat and tee print what they read and nothing else. */
const PASSES = {
  cat: new Set(['-', '/dev/stdin']),
  tee: new Set(['-a', '/dev/stderr', '/dev/null']),
} as const satisfies Readonly<Record<string, ReadonlySet<string>>>;

/** They print nothing. */
const SILENT = new Set(
  'true false : cd set shift local declare readonly export unset sleep exit return test ['.split(' '),
);

/** What the command prints when it reads `input`. */
export function printedBy(words: readonly Word[], input: Printed): Printed {
  const [program, ...rest] = words;
  if (program === undefined) return NOTHING;
  const name = baseName(program.text);
  const texts = rest.map(({ text }) => text);
  if (name === 'echo') return echoed(texts);
  if (name === 'printf') return printed(texts);
  if (SILENT.has(name)) return NOTHING;
  if (name === 'cat' || name === 'tee') {
    return texts.every((text) => PASSES[name].has(text)) ? input : { ...input, exact: null };
  }
  const kind = programKind(program.text, texts);
  if (kind !== 'filter' && kind !== 'editor') return NOT_KNOWN;
  const edits = /^(?:[gm]?awk|g?sed)$/.test(name) && editorPrintsDash(texts);
  return { exact: null, texts: input.texts, dashed: input.dashed || edits };
}
