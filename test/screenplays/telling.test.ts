import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import { type Stage, setStage } from '../support/memory-gate.ts';

const down = () => new AdapterError('no-answer', 'the peer did not answer');
const said = (stage: Stage): readonly string[] => stage.chat.said().map(({ text }) => text.split('\n')[0] ?? '');
const marker = (text: string): string => /\((p-\d+\/[\d.]+)\)$/.exec(text)?.[1] ?? '';
/** Time passes and whatever is due is told. */
const wait = async (stage: Stage, seconds: number): Promise<void> => {
  for (let i = 0; i < seconds; i += 1) {
    stage.clock.pass(1);
    await stage.tell();
  }
};

test('a dual proposal is announced, gets one issue, and the chat hears where it is', async () => {
  const stage = setStage();
  await stage.proposeText('scale production/web 0');
  await stage.tell();
  assert.equal(stage.forge.issues().length, 1);
  assert.equal(said(stage).length, 2);
  const { review } = await stage.read('p-1');
  assert.deepEqual(review, {
    success: true,
    issueUrl: 'http://127.0.0.1/memory/issues/1',
    issueNumber: 1,
    error: null,
  });
});

test('the issue holds digest and head of the trail at the sealing', async () => {
  const stage = setStage();
  await stage.proposeText('scale production/web 0');
  const head = await stage.store.trail.head(stage.never);
  await stage.tell();
  const body = stage.forge.issues()[0]?.body ?? '';
  assert.ok(body.includes((await stage.read('p-1')).spec.digest));
  assert.ok(body.includes(head?.hash ?? 'no head'), 'a cut tail is found by it');
});

test('a forge that fails is told once in the chat, tried again, and makes one issue in the end', async () => {
  const stage = setStage();
  stage.forge.fail(down(), down(), new AdapterError('refused', 'Forbidden', { status: 403 }));
  await stage.proposeText('scale production/web 0');
  await wait(stage, 3);
  assert.equal((await stage.read('p-1')).review?.success, false);
  assert.ok((await stage.vote('p-1', 'ben')).ok, 'the main path goes on');
  await wait(stage, 60);
  assert.equal(stage.forge.issues().length, 1);
  assert.equal((await stage.read('p-1')).review?.success, true);
  const about = said(stage);
  assert.equal(about.length, 3, `waiting, issue failed, issue made: ${about.join(' | ')}`);
  assert.equal(stage.log.lines.filter(({ event }) => event === 'gitops_issue_create_failed').length, 3);
});

test('the flag off: skipped, said in the result, people asked by chat', async () => {
  const stage = setStage();
  const flags = { blastRadiusCheck: 'on', gitopsPr: 'off' } as const;
  const off = setStageFlags(stage, flags);
  await off.proposeText('scale production/web 0');
  await off.tell();
  assert.equal(off.forge.issues().length, 0);
  const { review } = await off.read('p-1');
  assert.equal(review?.success, false);
  assert.match(review?.error ?? '', /AIOPS_P5_GITOPS_PR/);
  assert.ok(off.log.lines.some(({ event }) => event === 'gitops_pr_skipped_feature_flag'));
  await wait(off, 30);
  assert.equal(off.log.lines.filter(({ event }) => event === 'gitops_pr_skipped_feature_flag').length, 1);
});

const setStageFlags = (stage: Stage, flags: Stage['gate']['flags']): Stage => {
  Object.assign(stage.gate, { flags });
  return stage;
};

test('a chat that is down is tried again; the order within an incident holds', async () => {
  const stage = setStage();
  stage.chat.fail(down(), down());
  await stage.proposeText('scale production/web 5');
  await stage.vote('p-1', 'ben', 'reject');
  await stage.proposeText('scale production/api 5', 'INC-2');
  await stage.tell();
  await wait(stage, 20);
  const own = said(stage).filter((line) => line.includes('INC-1'));
  assert.equal(own.length, 2);
  const markers = stage.chat
    .said()
    .map(({ text }) => marker(text))
    .filter((one) => one.startsWith('p-1/'));
  assert.deepEqual(markers, [...markers].sort(), 'what happened first is told first');
});

test('429 is waited for as long as it says', async () => {
  const stage = setStage();
  stage.chat.fail(new AdapterError('refused', 'Too Many Requests', { status: 429, retryAfterSeconds: 17 }));
  await stage.proposeText('scale production/web 5');
  await stage.tell();
  await wait(stage, 16);
  assert.deepEqual(said(stage), []);
  await wait(stage, 1);
  assert.equal(said(stage).length, 1);
});

for (const [asked, seconds] of [
  [1e9, 3600],
  [1e300, 3600],
  [-5, 1],
  [0, 1],
] as const)
  test(`a pause of ${asked} seconds that a chat asks for is one of ${seconds}`, async () => {
    const stage = setStage();
    stage.chat.fail(new AdapterError('refused', 'Too Many Requests', { status: 429, retryAfterSeconds: asked }));
    await stage.proposeText('scale production/web 5');
    await stage.tell();
    if (seconds > 1) await wait(stage, seconds - 1);
    assert.deepEqual(said(stage), []);
    await wait(stage, 1);
    assert.equal(said(stage).length, 1);
  });

test('a message that the chat refuses is given up after a while and holds up nothing', async () => {
  const stage = setStage();
  const no = () => new AdapterError('refused', 'Bad Request: message is too long', { status: 400 });
  stage.chat.fail(...Array.from({ length: 8 }, no));
  await stage.proposeText('scale production/web 5');
  await stage.vote('p-1', 'ben', 'reject');
  await wait(stage, 400);
  assert.equal(said(stage).length, 1);
});

test('nothing is told twice, each message has its own marker', async () => {
  const stage = setStage();
  await stage.proposeText('scale dev/web 5');
  await stage.proposeText('rm -rf /', 'INC-2');
  await stage.proposeText('scale production/web 5', 'INC-3');
  await stage.pass(30);
  await wait(stage, 5);
  const markers = stage.chat.said().map(({ text }) => marker(text));
  assert.ok(markers.length >= 3 && markers.every((one) => one !== ''), markers.join());
  assert.equal(new Set(markers).size, markers.length);
});
