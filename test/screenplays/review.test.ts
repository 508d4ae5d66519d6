// The review issue on the main path: made once, told, missed without harm, and made up for later.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import { type Stage, setStage } from '../support/memory-gate.ts';

const proposeDual = async (stage: Stage): Promise<void> => {
  const proposed = await stage.proposeText('scale production/web 0');
  assert.ok(proposed.ok);
  assert.equal(proposed.remediation.spec.tier, 'dual');
};
const heads = (stage: Stage): readonly string[] => stage.chat.said().map(({ text }) => text.split('\n')[0] ?? '');
const events = (stage: Stage): readonly string[] =>
  stage.log.lines.map(({ event }) => event).filter((event) => event.startsWith('gitops_'));

test('a dual proposal is told in the chat and has its issue, with digest, audit head and marker', async () => {
  const stage = setStage();
  await proposeDual(stage);
  await stage.tell();
  const [issue, ...more] = stage.forge.issues();
  assert.deepEqual(more, []);
  const { spec, review } = await stage.read('p-1');
  assert.ok(issue?.body.includes(spec.digest));
  const lines = await stage.store.trail.lines(0, 100, stage.never);
  assert.ok(lines.some(({ seq, hash }) => issue?.body.includes(`audit head \`${seq}:${hash}\``)));
  assert.deepEqual(review, {
    success: true,
    issueUrl: 'http://127.0.0.1/memory/issues/1',
    issueNumber: 1,
    error: null,
  });
  assert.deepEqual(heads(stage), ['INC-1 · ⏳ waits for 2 approvals', `INC-1 · 📝 review issue: ${review?.issueUrl}`]);
  assert.deepEqual(events(stage), ['gitops_issue_created']);
});

test('a forge that fails stops nothing: the chat is told once, two people approve, the issue is made later, once', async () => {
  const stage = setStage();
  const nothing = new AdapterError('no-answer', 'Gitea was not heard.');
  stage.forge.fail(nothing, nothing, nothing);
  await proposeDual(stage);
  await stage.tell();
  assert.deepEqual(heads(stage), [
    'INC-1 · ⏳ waits for 2 approvals',
    'INC-1 · ❗ no review issue yet; the gate tries again, and this message stands in its place',
  ]);
  assert.match(stage.chat.said()[1]?.text ?? '', /Gitea was not heard\./);
  await stage.vote('p-1', 'ben');
  for (let minutes = 0; minutes < 10; minutes += 1) {
    await stage.pass(60);
    await stage.tell();
  }
  assert.equal(stage.forge.issues().length, 1);
  assert.equal((await stage.read('p-1')).review?.success, true);
  assert.equal(heads(stage).filter((head) => head.includes('no review issue')).length, 1);
  assert.deepEqual(events(stage), [...Array(3).fill('gitops_issue_create_failed'), 'gitops_issue_created']);
  const counted = await stage.vote('p-1', 'cho');
  assert.ok(counted.ok && counted.remediation.state === 'approved');
});

test('with the flag off there is no issue, the chat is told, and two people are asked all the same', async () => {
  const stage = setStage();
  const gate = { ...stage.gate, flags: { ...stage.gate.flags, gitopsPr: 'off' } as const };
  Object.assign(stage.gate, gate);
  await proposeDual(stage);
  await stage.tell();
  assert.deepEqual(stage.forge.issues(), []);
  assert.equal(heads(stage)[0], 'INC-1 · ⏳ waits for 2 approvals');
  const { review, decision } = await stage.read('p-1');
  assert.equal(decision?.approvals, 2);
  assert.equal(review?.success ?? false, false);
  assert.deepEqual(events(stage), ['gitops_pr_skipped_feature_flag']);
});

test('other tiers have no issue and log none', async () => {
  const stage = setStage();
  for (const text of ['scale dev/web 5', 'scale dev/api 0', 'rm -rf /'])
    await stage.proposeText(text, `INC-${text.length}`);
  await stage.tell();
  assert.deepEqual([stage.forge.issues(), events(stage)], [[], []]);
});
