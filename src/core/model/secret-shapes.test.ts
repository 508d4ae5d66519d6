import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maskShapes, shapeSpans } from './secret-shapes.ts';

/** A text with a space at its end is no text of one word, and a secret in it ends where it did. */
const asPartOfMore = (word: string): readonly (readonly [number, number])[] =>
  shapeSpans(`${word} `).map(({ from, to }) => [from, Math.min(to, word.length)] as const);

const WORDS = [
  'eyJhbGciOiJIUzI1NiJ9.e30.abc',
  'ghp_0123456789abcdefghij',
  'AKIAIOSFODNN7EXAMPLE',
  'glpat-0123456789abcdefgh',
  'xoxb-12345678-abcdefgh',
  '123456789:AAabcdefghijklmnopqrstuvwxyz012345',
  'password',
  'INC-1',
  'p-xz5yybjbav27',
  '-token',
  'sha256',
  'bearer',
  'mysql-pabc',
];

test('in a text of one word the same secrets are found as in a longer text', () => {
  const word = fc
    .array(fc.oneof(fc.constantFrom(...WORDS), fc.stringMatching(/^[\w.,;@%+[\]{}|&?!*~^$\\<>)-]{0,12}$/)), {
      maxLength: 4,
    })
    .map((parts) => parts.join(''))
    .filter((text) => text.length >= 4);
  fc.assert(
    fc.property(word, (text) => {
      const found = shapeSpans(text).map(({ from, to }) => [from, to] as const);
      assert.deepEqual(found, asPartOfMore(text));
    }),
    { numRuns: 2_000 },
  );
});

test('a text is masked the same however often it is asked', () => {
  const text = 'token=ghp_0123456789abcdefghij and https://a:secret@b';
  const first = maskShapes(text);
  assert.ok(!first.includes('ghp_') && !first.includes('secret'));
  for (let i = 0; i < 3; i += 1) assert.equal(maskShapes(text), first);
});
