// The text of one YAML document and the place reached in it; characters and line breaks as go-yaml v2 tells them apart.
import { Unreadable } from './unreadable.ts';

export const TAB = 0x09;
export const SPACE = 0x20;
const LF = 0x0a;
const CR = 0x0d;
const NEXT_LINE = 0x85;
const LINE_SEPARATOR = 0x2028;
const PARAGRAPH_SEPARATOR = 0x2029;

/** The code that stands behind the last character; a NUL in the text itself is refused before. */
export const END = 0;

/** YAML 1.1, section 4.2: CR, NEL, LS and PS end a line like LF (go-yaml yamlprivateh.go, is_break). */
export function isBreak(code: number): boolean {
  return code === LF || code === CR || code === NEXT_LINE || code === LINE_SEPARATOR || code === PARAGRAPH_SEPARATOR;
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** A blank, a line break or the end: no other character up to the space is allowed in a text. */
export function isBlankOrEnd(code: number): boolean {
  return code <= SPACE || code === NEXT_LINE || code === LINE_SEPARATOR || code === PARAGRAPH_SEPARATOR;
}

export function isBreakOrEnd(code: number): boolean {
  return code === END || isBreak(code);
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** What go-yaml's reader lets through (readerc.go), lone surrogates excluded: other characters are an error. */
const FORBIDDEN = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

const BYTE_ORDER_MARK = '\ufeff';
const MARK_BYTES = Buffer.from(BYTE_ORDER_MARK);

/** go-yaml reads so many bytes at a time, up to the last whole character of them (yamlprivateh.go, readerc.go). */
const READ_BYTES = 512;
/** It reads on with up to three characters left, seven before the digits of "\U" (scannerc.go); each has at most four bytes. */
const LEFT_BYTES = 3 * 4;
const LEFT_BYTES_BEFORE_DIGITS = 7 * 4;

/**
 * Whether a byte order mark within the text may be more than a character. At the start of each line go-yaml looks for one at
 * the start of its buffer, not at the line (yamlprivateh.go, is_bom), and goes over a character if it finds it: the text is safe
 * if no mark stands where the buffer can start, at the beginning or just before the end of what was read.
 */
const mayMisplaceMark = (text: string): boolean => {
  const bytes = Buffer.from(text);
  const isMarkIn = (from: number, to: number): boolean =>
    bytes.subarray(Math.max(0, from), to + MARK_BYTES.length).includes(MARK_BYTES);
  const hadMark = text.startsWith(BYTE_ORDER_MARK) ? MARK_BYTES.length : 0;
  const left = text.includes('\\U') ? LEFT_BYTES_BEFORE_DIGITS : LEFT_BYTES;
  let end = 0;
  do {
    end += READ_BYTES;
    while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
    end = Math.min(end, bytes.length);
    if (isMarkIn(Math.max(end - left, hadMark), end)) return true;
  } while (end < bytes.length);
  return isMarkIn(hadMark, hadMark);
};

/** The upper six bits of the second unit of a pair. */
const SECOND_OF_PAIR = 0b110111;

/** How many pairs of UTF-16 units end before each place of a text; null where there are none. */
const pairsBefore = (text: string): Uint32Array | null => {
  const first = text.search(/[\ud800-\udbff]/);
  if (first < 0) return null;
  const counts = new Uint32Array(text.length + 1);
  for (let at = first; at < text.length; at++)
    counts[at + 1] = (counts[at] ?? 0) + (text.charCodeAt(at) >> 10 === SECOND_OF_PAIR ? 1 : 0);
  return counts;
};

/** A place in a text; lines count from 0, and a column is the distance from the start of the line. */
export class Source {
  readonly text: string;
  at = 0;
  line = 0;
  lineStart = 0;
  private readonly pairs: Uint32Array | null;

  /** One byte order mark before the document is skipped; another is a character like others, where go-yaml has it so. */
  constructor(text: string) {
    const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    if (body.includes(BYTE_ORDER_MARK) && mayMisplaceMark(text)) throw new Unreadable('a byte order mark in the text');
    if (FORBIDDEN.test(body)) throw new Unreadable('control characters are not allowed');
    this.text = `${body}\0\0\0\0`;
    this.pairs = pairsBefore(body);
  }

  get column(): number {
    return this.at - this.lineStart;
  }

  /** How many characters stand between a place and this one; a character may be two UTF-16 units. */
  charactersFrom(from: number): number {
    const pairs = this.pairs === null ? 0 : (this.pairs[this.at] ?? 0) - (this.pairs[from] ?? 0);
    return this.at - from - pairs;
  }

  /** The character at the place, or so many behind it. */
  code(ahead = 0): number {
    return this.text.charCodeAt(this.at + ahead);
  }

  /** Goes over the line break that stands here; what it is in a scalar: LF, but LS and PS stay (scannerc.go, read_line). */
  takeBreak(): string {
    const code = this.code();
    this.at += code === CR && this.code(1) === LF ? 2 : 1;
    this.line++;
    this.lineStart = this.at;
    return code === LINE_SEPARATOR || code === PARAGRAPH_SEPARATOR ? String.fromCharCode(code) : '\n';
  }

  /** Goes over what a sticky pattern finds here, and answers it; "" where it finds nothing. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  skipBlanks(): void {
    while (isBlank(this.code())) this.at++;
  }

  /** Goes over a comment, if one stands here, up to the line break. */
  skipComment(): void {
    if (this.code() !== 0x23) return;
    while (!isBreakOrEnd(this.code())) this.at++;
  }

  /** "---" or "..." at the start of a line, with nothing glued to it. */
  isAtDocumentMark(): boolean {
    if (this.at !== this.lineStart) return false;
    const code = this.code();
    return (
      (code === 0x2d || code === 0x2e) && this.code(1) === code && this.code(2) === code && isBlankOrEnd(this.code(3))
    );
  }
}
