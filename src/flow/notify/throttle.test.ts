// Once for each key and span, whoever else asks how often.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createThrottle } from './throttle.ts';

test('each key once in a span, and again after it', () => {
  const throttle = createThrottle({ everyMs: 1000, keys: 10 });
  assert.deepEqual(
    [0, 1, 999, 1000, 1001, 2500].map((now) => throttle.isFirst('a', now)),
    [true, false, false, true, false, true],
  );
  assert.equal(throttle.isFirst('b', 2500), true);
});

test('more keys than fit are refused until old ones are over; those known stay so', () => {
  const throttle = createThrottle({ everyMs: 1000, keys: 2 });
  assert.deepEqual(
    [
      ['a', 0],
      ['b', 500],
      ['c', 600],
      ['a', 700],
      ['c', 1000],
      ['d', 1000],
      ['d', 1500],
    ].map(([key, now]) => throttle.isFirst(String(key), Number(now))),
    [true, true, false, false, true, false, true],
  );
});

test('a clock that is set back does not silence anybody for longer', () => {
  const throttle = createThrottle({ everyMs: 1000, keys: 2 });
  assert.equal(throttle.isFirst('a', 1_000_000), true);
  assert.equal(throttle.isFirst('a', 0), true);
  assert.equal(throttle.isFirst('a', 1), false);
});
