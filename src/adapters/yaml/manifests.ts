// The text of a manifest file becomes its documents, cut as kubectl cuts it: JSON values in a row, or YAML between "---" lines.
import type { ReadingBudget } from '../../core/model/command.ts';
import type { Json } from '../../core/model/json.ts';
import { decode } from './go-yaml/decode.ts';
import { parseFirstDocument } from './go-yaml/parser.ts';
import { MAX_DOCUMENTS, Unreadable } from './go-yaml/unreadable.ts';
import { jsonAt } from './json-text.ts';

/** unicode.IsSpace of Go: what counts as blank before a brace and behind "---". */
const GO_SPACE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING_SPACE = new RegExp(`^${GO_SPACE}*`);
const SPACE_OF_LINE = new RegExp(`^(?:(?!\\n)${GO_SPACE})*`);
const NO_COMMENT = new RegExp(`^${GO_SPACE}*(?!${GO_SPACE}|#|$)`);

/** How far into a stream kubectl looks for a brace (cli-runtime visitor.go). */
const PEEKED_BYTES = 4096;

/** Whether the text begins with a brace (apimachinery pkg/util/yaml/decoder.go, IsJSONBuffer). */
export function beginsWithBrace(text: string): boolean {
  return text.startsWith('{') || text.charAt(leadingSpace(text).length) === '{';
}

const leadingSpace = (text: string): string => LEADING_SPACE.exec(text)?.[0] ?? '';

/** The first YAML document of a text as JSON; null where it has none, or says null. Throws Unreadable. */
export function yamlDocument(text: string, budget: ReadingBudget): Json {
  const document = parseFirstDocument(text, budget);
  return document === null ? null : decode(document, budget);
}

/**
 * The only document of a text, each key of it once; null for an empty one. Throws Unreadable, where there are several too: the API
 * server would read the first.
 */
export function onlyDocument(text: string, budget: ReadingBudget): Json {
  const values = partsOf(text)
    .map((part) => parseFirstDocument(part, budget))
    .filter((document) => document !== null);
  if (values.length > 1) throw new Unreadable('several documents');
  return values[0] === undefined ? null : decode(values[0], budget, 'once');
}

/**
 * The documents of a file or of standard input, null ones left out: the byte order mark of the file is dropped
 * (cli-runtime visitor.go, FileVisitor), and a text that begins with a brace is JSON until that fails (decoder.go,
 * YAMLOrJSONDecoder). Throws Unreadable where kubectl would not read on: it has done what stands before, then.
 */
export function manifestDocuments(text: string, budget: ReadingBudget): readonly Json[] {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const isJson =
    body.startsWith('{') || (beginsWithBrace(body) && Buffer.byteLength(leadingSpace(body)) < PEEKED_BYTES);
  const values = isJson ? jsonValues(body, budget) : yamlValues(body, budget);
  return values.filter((value) => value !== null);
}

const NOT_JSON_BLANK = /[^ \t\r\n]/g;

/** JSON values in a row. Where the first or the second is no JSON, what is left is YAML. */
const jsonValues = (text: string, budget: ReadingBudget): readonly Json[] => {
  const values: Json[] = [];
  for (let from = 0; ; ) {
    NOT_JSON_BLANK.lastIndex = from;
    const start = NOT_JSON_BLANK.exec(text)?.index;
    if (start === undefined) return values;
    const found = jsonAt(text, start, budget);
    if (found === null) {
      if (values.length > 1) throw new Unreadable('JSON values, and then none');
      return [...values, ...yamlValues(behindBlanks(text.slice(from)), budget)];
    }
    values.push(found.value);
    if (values.length > MAX_DOCUMENTS) throw new Unreadable('too many documents');
    from = found.end;
  }
};

/** decoder.go, consumeWhitespace: blanks up to the first line break go, and an end within four bytes is an error. */
const behindBlanks = (text: string): string => {
  const at = SPACE_OF_LINE.exec(text)?.[0].length ?? 0;
  if (text.length - at < 4 && Buffer.byteLength(text.slice(at)) < 4) throw new Unreadable('too short for YAML');
  if (text.charAt(at) === '\ufffd') throw new Unreadable('a character that is none');
  return text.slice(text.charAt(at) === '\n' ? at + 1 : at);
};

/** The value of each part of a text between lines that begin with "---". */
const yamlValues = (text: string, budget: ReadingBudget): readonly Json[] =>
  partsOf(text).map((part) => yamlDocument(part, budget));

/**
 * decoder.go, YAMLReader: lines end at LF, CRLF is LF, and a line that begins with "---" ends a part, also within a block
 * scalar. Of the line itself only a comment may be left; where nothing stands before it, it begins the part.
 */
const partsOf = (text: string): readonly string[] => {
  const body = text.replaceAll('\r\n', '\n');
  const lines = body === '' || body.endsWith('\n') ? body : `${body}\n`;
  const parts: string[] = [];
  let from = 0;
  for (let mark = nextMark(lines, 0); mark >= 0; mark = nextMark(lines, mark + 3)) {
    const end = lines.indexOf('\n', mark) + 1;
    if (NO_COMMENT.test(lines.slice(mark + 3, end))) throw new Unreadable('text behind "---"');
    if (mark > from) parts.push(lines.slice(from, mark));
    from = mark > from ? end : mark;
    if (parts.length > MAX_DOCUMENTS) throw new Unreadable('too many documents');
  }
  if (from < lines.length) parts.push(lines.slice(from));
  return parts;
};

/** Where the next line that begins with "---" stands; -1 for none. */
const nextMark = (lines: string, from: number): number => {
  if (from === 0 && lines.startsWith('---')) return 0;
  const found = lines.indexOf('\n---', Math.max(from - 1, 0));
  return found < 0 ? -1 : found + 1;
};
