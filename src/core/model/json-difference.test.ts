import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Json, sameJson } from './json.ts';
import { firstDifference, type JsonDifference } from './json-difference.ts';

const ROWS: readonly (readonly [was: Json, is: Json, found: JsonDifference | null])[] = [
  [{ replicas: 3 }, { replicas: 4 }, { at: '/replicas', was: 3, is: 4 }],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, null],
  [{ images: { web: 'web:1' } }, { images: {} }, { at: '/images/web', was: 'web:1' }],
  [{}, { 'a/b~c': null }, { at: '/a~1b~0c', is: null }],
  [[1, 2], [1, 2, 3], { at: '/2', is: 3 }],
  [{ a: [1] }, { a: { 0: 1 } }, { at: '/a', was: [1], is: { 0: 1 } }],
  [null, {}, { at: '', was: null, is: {} }],
];

for (const [was, is, found] of ROWS)
  test(`${JSON.stringify(was)} and ${JSON.stringify(is)}`, () => assert.deepEqual(firstDifference(was, is), found));

test('there is a difference exactly where two values are not the same', () => {
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
  fc.assert(fc.property(json, json, (one, other) => (firstDifference(one, other) === null) === sameJson(one, other)));
  fc.assert(fc.property(json, (one) => firstDifference(one, structuredClone(one)) === null));
});
