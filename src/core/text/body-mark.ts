// The body of a review issue, sealed by a hidden mark at its end: whoever may edit an issue cannot make one for another text.
import type { Json } from '../model/json.ts';

const MARK = /\n<!-- blastgate-body (hmac-sha256:[0-9a-f]{64}) -->$/;

/**
 * As forges and browsers give it back: they set the ends of lines and of the text anew. Nothing else may differ. A lone carriage return
 * ends no line everywhere, and any other space than these two behind a fence leaves it open: what follows would be read as something else.
 */
const plainEnds = (body: string): string => {
  const lines = body.split('\n').map((line) => withoutEnd(line.endsWith('\r') ? line.slice(0, -1) : line));
  const [first, last] = [lines.findIndex((line) => line !== ''), lines.findLastIndex((line) => line !== '')];
  return lines.slice(Math.max(0, first), last + 1).join('\n');
};

/** By hand: a regular expression goes back and forth over every run of spaces, and whoever may edit an issue writes a million of them. */
const withoutEnd = (line: string): string => {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end -= 1;
  return line.slice(0, end);
};

/** What the proof is made over: it says what it is for, so that no other hash of the gate can stand for it. */
export function bodyStatement(body: string): Json {
  return { statement: 'review-body', body: plainEnds(body) };
}

/** The body with the mark at its end. `prove`: over bodyStatement, under the gate's key. */
export function sealBody(body: string, prove: (body: string) => string): string {
  return `${plainEnds(body)}\n<!-- blastgate-body ${prove(body)} -->\n`;
}

/**
 * Whether a body is one that was sealed so, of the review issue with this marker: it stands at the end, where no proposer writes, so that
 * the text of another proposal is not taken for it. False where there is no mark, as in issues of older versions.
 */
export function isSealed(body: string, marker: string, prove: (body: string) => string): boolean {
  const text = plainEnds(body);
  const found = MARK.exec(text);
  if (found === null) return false;
  const sealed = text.slice(0, found.index);
  return sealed.endsWith(`\n<!-- ${marker} -->`) && found[1] === prove(sealed);
}
