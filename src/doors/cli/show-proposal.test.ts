import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Stage, setStage } from '../../../test/support/memory-gate.ts';
import type { JsonObject } from '../../core/model/json.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { fieldText } from '../json-field.ts';
import { proposalView, viewContextOf } from '../proposal-view.ts';
import { eventLines } from './show-events.ts';
import { proposalStory, proposalTable } from './show-proposal.ts';

/** A proposal as the gate answers it, over the wire. */
const answered = async (stage: Stage, id: string, lang: Lang = 'en'): Promise<JsonObject> => {
  const events = await stage.store.trail.eventsOf(id, stage.never);
  const view = proposalView(await stage.read(id), events, { ...viewContextOf(stage.gate), lang });
  // as: a view is JSON.
  return JSON.parse(JSON.stringify(view)) as JsonObject;
};

const storyOf = async (stage: Stage, id: string, lang: Lang = 'en'): Promise<string> =>
  proposalStory(await answered(stage, id, lang), lang, (text) => text);

const brokenBothWays = async (): Promise<Stage> => {
  const stage = setStage();
  Object.assign(stage.gate, { clusterName: 'eu-prod' });
  await stage.proposeText('scale dev/web 5');
  const web = stage.cluster.workloads.get('dev/web');
  assert.ok(web);
  web.health = 'slow';
  await stage.pass(30);
  web.health = 'broken';
  await stage.pass(200);
  assert.equal((await stage.read('p-1')).state, 'rollback-failed');
  return stage;
};

describe('show', () => {
  test('says who, where and when, and keeps both verdicts', async () => {
    const story = await storyOf(await brokenBothWays(), 'p-1');
    assert.match(story, /^runnable +yes$/m);
    assert.match(story, /^proposer +agent:healer$/m);
    assert.match(story, /^cluster +eu-prod$/m);
    assert.match(story, /^proposed +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/m);
    assert.match(story, /^since +\S+Z \(rollback-failed\)$/m);
    assert.match(story, /^verdict +\S.*$/m);
    assert.match(story, /^rollback verdict +Pods do not start/m);
  });

  test('says of a rollback that worked that everything is as it was', async () => {
    const stage = setStage();
    await stage.proposeText('scale dev/web 5');
    const web = stage.cluster.workloads.get('dev/web');
    assert.ok(web);
    web.health = 'slow';
    await stage.pass(200);
    const story = await storyOf(stage, 'p-1');
    assert.match(story, /^state +rolled-back$/m);
    assert.match(story, /^rollback verdict +Everything is as it was before, and healthy\.$/m);
    assert.match(story, /sampled {2}rollback: Everything is as it was before.* → rolled-back/);
  });

  test('folds the looks in a row, and says of each write whether it is the change or the rollback', async () => {
    const stage = await brokenBothWays();
    const events = await stage.store.trail.eventsOf('p-1', stage.never);
    const looks = events.filter(({ event }) => event.event === 'sampled').length;
    const story = await storyOf(stage, 'p-1');
    const lines = story.split('\n').filter((line) => line.includes('sampled'));
    assert.ok(lines.length < looks && lines.length <= 4, `${looks} looks:\n${lines.join('\n')}`);
    assert.match(story, /sampled {2}change: \d+ looks until \S+Z: It is still rolling out/);
    assert.match(story, /write-intended {2}change → executing/);
    assert.match(story, /write-intended {2}rollback$/m);
    assert.match(story, /sampled {2}rollback: .* → rollback-failed/);
  });

  test('in the other language, too', async () => {
    const story = await storyOf(await brokenBothWays(), 'p-1', 'zh-TW');
    assert.match(story, /^回滾判定 +Pod 無法啟動/m);
    assert.match(story, /sampled {2}變更: \d+ 次觀察/);
  });

  test('a review issue that could not be made leaves a line', async () => {
    const stage = setStage();
    stage.forge.fail(new AdapterError('refused', 'there is no such repository', { status: 404 }));
    await stage.proposeText('scale production/web 0');
    await stage.tell();
    assert.match(await storyOf(stage, 'p-1'), /^review issue +There is no review issue\. .*no such repository/m);
  });
});

