import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvLine } from './csv.ts';

const CELLS: readonly (readonly [value: unknown, cell: string])[] = [
  ['plain', '"plain"'],
  ['a "b", c', '"a ""b"", c"'],
  ['two\nlines', '"two\nlines"'],
  [null, ''],
  [undefined, ''],
  [-5, '-5'],
  [0.5, '0.5'],
  [true, 'true'],
  ['=1+1', '"\'=1+1"'],
  ['+1', '"\'+1"'],
  ['-1', '"\'-1"'],
  ['@SUM(A1)', '"\'@SUM(A1)"'],
  ['\t=1', '"\'\t=1"'],
  ['\r=1', '"\'\r=1"'],
  ['＝1', '"\'＝1"'],
  ['=HYPERLINK("https://evil.example","x")', '"\'=HYPERLINK(""https://evil.example"",""x"")"'],
  [{ is: 'converged' }, '"{""is"":""converged""}"'],
];
for (const [value, cell] of CELLS)
  test(`${JSON.stringify(value)} is written ${cell}`, () => assert.equal(csvLine([value, 1]), `${cell},1\r\n`));
