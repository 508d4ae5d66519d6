// Ids are told apart, however many there are, until there are more than can be remembered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeenIds } from './seen-ids.ts';

const idOf = (n: number): string =>
  `${n.toString(16).padStart(8, '0')}-7e1d-4d0e-9a39-${(n * 7919).toString(16).padStart(12, '0')}`;

test('each of many ids is new once', () => {
  const seen = new SeenIds();
  const count = 60_000;
  for (let n = 0; n < count; n += 1) assert.equal(seen.add(idOf(n)), true, idOf(n));
  for (let n = 0; n < count; n += 1) assert.equal(seen.add(idOf(n)), false, idOf(n));
  assert.equal(seen.isFull, false);
});

test('what cannot be remembered is new each time, and what is remembered stays so', () => {
  const seen = new SeenIds(10);
  for (let n = 0; n < 10; n += 1) seen.add(idOf(n));
  assert.equal(seen.isFull, true);
  assert.equal(seen.add(idOf(3)), false);
  assert.equal(seen.add(idOf(11)), true);
  assert.equal(seen.add(idOf(11)), true);
});