test('looks that saw different things are told by the first and the last', () => {
  const look = (second: number, code: string, subject: string | null) => ({
    event: 'sampled',
    at: `2026-01-01T00:00:0${second}.000Z`,
    from: 'verifying',
    to: 'verifying',
    direction: 'forward',
    verdict: { is: 'moving', code, subject },
  });
  const looks = [look(1, 'not-observed', 'web'), look(3, 'rolling-out', '1 of 3'), look(5, 'settling', null)];
  assert.deepEqual(eventLines(looks, 'en'), [
    '2026-01-01T00:00:01Z  sampled  change: 3 looks until 2026-01-01T00:00:05Z: first: The controller has not taken up the change yet (web). last: Everything looks healthy; it must stay so for a while.',
  ]);
});

test('the steps of one write are told by where they began and the last of them', () => {
  const step = (second: number, done: number, subject: string) => ({
    event: 'progressed',
    at: `2026-01-01T00:00:0${second}.000Z`,
    from: 'executing',
    to: 'executing',
    ...{ done, of: 5, subject },
  });
  const steps = [step(1, 1, 'node/n1'), step(3, 2, 'pod/a -n shop'), step(5, 3, 'pod/b -n shop: 429 no')];
  assert.deepEqual(eventLines(steps, 'en'), [
    '2026-01-01T00:00:01Z  progressed  1 of 5 – 2026-01-01T00:00:05Z 3 of 5: pod/b -n shop: 429 no',
  ]);
  assert.deepEqual(eventLines(steps.slice(0, 1), 'zh-TW'), ['2026-01-01T00:00:01Z  progressed  5 之 1: node/n1']);
});

test('events of a newer gate are shown by their names', () => {
  const at = '2026-01-01T00:00:00.500Z';
  const sampled = { event: 'sampled', at, from: 'verifying', to: 'verifying', direction: 'sideways' };
  assert.deepEqual(
    eventLines(
      [
        { event: 'progressed', at, from: 'executing', to: 'executing' },
        { ...sampled, verdict: { is: 'moving', code: 'brand-new', subject: null } },
        { ...sampled, verdict: { is: 'moving', code: 'brand-new', subject: null } },
      ],
      'en',
    ),
    [
      '2026-01-01T00:00:00Z  progressed',
      '2026-01-01T00:00:00Z  sampled  sideways: 2 looks until 2026-01-01T00:00:00Z: brand-new',
    ],
  );
});

test('the list says how old each proposal is and whose it is', async () => {
  const stage = setStage();
  await stage.proposeText('scale production/web 5');
  const one = await answered(stage, 'p-1');
  const now = Date.parse(fieldText(one['createdAt'])) + 5 * 60_000;
  const [head, row] = proposalTable([one], { now, lang: 'en', isOfSeveral: false }).split('\n');
  assert.match(head ?? '', /^ID +INCIDENT +STATE +AGE +SCORE +TIER +PROPOSER +ACTION +TARGET +NAMESPACE$/);
  assert.match(
    row ?? '',
    /^p-1 +INC-1 +awaiting-approval +5m +\d+ +human +agent:healer +scale +deployment\/web +production$/,
  );
  const named = { ...one, spec: { ...(one['spec'] as JsonObject), cluster: { name: 'eu-1', uid: 'u' } } };
  const [headOfSeveral, rowOfSeveral] = proposalTable([named], { now, lang: 'en', isOfSeveral: true }).split('\n');
  assert.match(headOfSeveral ?? '', /NAMESPACE +CLUSTER$/);
  assert.match(rowOfSeveral ?? '', /production +eu-1$/);
  assert.equal(proposalTable([], { now, lang: 'en', isOfSeveral: false }), 'no proposals\n');
});
