import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeeperThan } from './json.ts';

test('depth counts lists and objects, and no deeper than was asked', () => {
  const table: readonly (readonly [value: unknown, levels: number, deeper: boolean])[] = [
    [1, 0, false],
    [[], 0, true],
    [{}, 1, false],
    [{ a: [] }, 1, true],
    [[{ a: 1 }, { b: [1] }], 2, true],
    [[{ a: 1 }, { b: [1] }], 3, false],
  ];
  for (const [value, levels, deeper] of table)
    assert.equal(isDeeperThan(value, levels), deeper, `${JSON.stringify(value)}, ${levels}`);
  assert.equal(isDeeperThan(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)), 128), true);
});
