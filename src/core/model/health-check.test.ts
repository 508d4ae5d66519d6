// What a check's value must be: an operator and a number, and nothing that could mean two things.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparisonOf } from './health-check.ts';

test('an operator and a number', () => {
  const cases: readonly (readonly [is: string, value: number, holds: boolean])[] = [
    ['< 0.05', 0.049, true],
    ['< 0.05', 0.05, false],
    ['<= 0.05', 0.05, true],
    ['> 1', 1, false],
    ['>= 1', 1, true],
    ['>=1', 2, true],
    ['== 1', 1, true],
    ['== 1', 1.0001, false],
    ['!= 0', 1, true],
    ['< -1.5', -2, true],
    ['< 5e-2', 0.04, true],
    ['< .5', 0.4, true],
    ['  ==   0  ', 0, true],
  ];
  for (const [is, value, holds] of cases) assert.equal(comparisonOf(is)?.(value), holds, `${value} ${is}`);
});

test('a value that is no number is nothing that holds, but for being different', () => {
  for (const is of ['< 1', '<= 1', '> 1', '>= 1', '== 1']) assert.equal(comparisonOf(is)?.(Number.NaN), false, is);
});

test('anything else is none', () => {
  for (const is of ['', '0.05', '<', '= 1', '=> 1', '< x', '< 1 and > 0', '< 1%', '< 1e999', '< NaN', '<< 1', '< 0x10'])
    assert.equal(comparisonOf(is), null, is);
});
