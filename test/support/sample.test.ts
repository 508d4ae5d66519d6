import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SEED, sampled, seedOf } from './sample.ts';

const CASES = Array.from({ length: 100 }, (_, i) => i);

test('a seed picks as many as are asked for, in their order, and the same ones again', () => {
  const some = sampled(CASES, 30, 7);
  assert.equal(some.length, 30);
  assert.deepEqual(
    some,
    some.toSorted((a, b) => a - b),
  );
  assert.deepEqual(sampled(CASES, 30, 7), some);
  assert.notDeepEqual(sampled(CASES, 30, 8), some);
});

test('every case comes up under some seed', () => {
  const seen = new Set(Array.from({ length: 40 }, (_, seed) => sampled(CASES, 30, seed)).flat());
  assert.equal(seen.size, CASES.length);
});

test('without a seed, or where there are no more, nothing is left out', () => {
  assert.deepEqual(sampled(CASES, 30, null), CASES);
  assert.deepEqual(sampled(CASES, 100, 1), CASES);
  assert.deepEqual([seedOf({}), seedOf({ [SEED]: '' }), seedOf({ [SEED]: '12' })], [null, null, 12]);
});
