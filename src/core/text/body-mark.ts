// The body of a review issue, sealed by a hidden mark at its end: whoever may edit an issue cannot make one for another text.
import type { Json } from '../model/json.ts';

const MARK = /\n<!-- blastgate-body (hmac-sha256:[0-9a-f]{64}) -->\s*$/;

/**
 * What the proof is made over: it says what it is for, so that no other hash of the gate can stand for it. Forges set the ends of lines
 * and of the text anew, which changes nothing of what is read.
 */
export function bodyStatement(body: string): Json {
  const lines = body.replace(/\r\n?/g, '\n').split('\n');
  return {
    statement: 'review-body',
    body: lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trim(),
  };
}

/** The body with the mark at its end. `prove`: over bodyStatement, under the gate's key. */
export function sealBody(body: string, prove: (body: string) => string): string {
  return `${body.trimEnd()}\n<!-- blastgate-body ${prove(body)} -->\n`;
}

/**
 * Whether a body is one that was sealed so, of the review issue with this marker: it stands at the end, where no proposer writes, so that
 * the text of another proposal is not taken for it. False where there is no mark, as in issues of older versions.
 */
export function isSealed(body: string, marker: string, prove: (body: string) => string): boolean {
  const text = body.replace(/\r\n?/g, '\n');
  const found = MARK.exec(text);
  if (found === null) return false;
  const sealed = text.slice(0, found.index);
  return sealed.trimEnd().endsWith(`\n<!-- ${marker} -->`) && found[1] === prove(sealed);
}
