import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRateLimit } from './rate-limit.ts';

test('so many within any minute, for each by themselves', () => {
  const limit = createRateLimit(2);
  const asked: readonly (readonly [who: string, second: number, admitted: boolean, retryAfter?: number])[] = [
    ['a', 0, true],
    ['a', 1, true],
    ['a', 2, false, 58],
    ['b', 2, true],
    ['a', 59.5, false, 1],
    ['a', 60, true],
    ['a', 60, false, 1],
    ['a', 61, true],
    ['a', 200, true],
  ];
  for (const [who, second, admitted, retryAfter] of asked) {
    const answer = limit.admit(who, second * 1000);
    assert.equal(answer.ok, admitted, `${who} at ${second}`);
    if (!answer.ok) assert.equal(answer.retryAfterSeconds, retryAfter, `${who} at ${second}`);
  }
});

test('what was refused counts for nothing: whoever insists is let in as early as whoever waits', () => {
  const limit = createRateLimit(1);
  assert.equal(limit.admit('a', 0).ok, true);
  for (let second = 1; second < 60; second += 1) assert.equal(limit.admit('a', second * 1000).ok, false);
  assert.equal(limit.admit('a', 60_000).ok, true);
});
