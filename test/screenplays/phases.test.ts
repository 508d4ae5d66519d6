// How long people, writes and verdicts take, over whole lives of proposals, as a gate measures them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseSeconds, phasesEnding } from '../../src/core/remediation/durations.ts';
import { type Stage, setStage } from '../support/memory-gate.ts';

/** What ended, how, and after how many whole seconds. */
const watched = () => {
  const stage = setStage();
  const seen: string[] = [];
  Object.assign(stage.gate, {
    onSaved: (changes: Parameters<NonNullable<Stage['gate']['onSaved']>>[0]) => {
      for (const { after, records } of changes)
        for (const phase of phasesEnding(after, records)) {
          const how = 'answer' in phase ? phase.answer : phase.end;
          seen.push(`${phase.kind} ${how} ${Math.round(phaseSeconds(phase))}`);
        }
    },
  } satisfies Partial<Stage['gate']>);
  return { stage, seen };
};

test('nobody is asked: a write and its verdict', async () => {
  const { stage, seen } = watched();
  await stage.proposeText('scale dev/web 5');
  await stage.pass(60);
  assert.equal((await stage.read('p-1')).state, 'succeeded');
  assert.deepEqual(
    seen.map((one) => one.replace(/\d+$/, '')),
    ['execution written ', 'verification succeeded '],
  );
});

test('people are asked: from the proposal until they have agreed, and each phase once', async () => {
  const { stage, seen } = watched();
  await stage.proposeText('scale production/web 5');
  await stage.pass(90);
  await stage.vote('p-1', 'ben');
  await stage.pass(60);
  assert.equal(seen[0], 'approval approved 90');
  assert.equal(seen.filter((one) => one.startsWith('verification')).length, 1);
});

test('who says no ends the waiting too', async () => {
  const { stage, seen } = watched();
  await stage.proposeText('scale production/web 5');
  await stage.pass(5);
  await stage.vote('p-1', 'ben', 'reject');
  assert.deepEqual(seen, ['approval rejected 5']);
});

test('what is taken back has two writes and two verdicts, each counted from its own write', async () => {
  const { stage, seen } = watched();
  const web = stage.cluster.workloads.get('dev/web');
  assert.ok(web);
  web.health = 'broken';
  await stage.proposeText('scale dev/web 5');
  await stage.pass(400);
  const { state } = await stage.read('p-1');
  assert.ok(state === 'rolled-back' || state === 'rollback-failed', state);
  assert.deepEqual(
    seen.map((one) => one.replace(/ \d+$/, '')),
    ['execution written', 'verification rolling-back', 'rollback written', `verification ${state}`],
  );
});
