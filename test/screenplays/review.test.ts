// The review issue on the main path: made once, told, missed without harm, and made up for later.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { writeChatAnswer } from '../../src/core/text/chat-answer.ts';
import { proposalView, viewContextOf } from '../../src/doors/proposal-view.ts';
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
  assert.match(heads(stage)[1] ?? '', /no review issue; this message stands in its place/);
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

const required = (stage: Stage): Stage => {
  const document = { ...DEFAULT_POLICY.document, review: 'required' } as const;
  Object.assign(stage.gate, { policy: { ...DEFAULT_POLICY, document } });
  return stage;
};
const viewOf = async ({ gate, read }: Stage) => proposalView(await read('p-1'), [], viewContextOf(gate));
const missing = () => new AdapterError('refused', 'Gitea refused POST with 404.', { status: 404 });

test('a proposal without its issue says so to whoever looks or votes, until the issue stands; the trail has a line', async () => {
  const stage = setStage();
  stage.forge.fail(missing(), missing(), missing());
  await proposeDual(stage);
  assert.equal((await viewOf(stage)).reviewNotice, null, 'it has not been tried yet');
  await stage.tell();
  const notice = 'There is no review issue. Gitea refused POST with 404.';
  assert.equal((await viewOf(stage)).reviewNotice, notice);
  assert.doesNotMatch((await viewOf(stage)).next, /comment/);
  const events = await stage.store.trail.eventsOf('p-1', stage.never);
  assert.deepEqual(
    events.flatMap(({ event }) => (event.event === 'review-answered' ? [event.review.error] : [])),
    ['Gitea refused POST with 404.'],
  );
  const counted = await stage.vote('p-1', 'ben');
  assert.ok(counted.ok);
  for (const [lang, words] of [
    ['en', notice],
    ['zh-TW', '沒有審核 issue'],
  ] as const) {
    const { remediation, vote } = counted;
    assert.ok(writeChatAnswer({ kind: 'counted', remediation, vote }, lang, 'off').includes(words));
    for (const kind of ['status', 'pending'] as const)
      assert.ok(
        writeChatAnswer({ kind, about: 'INC-1', remediations: [remediation], all: 1 }, lang, 'off').includes(words),
      );
  }
  for (let seconds = 0; seconds < 60; seconds += 10) {
    await stage.pass(10);
    await stage.tell();
  }
  const { reviewNotice, next } = await viewOf(stage);
  assert.equal(reviewNotice, null);
  const { issueUrl } = (await stage.read('p-1')).review ?? {};
  assert.ok(typeof issueUrl === 'string' && next.includes(`as a comment in the review issue ${issueUrl} or`), next);
});

test('texts name only the ways to answer that there are', async () => {
  const stage = setStage();
  await proposeDual(stage);
  await stage.tell();
  const all = await viewOf(stage);
  assert.match(
    all.next,
    /`\/approve INC-1` in Telegram, write `\/approve [0-9a-f]{12}` as a comment .* or run `blastgate approve p-1`/,
  );
  assert.match(stage.forge.issues()[0]?.body ?? '', /Both answer .* in Telegram, write .* as a comment here or run/);
  const alone = setStage();
  Object.assign(alone.gate, { chat: null, forge: null });
  await proposeDual(alone);
  await alone.tell();
  assert.match((await viewOf(alone)).next, /until \S+: run `blastgate approve p-1`\.$/);
  Object.assign(alone.gate, { consoleUrl: () => 'https://gate.example' });
  assert.match(
    (await viewOf(alone)).next,
    /until \S+: decide at https:\/\/gate\.example\/proposals\/p-1 or run `blastgate approve p-1`\.$/,
  );
  const quiet = setStage();
  Object.assign(quiet.gate, { chat: null });
  await proposeDual(quiet);
  await quiet.tell();
  assert.doesNotMatch(quiet.forge.issues()[0]?.body ?? '', /Telegram/);
  for (const { text } of quiet.forge.comments(1)) assert.doesNotMatch(text, /Telegram/);
});

test('review: required holds approvals back until the issue exists; a rejection never waits', async () => {
  const stage = required(setStage());
  stage.forge.fail(missing(), missing(), missing());
  await proposeDual(stage);
  for (const untried of [true, false]) {
    if (!untried) await stage.tell();
    const held = await stage.vote('p-1', 'ben');
    assert.ok(!held.ok && held.refusal.code === 'review-missing', `untried: ${untried}`);
    assert.match((await viewOf(stage)).reviewNotice ?? '', /holds the action back/);
    assert.match((await viewOf(stage)).next, /holds the action back/);
  }
  assert.ok(heads(stage).some((head) => /no review issue yet; .* policy holds the action back/.test(head)));
  for (let seconds = 0; seconds < 60; seconds += 10) {
    await stage.pass(10);
    await stage.tell();
  }
  assert.equal((await viewOf(stage)).reviewNotice, null);
  assert.ok((await stage.vote('p-1', 'ben')).ok);
  const done = await stage.vote('p-1', 'cho');
  assert.ok(done.ok && done.remediation.state === 'approved');
  await stage.pass(30);
  assert.equal((await stage.read('p-1')).state, 'succeeded');

  const refused = required(setStage());
  refused.forge.fail(missing());
  await proposeDual(refused);
  await refused.tell();
  const no = await refused.vote('p-1', 'ben', 'reject');
  assert.ok(no.ok && no.remediation.state === 'rejected');
});

test('review: required holds what was approved before it was set, and what has lost its issue since', async () => {
  for (const lost of [true, false]) {
    const stage = setStage();
    if (!lost) stage.forge.fail(missing(), missing(), missing(), missing(), missing(), missing());
    await proposeDual(stage);
    await stage.tell();
    if (lost) {
      required(stage);
      stage.forge.removeRepository();
    }
    await stage.vote('p-1', 'ben');
    if (lost) await stage.vote('p-1', 'cho');
    await stage.tell();
    if (!lost) await stage.vote('p-1', 'cho');
    required(stage);
    await stage.pass(20);
    assert.equal((await stage.read('p-1')).state, 'approved', `lost: ${lost}`);
    assert.deepEqual(stage.cluster.writes, []);
    assert.match((await viewOf(stage)).next, /holds the action back/);
    stage.forge.makeRepository();
    for (let seconds = 0; seconds < 400; seconds += 20) {
      await stage.pass(20);
      await stage.tell();
    }
    assert.equal((await stage.read('p-1')).state, 'succeeded', `lost: ${lost}`);
    assert.equal(stage.forge.issues().filter(({ state }) => state === 'closed').length, 1);
  }
});

test('review: required asks nothing of other tiers', async () => {
  const stage = required(setStage());
  await stage.proposeText('scale production/web 5');
  const counted = await stage.vote('p-1', 'ben');
  assert.ok(counted.ok && counted.remediation.state === 'approved');
});
