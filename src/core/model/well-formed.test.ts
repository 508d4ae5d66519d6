import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wellFormed } from './well-formed.ts';

test('half pairs become U+FFFD in values and keys, whole ones stay', () => {
  const odd = { a: 'x\ud800y', '\udc00': ['\ud83d\ude00', 1, null, { b: '\ud83d' }] };
  assert.deepEqual(wellFormed(odd), { a: 'x\ufffdy', '\ufffd': ['\u{1F600}', 1, null, { b: '\ufffd' }] });
});

test('a key named __proto__ stays a key', () => {
  const odd: unknown = JSON.parse('{"__proto__": {"a": "\\ud800"}, "b": [[]]}');
  assert.equal(JSON.stringify(wellFormed(odd)), '{"__proto__":{"a":"\ufffd"},"b":[[]]}');
});

test('JSON of any depth is copied', () => {
  const levels = 200_000;
  let copy: unknown = wellFormed<unknown>(JSON.parse(`${'['.repeat(levels)}"\\ud800"${']'.repeat(levels)}`));
  for (let level = 0; level < levels; level += 1) copy = (copy as readonly unknown[])[0];
  assert.equal(copy, '\ufffd');
});
