import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setStage } from '../../test/support/memory-gate.ts';
import { instant } from '../core/model/instant.ts';
import { pageRow, pageView } from './page-view.ts';
import { readViewContext, viewContextOf } from './proposal-view.ts';

const proposed = async () => {
  const stage = setStage();
  const made = await stage.proposeText('scale production/web 5');
  assert.ok(made.ok);
  return { remediation: made.remediation, context: viewContextOf(stage.gate) };
};

test('the console is told every sentence in both languages, and the reasons add up to the score', async () => {
  const { remediation, context } = await proposed();
  const { told, score } = pageView(remediation, [], context, null);
  assert.deepEqual(Object.keys(told.en), Object.keys(told['zh-TW']));
  assert.notEqual(told.en.next, told['zh-TW'].next);
  for (const { reasons } of Object.values(told))
    assert.equal(
      reasons.reduce((sum, { points }) => sum + points, 0),
      score,
    );
});

test('a row says what would happen, and leaves out what only the whole proposal shows', async () => {
  const { remediation, context } = await proposed();
  const row = pageRow(remediation, context);
  assert.equal(row.told.en.effect, row.spec.targetState);
  assert.deepEqual(
    ['facts', 'effects', 'impact', 'changes', 'constraints'].filter((name) => name in row.spec),
    [],
  );
});

test('what waits says that the gate is paused, in each language, until it is resumed', async () => {
  const stage = setStage();
  const made = await stage.proposeText('scale production/web 5');
  assert.ok(made.ok);
  const said = async () => {
    const { next, told } = pageView(
      made.remediation,
      [],
      await readViewContext(stage.gate, [made.remediation], stage.never),
      null,
    );
    assert.equal(next, told.en.next);
    return [/is paused/.test(told.en.next), /已暫停/.test(told['zh-TW'].next)];
  };
  const note = (what: 'paused' | 'resumed') =>
    ({ kind: 'note', at: instant(stage.clock.now()), what, who: 'ana', about: '' }) as const;
  assert.deepEqual(await said(), [false, false]);
  await stage.store.controls.setPaused('paused', note('paused'), stage.never);
  assert.deepEqual(await said(), [true, true]);
  await stage.store.controls.setPaused('running', note('resumed'), stage.never);
  assert.deepEqual(await said(), [false, false]);
});

test('an event that has words has them in each language: a look, and why it went stale', async () => {
  const stage = setStage();
  await stage.proposeText('scale production/web 5');
  await stage.vote('p-1', 'ben');
  const web = stage.cluster.workloads.get('production/web');
  assert.ok(web);
  web.replicas = 4;
  await stage.pass(5);
  const remediation = await stage.read('p-1');
  const events = await stage.store.trail.eventsOf('p-1', stage.never);
  const view = pageView(remediation, events, viewContextOf(stage.gate), null);
  const shown = view.events.map((one, at) => ({ ...one, event: events[at]?.event.event }));
  const stale = shown.find(({ event }) => event === 'went-stale');
  assert.match(stale?.told?.en ?? '', /was 3 and is 4/);
  assert.match(stale?.told?.['zh-TW'] ?? '', /原為 3，現為 4/);
  assert.equal(shown.find(({ event }) => event === 'proposed')?.told, undefined);
});
