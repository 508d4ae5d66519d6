import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wellFormed } from './well-formed.ts';

test('half pairs become U+FFFD in values and keys, whole ones stay', () => {
  const odd = { a: 'x\ud800y', '\udc00': ['\ud83d\ude00', 1, null, { b: '\ud83d' }] };
  assert.deepEqual(wellFormed(odd), { a: 'x\ufffdy', '\ufffd': ['\u{1F600}', 1, null, { b: '\ufffd' }] });
});
