import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cefLine } from './cef.ts';
import type { TrailRecord } from './trail-record.ts';

const RECORD: TrailRecord = {
  seq: 7,
  hash: 'abc',
  event: 'voted',
  timeMs: 1764162000000,
  weight: 'routine',
  result: null,
  who: 'ben',
  proposal: 'p-1',
  incident: 'INC-1',
  state: 'approved',
  command: 'kubectl scale deployment/web --replicas=5',
  digest: 'sha256:1',
  tier: 'dual',
  cluster: 'blue',
  about: 'approve',
};

test('a record is one line of CEF:0', () => {
  assert.equal(
    cefLine(RECORD, '1.2.3'),
    String.raw`CEF:0|Blastgate|Blastgate|1.2.3|voted|voted|1|rt=1764162000000 externalId=7 act=voted suser=ben cs1Label=proposal cs1=p-1 cs2Label=incident cs2=INC-1 cs3Label=command cs3=kubectl scale deployment/web --replicas\=5 cs4Label=digest cs4=sha256:1 cs5Label=tier and state cs5=dual approved cs6Label=line hash cs6=abc destinationServiceName=blue msg=approve`,
  );
});

const VALUES: readonly (readonly [given: string, stands: string])[] = [
  ['a=b', String.raw`a\=b`],
  ['C:\\x', String.raw`C:\\x`],
  ['one\r\ntwo', String.raw`one\r\ntwo`],
  ['a|b', 'a|b'],
  ['x\u2028y', String.raw`x\\u{2028}y`],
  ['x\u202Ey', String.raw`x\\u{202E}y`],
  ['x suser=root', String.raw`x suser\=root`],
];
for (const [given, stands] of VALUES)
  test(`in the extension ${JSON.stringify(given)} stands as ${stands}`, () => {
    const line = cefLine({ ...RECORD, about: given }, '1');
    assert.equal(line.slice(line.indexOf(' msg=') + 5), stands);
  });

test('a pipe or backslash of a name ends no field of the head', () => {
  const line = cefLine({ ...RECORD, event: 'a|b\\c\nd' }, '1');
  assert.ok(line.startsWith(String.raw`CEF:0|Blastgate|Blastgate|1|a\|b\\c d|a\|b\\c d|1|`), line);
});

test('each weight has its severity, and what is not known has no field', () => {
  const said = (['routine', 'low', 'medium', 'high', 'critical'] as const).map(
    (weight) => cefLine({ ...RECORD, weight }, '1').split('|')[6],
  );
  assert.deepEqual(said, ['1', '3', '5', '8', '10']);
  assert.doesNotMatch(cefLine({ ...RECORD, who: null, timeMs: null }, '1'), /suser|rt=/);
});
