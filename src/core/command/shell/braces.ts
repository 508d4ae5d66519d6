// Brace expansion, as far as it is static: lists and sequences.

/** More words than this are not expanded: the word counts as unknown. */
const MOST = 256;

/** Splits "a,{b,c}" at the commas that stand outside inner braces. */
const splitList = (body: string): readonly string[] => {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < body.length; at++) {
    const letter = body[at];
    if (letter === '{') depth++;
    else if (letter === '}') depth--;
    else if (letter === ',' && depth === 0) {
      parts.push(body.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(body.slice(from));
  return parts;
};

const NUMBERS = /^(-?\d{1,9})\.\.(-?\d{1,9})(?:\.\.(-?\d{1,9}))?$/;
const LETTERS = /^([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d{1,3}))?$/;

const sequence = (body: string): readonly string[] | 'none' | 'too long' => {
  const numbers = NUMBERS.exec(body);
  const letters = numbers === null ? LETTERS.exec(body) : null;
  const [, first = '', last = '', stride] = numbers ?? letters ?? [];
  if (first === '') return 'none';
  const from = numbers === null ? first.charCodeAt(0) : Number(first);
  const to = numbers === null ? last.charCodeAt(0) : Number(last);
  const step = Math.max(1, Math.abs(Number(stride ?? 1)));
  if (Math.abs(to - from) / step >= MOST) return 'too long';
  const width = /^-?0\d/.test(first) || /^-?0\d/.test(last) ? Math.max(first.length, last.length) : 0;
  const show = (value: number): string => {
    if (numbers === null) return String.fromCharCode(value);
    const digits = String(Math.abs(value)).padStart(value < 0 ? width - 1 : width, '0');
    return value < 0 ? `-${digits}` : digits;
  };
  const found: string[] = [];
  for (let at = from; from <= to ? at <= to : at >= to; at += from <= to ? step : -step) found.push(show(at));
  return found;
};

/** Every text before combined with every text after it, left to right as bash orders them; null beyond the limit. */
export function combine(before: readonly string[], after: readonly string[]): readonly string[] | null {
  if (before.length * after.length > MOST) return null;
  return before.length === 1 && before[0] === '' ? after : before.flatMap((one) => after.map((other) => one + other));
}

/** The closing brace that belongs to the opening one at `from`, or -1. */
const closing = (text: string, from: number): number => {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
};

const inner = (text: string, depth: number): readonly string[] | null => {
  const open = text.indexOf('{');
  if (open < 0) return [text];
  if (depth > 8) return null;
  const close = closing(text, open);
  if (close < 0) return [text];
  const body = text.slice(open + 1, close);
  const list = splitList(body);
  const members = list.length > 1 ? expandAll(list, depth + 1) : single(body, depth);
  const rest = inner(text.slice(close + 1), depth + 1);
  if (members === null || rest === null) return null;
  const first = combine([text.slice(0, open)], members);
  return first === null ? null : combine(first, rest);
};

/** Braces around one member: a sequence, or braces that stay. */
const single = (body: string, depth: number): readonly string[] | null => {
  const found = sequence(body);
  if (found === 'too long') return null;
  return found === 'none' ? braced(body, depth + 1) : found;
};

const braced = (body: string, depth: number): readonly string[] | null =>
  inner(body, depth)?.map((one) => `{${one}}`) ?? null;

const expandAll = (texts: readonly string[], depth: number): readonly string[] | null => {
  const all: string[] = [];
  for (const text of texts) {
    const found = inner(text, depth);
    if (found === null || all.length + found.length > MOST) return null;
    all.push(...found);
  }
  return all;
};

/** The texts that an unquoted brace expression such as "{a,b}" or "{1..3}" stands for; null when it is not static. */
export function expandBraces(text: string): readonly string[] | null {
  return /["'\\$`*?[\]~]/.test(text) ? null : inner(text, 0);
}
