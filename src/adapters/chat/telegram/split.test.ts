// Shows that every message fits and nothing that can be seen is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyText } from '../../../../test/support/any-text.ts';
import { MESSAGE_LIMIT, splitMessage } from './split.ts';

const seen = (text: string): string => text.replace(/\s/g, '');

test('a text that fits stays whole, up to the last character', () => {
  for (const text of ['x', 'a\n\nb ', 'x'.repeat(MESSAGE_LIMIT), '😀'.repeat(MESSAGE_LIMIT / 2)])
    assert.deepEqual(splitMessage(text), [text]);
  assert.equal(splitMessage('x'.repeat(MESSAGE_LIMIT + 1)).length, 2);
});

test('it is cut at line breaks, then at spaces, then between characters', () => {
  const line = 'y'.repeat(3000);
  assert.deepEqual(splitMessage(`${line}\n${line}`), [line, line]);
  assert.deepEqual(splitMessage(`${line} ${line}`), [line, line]);
  const faces = `x${'😀'.repeat(3000)}`;
  const parts = splitMessage(faces);
  assert.equal(parts.join(''), faces);
  assert.ok(parts.every((part) => part.isWellFormed() && part.length <= MESSAGE_LIMIT));
});

test('nothing is said where nothing is', () => {
  assert.deepEqual(splitMessage(''), []);
  assert.deepEqual(splitMessage(' \n '.repeat(2000)), []);
});

test('whatever the text: parts fit, are whole characters, are not empty, and lose nothing that can be seen', () => {
  const piece = fc.oneof(
    anyText(50),
    fc.constantFrom('\n', ' ', 'x'.repeat(5000), '😀'.repeat(3000), `\n${' '.repeat(5000)}`, '\ud800'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      const parts = splitMessage(text);
      for (const part of parts) assert.ok(part.length <= MESSAGE_LIMIT && part.trim() !== '' && part.isWellFormed());
      assert.equal(seen(parts.join('')), seen(text.toWellFormed()));
    }),
  );
});
