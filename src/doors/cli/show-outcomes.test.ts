import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setStage } from '../../../test/support/memory-gate.ts';
import type { JsonObject } from '../../core/model/json.ts';
import { readOutcomes } from '../../flow/record-outcome.ts';
import { outcomeTables } from './show-outcomes.ts';

test('outcomes are shown one by one with time and objects, and summed up', async () => {
  const stage = setStage();
  await stage.proposeText('scale dev/web 5');
  await stage.pass(20);
  await stage.proposeText('scale production/web 5', 'INC-2');
  await stage.pass(90);
  await stage.vote('p-2', 'ben');
  await stage.pass(20);
  // as: what GET /v1/outcomes answers is JSON.
  const body = JSON.parse(
    JSON.stringify(await readOutcomes(stage.gate, { limit: 50, before: null }, stage.never)),
  ) as JsonObject;
  const said = outcomeTables(body, 'en');
  const [each = '', summary = ''] = said.split('\n\n');
  assert.match(each, /^outcomes, newest first\nENDED +INCIDENT +PROPOSAL +STATE +SCORE +ACTION +OBJECTS\n/);
  assert.match(each, /\n\S+Z +INC-2 +p-2 +succeeded +\d+ +scale +deployments\.apps production\/web\n/);
  assert.match(summary, /MEDIAN WAIT FOR APPROVAL +LAST RUN\n/);
  assert.match(summary, /scale +production\/deployment\/web +1 +1 +0 +0 +90s +\S+Z/);
  assert.match(summary, /scale +dev\/deployment\/web +1 +1 +0 +0 +- +\S+Z/);
  assert.match(outcomeTables(body, 'zh-TW'), /^結果，由新到舊\n/);
});

test('many objects are counted, many outcomes are cut, and nothing is said to be nothing', () => {
  const objects = ['a', 'b', 'c', 'd', 'e'];
  const one = { action: 'scale', target: 'deployment/*', namespace: 'dev', objects, times: { ended: 'x' } };
  const said = outcomeTables({ outcomes: Array.from({ length: 30 }, () => one), summary: [] }, 'en');
  assert.match(said, /^the newest 20 of 30 outcomes\n/);
  assert.match(said, /a, b, c, \+2\n/);
  assert.equal(outcomeTables({ outcomes: [], summary: [] }, 'en'), 'no outcomes yet\n');
});
