import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMAND_LIMIT_BYTES, isTooLarge } from './limits.ts';

test('64 KiB of UTF-8 are read, one byte more is not', () => {
  const most = COMMAND_LIMIT_BYTES;
  const table: readonly (readonly [line: string, tooLarge: boolean])[] = [
    ['x'.repeat(most), false],
    ['x'.repeat(most + 1), true],
    ['é'.repeat(most / 2), false],
    ['é'.repeat(most / 2 + 1), true],
    ['界'.repeat(most / 3), false],
    ['界'.repeat(most / 3 + 1), true],
    ['😀'.repeat(most / 4), false],
    ['😀'.repeat(most / 4 + 1), true],
  ];
  for (const [line, tooLarge] of table) {
    assert.equal(isTooLarge({ kind: 'line', line }), tooLarge, `${line.slice(0, 2)} ${line.length}`);
    assert.equal(isTooLarge({ kind: 'argv', argv: [line] }), tooLarge);
  }
  assert.equal(isTooLarge({ kind: 'argv', argv: ['x', 'y'.repeat(most - 2)] }), false);
  assert.equal(isTooLarge({ kind: 'argv', argv: ['x', 'y'.repeat(most - 1)] }), true);
});
