// Values as Go's flag types read them: booleans, integers of any base, durations, lists, pairs.

/** A value read, as a new list, in one spelling whatever its writing ("0x0" → "0", "T" → "true"), or why Go refuses it. */
export type GoValue = { readonly ok: true; readonly values: string[] } | { readonly ok: false; readonly why: string };

const one = (value: string): GoValue => ({ ok: true, values: [value] });
const bad = (why: string): GoValue => ({ ok: false, why });

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/** strconv.ParseBool: the twelve spellings; null for any other. */
export function parseGoBool(text: string): boolean | null {
  return TRUE.has(text) ? true : FALSE.has(text) ? false : null;
}

const INTEGER =
  /^([+-]?)(?:0[xX]((?:_?[0-9a-fA-F])+)|0[bB]((?:_?[01])+)|0[oO]((?:_?[0-7])+)|0((?:_?[0-7])*)|([1-9](?:_?[0-9])*))$/;

const digitsOf = (match: RegExpExecArray): bigint => {
  const [, , hex, binary, octal, oldOctal, decimal] = match;
  const plain = (digits: string): string => digits.replaceAll('_', '');
  if (hex !== undefined) return BigInt(`0x${plain(hex)}`);
  if (binary !== undefined) return BigInt(`0b${plain(binary)}`);
  const octals = octal ?? oldOctal;
  if (octals !== undefined) return octals === '' ? 0n : BigInt(`0o${plain(octals)}`);
  return BigInt(plain(decimal ?? '0'));
};

/** strconv.ParseInt with base 0: decimal, 0x, 0b, 0o, leading 0 as octal, underscores between digits. Null otherwise. */
export function parseGoInt(text: string, bits: 32 | 64): bigint | null {
  if (text.length > 128) return null;
  const match = INTEGER.exec(text);
  if (match === null) return null;
  const value = match[1] === '-' ? -digitsOf(match) : digitsOf(match);
  return BigInt.asIntN(bits, value) === value ? value : null;
}

const DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

const UNIT_SECONDS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-9],
  ['us', 1e-6],
  ['µs', 1e-6],
  ['μs', 1e-6],
  ['ms', 1e-3],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
]);

/** Seconds of time.ParseDuration's text ("1h30m", "500ms"); null for any other. */
export function goSeconds(text: string): number | null {
  if (!DURATION.test(text)) return null;
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)];
  const seconds = parts.reduce(
    (sum, [, count = '', unit = '']) => sum + Number(count) * (UNIT_SECONDS.get(unit) ?? 0),
    0,
  );
  return text.startsWith('-') ? -seconds : seconds;
}

const SMALL = /^(?:0|[1-9]\d{0,8})$/;

const integer = (text: string, bits: 32 | 64): GoValue => {
  if (SMALL.test(text)) return one(text);
  const value = parseGoInt(text, bits);
  return value === null ? bad(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`) : one(String(value));
};

const boolean = (text: string): GoValue => {
  const value = parseGoBool(text);
  return value === null
    ? bad(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`)
    : one(String(value));
};

/** The closing quote of a quoted field that begins at `from`, or -1. */
const closingQuote = (line: string, from: number): number => {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2)) if (line[at + 1] !== '"') return at;
  return -1;
};

/** One record of encoding/csv, as pflag's string slices are split; null where Go finds a misplaced quote. */
export function splitCsv(text: string): string[] | null {
  if (text === '') return [];
  if (!text.includes('"') && !text.includes('\n')) return text.split(',');
  const fields: string[] = [];
  for (let at = 0; ; at++) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      if (end < 0) return null;
      fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
      if (at < text.length && text[at] !== ',' && text[at] !== '\n') return null;
    } else {
      const rest = /[,\n]/g;
      rest.lastIndex = at;
      const end = rest.exec(text)?.index ?? text.length;
      const field = text.slice(at, end);
      if (field.includes('"')) return null;
      fields.push(field);
      at = end;
    }
    if (at >= text.length || text[at] === '\n') return fields;
  }
}

const slice = (text: string): GoValue => {
  const values = splitCsv(text);
  return values === null ? bad('parse error on line 1: misplaced " in a list') : { ok: true, values };
};

const pairs = (text: string): GoValue => {
  const values = text.includes('"') ? splitCsv(text) : text === '' ? [] : [text];
  const wrong = values?.find((value) => !value.includes('='));
  if (values === null || wrong !== undefined) return bad(`${wrong ?? text} must be formatted as key=value`);
  return { ok: true, values };
};

const modules = (text: string): GoValue =>
  text.split(',').every((part) => part === '' || /^[^=]+=\d+$/.test(part))
    ? one(text)
    : bad('syntax error: expect comma-separated list of filename=N');

/** How each of pflag's types reads its text; a type that is not here takes any text. */
const READERS: ReadonlyMap<string, (text: string) => GoValue> = new Map([
  ['bool', boolean],
  ['tristate', boolean],
  ['int', (text) => integer(text, 64)],
  ['int32', (text) => integer(text, 32)],
  ['int64', (text) => integer(text, 64)],
  ['Level', (text) => (/^[+-]?\d{1,9}$/.test(text) ? one(text) : integer('?', 32))],
  ['duration', (text) => (DURATION.test(text) ? one(text) : bad(`time: invalid duration ${JSON.stringify(text)}`))],
  ['stringSlice', slice],
  ['stringToString', pairs],
  ['mapStringString', pairs],
  ['moduleSpec', modules],
]);

/** Types whose values add up; of all others the last one counts. */
export const ADDS_UP: ReadonlySet<string> = new Set([
  'stringSlice',
  'stringArray',
  'stringToString',
  'mapStringString',
]);

/** Reads a flag's text by pflag's type name (parsing rules B6 to B8). */
export function readGoValue(type: string, text: string): GoValue {
  return READERS.get(type)?.(text) ?? one(text);
}
