// A value → JSON on one line, for every reader of lines: no character in it ends a line anywhere, reorders one or hides.
import { visibleJson } from '../core/text/escape.ts';

/** JSON whose strings hold U+2028, U+202E and their like as escapes. `indent`: spaces for people, 0 for one line. */
export function jsonLine(value: unknown, indent: 0 | 2 = 0): string {
  return visibleJson(JSON.stringify(value, null, indent));
}
