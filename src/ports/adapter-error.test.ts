// A peer's pause is bounded, whatever it says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdapterError } from './adapter-error.ts';

test('a pause is between a second and an hour, or the gate chooses its own', () => {
  const said: readonly (readonly [seconds: number, granted: number | null])[] = [
    [17, 17],
    [0.2, 1],
    [3600, 3600],
    [3601, 3600],
    [1e9, 3600],
    [1e300, 3600],
    [Number.POSITIVE_INFINITY, 3600],
    [0, null],
    [-5, null],
    [Number.NaN, null],
    ['60' as unknown as number, 60],
    ['x' as unknown as number, null],
    [null as unknown as number, null],
  ];
  for (const [retryAfterSeconds, granted] of said)
    assert.equal(
      new AdapterError('refused', 'no', { retryAfterSeconds }).retryAfterSeconds,
      granted,
      `${retryAfterSeconds}`,
    );
  assert.equal(new AdapterError('refused', 'no').retryAfterSeconds, null);
});
