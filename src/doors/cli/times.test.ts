import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toTheSecond } from '../../core/model/instant.ts';
import { ageOf, shortSpan, sinceOf } from './times.ts';

const NOW = Date.parse('2026-11-26T13:00:00.000Z');

test('a span is said in one unit', () => {
  for (const [seconds, said] of [
    [-5, '0s'],
    [0, '0s'],
    [119.9, '119s'],
    [120, '2m'],
    [7199, '119m'],
    [7200, '2h'],
    [172_799, '47h'],
    [172_800, '2d'],
    [40 * 86_400, '40d'],
  ] as const)
    assert.equal(shortSpan(seconds), said);
});

test('an age is the time since then, and no time has none', () => {
  assert.equal(ageOf('2026-11-26T12:00:00.000Z', NOW), '60m');
  assert.equal(ageOf('', NOW), '-');
  assert.equal(toTheSecond('2026-11-26T12:00:00.123Z'), '2026-11-26T12:00:00Z');
});

test('since takes a span or a time, and nothing else', () => {
  for (const [text, at] of [
    ['30m', '2026-11-26T12:30:00.000Z'],
    ['12h', '2026-11-26T01:00:00.000Z'],
    ['7d', '2026-11-19T13:00:00.000Z'],
    ['2026-11-26', '2026-11-26T00:00:00.000Z'],
    ['2026-11-26T13:00Z', '2026-11-26T13:00:00.000Z'],
    ['2026-11-26T13:00:00+02:00', '2026-11-26T11:00:00.000Z'],
    ['yesterday', null],
    ['12', null],
    ['1.5h', null],
    ['2026-13-40', null],
    ['', null],
  ] as const)
    assert.equal(sinceOf(text, NOW), at, text);
});
