// Texts as Go reads them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { goSeconds, parseGoBool, parseGoInt, readGoValue, splitCsv } from './go-values.ts';

describe('numbers', () => {
  for (const [text, value] of [
    ['0', 0n],
    ['-1', -1n],
    ['+3', 3n],
    ['0x1F', 31n],
    ['0b101', 5n],
    ['0o17', 15n],
    ['017', 15n],
    ['00', 0n],
    ['1_000', 1000n],
    ['0x_1', 1n],
    ['2147483647', 2147483647n],
    ['2147483648', null],
    ['09', null],
    ['1__0', null],
    ['_1', null],
    ['1.0', null],
    ['1e3', null],
    ['', null],
    [' 1', null],
    ['٣', null],
  ] as const)
    test(JSON.stringify(text), () => assert.equal(parseGoInt(text, 32), value));

  test('a long row of digits is refused', () => assert.equal(parseGoInt('9'.repeat(60_000), 64), null));
});

describe('other values', () => {
  test('twelve words are booleans', () => {
    for (const word of ['1', 't', 'T', 'true', 'TRUE', 'True']) assert.equal(parseGoBool(word), true);
    for (const word of ['0', 'f', 'F', 'false', 'FALSE', 'False']) assert.equal(parseGoBool(word), false);
    for (const word of ['yes', 'no', 'tRUE', '', ' true', 'on']) assert.equal(parseGoBool(word), null);
  });

  test('lists are split as CSV', () => {
    assert.deepEqual(splitCsv(''), []);
    assert.deepEqual(splitCsv('a,b,,c'), ['a', 'b', '', 'c']);
    assert.deepEqual(splitCsv('"a,b",c'), ['a,b', 'c']);
    assert.deepEqual(splitCsv('"say ""x""",b'), ['say "x"', 'b']);
    assert.deepEqual(splitCsv('a\nb'), ['a']);
    assert.equal(splitCsv('a"b'), null);
    assert.equal(splitCsv('"a"b,c'), null);
    assert.equal(splitCsv('"a'), null);
  });

  test('durations and pairs', () => {
    for (const good of ['0', '30s', '1h30m', '-5m', '1.5h', '.5s', '10ms'])
      assert.equal(readGoValue('duration', good).ok, true);
    for (const wrong of ['', '30', 's', '1 h', '5d', '1h '] as const)
      assert.equal(readGoValue('duration', wrong).ok, false);
    assert.deepEqual(readGoValue('stringToString', 'a=b'), { ok: true, values: ['a=b'] });
    assert.equal(readGoValue('stringToString', 'a').ok, false);
  });
});

test('a duration in seconds, as Go adds it up', () => {
  const table: readonly (readonly [string, number | null])[] = [
    ['0', 0],
    ['0s', 0],
    ['30s', 30],
    ['1h30m', 5400],
    ['1.5m', 90],
    ['.5s', 0.5],
    ['1500ms', 1.5],
    ['-2m', -120],
    ['5', null],
    ['', null],
    ['1d', null],
  ];
  for (const [text, expected] of table) assert.equal(goSeconds(text), expected, text);
});
