// What was observed in shadow mode, as a table.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shadowTable } from './show-shadow.ts';

const ROW = { proposer: 'healer', action: 'scale', counts: { auto: 3, human: 2, dual: 1, blocked: 0 }, refused: 0 };

test('each proposer and action has its row, below what is observed now', () => {
  const text = shadowTable(
    { notice: 'SHADOW MODE: all', summary: [ROW, { ...ROW, proposer: 'evil\n\u001b[2J' }] },
    'en',
  );
  assert.match(text, /^SHADOW MODE: all\n/);
  assert.match(text, /\nPROPOSER +ACTION +AUTO +HUMAN +DUAL +BLOCKED +REFUSED\nhealer +scale +3 +2 +1 +0 +0\n/);
  assert.ok(!text.includes('\u001b'));
  assert.equal(text.split('\n').length, 6);
});

test('nothing is said to be nothing, in both languages', () => {
  assert.equal(shadowTable({ notice: null, summary: [] }, 'en'), 'nothing was observed yet\n');
  assert.match(shadowTable({ notice: null, summary: [] }, 'zh-TW'), /尚未/);
});
