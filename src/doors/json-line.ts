// A value → JSON on one line, for every reader of lines: no character in it ends a line anywhere.

/** LS, PS and NEL are legal in JSON text, and line ends for many readers (Unicode standard, section 5.8). */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;

const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON whose strings hold U+0085, U+2028 and U+2029 as escapes. `indent`: spaces for people, 0 for one line. */
export function jsonLine(value: unknown, indent: 0 | 2 = 0): string {
  return JSON.stringify(value, null, indent).replace(LINE_ENDS, escaped);
}
