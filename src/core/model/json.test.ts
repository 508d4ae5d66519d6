import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsRounded, isDeeperThan } from './json.ts';

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

const NUMBERS: readonly (readonly [text: string, isRounded: boolean])[] = [
  ['9007199254740991', false],
  ['9007199254740993', true],
  ['-9007199254740993', true],
  ['1152921504606846976', true],
  ['9223372036854775807', true],
  ['-9223372036854775808', true],
  ['{"a":[1,{"b":9223372036854775807}]}', true],
  ['{"a":[1,{"b":"9223372036854775807"}]}', false],
  ['1e300', false],
  ['0.1', false],
  ['null', false],
];
for (const [text, isRounded] of NUMBERS)
  test(`${text} ${isRounded ? 'may be' : 'is not'} rounded`, () => {
    assert.equal(holdsRounded(JSON.parse(text)), isRounded);
  });
