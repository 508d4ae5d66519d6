// Base64 of any text is what every other program makes of its UTF-8.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { base64Of } from './base64.ts';

test('a text is encoded as its UTF-8, half a character as what stands for one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(base64Of(text), Buffer.from(text, 'utf8').toString('base64'));
    }),
  );
  for (const text of ['', 'a', 'ab', 'abc', 'é€😀', '\ud800', 'x\udc00y'])
    assert.equal(base64Of(text), Buffer.from(text, 'utf8').toString('base64'), JSON.stringify(text));
});
