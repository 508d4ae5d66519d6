// rm of whole trees and SQL that drops, by every writing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dropsSql, removesTrees } from './destruction.ts';

describe('rm', () => {
  for (const line of [
    '-rf x',
    '-fr x',
    '-r -f x',
    '-Rf x',
    '-vrf x',
    '--recursive --force x',
    '--rec --forc x',
    'x -rf',
    '-r x -f',
    '-rf -- x',
    '-r /',
    '-r /*',
    '-r ~',
    '-r ~/',
    '-R /etc',
    '-r /etc/',
    '-r //',
    '-r /./',
    '-r /etc/*',
    '-r //etc',
    '--recursive /',
  ])
    test(`rm ${line} removes trees`, () => assert.equal(removesTrees(line.split(' ')), true));
  for (const line of ['x', '-f x', '-r x', '-r /etc/x', '-r ./x', '-r *', '-i x', '-- -rf', '-d /', '-r ~/x', '-r x/*'])
    test(`rm ${line} does not`, () => assert.equal(removesTrees(line.split(' ')), false));
});

describe('SQL', () => {
  for (const sql of [
    'DROP TABLE x',
    'drop  table x',
    'Drop\n\tDatabase x',
    'drop schema x cascade',
    'SELECT 1; DROP TABLE x',
    'DROP/**/TABLE x',
    'DROP /* a */ TABLE x',
    'DROP -- a\nTABLE x',
    '/*!DROP TABLE x*/',
    '/*!50000 DROP*/ TABLE x',
    'DR' + 'OP TABLE x',
    'DROP # a\n TABLE x',
    '-- DROP TABLE x',
  ])
    test(JSON.stringify(sql), () => assert.equal(dropsSql(sql), true));
  for (const sql of [
    'SELECT 1',
    'DROP INDEX x',
    'backdrop table',
    'ALTER TABLE x DROP COLUMN y',
    'drop_table x',
    'DELETE FROM x',
    '',
  ])
    test(JSON.stringify(sql), () => assert.equal(dropsSql(sql), false));
});
