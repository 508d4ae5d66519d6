// Somebody who may write in the repository changes the text of a review issue: what is said under it approves nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import { memoryStore } from '../fakes/store.ts';
import { type CommentStage, setCommentStage } from '../support/comment-stage.ts';

const voters = async (stage: CommentStage) => (await stage.read('p-1')).votes.map(({ person }) => person);
const bodyOf = (stage: CommentStage, number = 1): string =>
  stage.forge.issues().find((issue) => issue.number === number)?.body ?? '';
const change = (stage: CommentStage): void =>
  stage.forge.editIssueAsAnother(1, bodyOf(stage).replaceAll('replicas=0', 'replicas=9'));
const approve = (stage: CommentStage, who: string) => stage.comment(who, `/approve ${stage.short}`);
const events = (stage: CommentStage, name: string) => stage.log.lines.filter(({ event }) => event === name).length;
const refusals = async (stage: CommentStage) =>
  (await stage.store.trail.lines(0, 1000, stage.never)).flatMap(({ deed }) =>
    deed.kind === 'note' && JSON.stringify(deed).includes('card-changed') ? [deed] : [],
  );

test('an approval under a harmless plan over the true digest does not count; the true text comes back, and then it does', async () => {
  const stage = await setCommentStage();
  const written = bodyOf(stage);
  change(stage);
  assert.notEqual(bodyOf(stage), written);
  await approve(stage, 'ben');
  assert.deepEqual(await voters(stage), []);
  assert.match(stage.own()[0] ?? '', /`ben`: The text of this issue was not what the gate wrote/);
  assert.equal((await refusals(stage)).length, 1);
  assert.equal(events(stage, 'review_issue_changed'), 1);
  assert.match(bodyOf(stage), /replicas=0/);
  assert.doesNotMatch(bodyOf(stage), /replicas=9/);
  await approve(stage, 'ben');
  await approve(stage, 'cho');
  assert.deepEqual(await voters(stage), ['ben', 'cho']);
  assert.equal((await stage.read('p-1')).state, 'approved');
});

test('a rejection counts under any text', async () => {
  const stage = await setCommentStage();
  change(stage);
  await stage.comment('ben', `/reject ${stage.short} this looks odd`);
  assert.equal((await stage.read('p-1')).state, 'rejected');
});

test('each time it is changed again it is written again, though that was told before', async () => {
  const stage = await setCommentStage();
  for (let time = 0; time < 4; time += 1) {
    change(stage);
    await approve(stage, 'ben');
    assert.deepEqual(await voters(stage), []);
    assert.match(bodyOf(stage), /replicas=0/);
  }
  assert.equal((await refusals(stage)).length, 1, 'told once');
  await approve(stage, 'ben');
  assert.deepEqual(await voters(stage), ['ben']);
});

test('a comment that was written before the text came back is under the other one', async () => {
  const stage = await setCommentStage();
  change(stage);
  stage.clock.pass(2);
  stage.forge.commentAs('cho', 1, `/approve ${stage.short}`);
  stage.clock.pass(2);
  // Another vote brings the status, and with it the text.
  await stage.vote('p-1', 'ben');
  await stage.tell();
  assert.match(bodyOf(stage), /replicas=0/);
  await stage.poll();
  assert.deepEqual(await voters(stage), ['ben']);
  assert.match(stage.own()[0] ?? '', /`cho`: The text of this issue/);
  await approve(stage, 'cho');
  assert.equal((await stage.read('p-1')).state, 'approved');
});

const OTHERS: readonly (readonly [says: string, change: (body: string, stage: CommentStage) => string])[] = [
  ['of an older version, which has no mark', (body) => body.replace(/<!-- blastgate-body .*\n/, '')],
  ['that is empty', () => ''],
  ['of another proposal, sealed by the gate itself', (_, stage) => bodyOf(stage, 2)],
];
for (const [says, other] of OTHERS)
  test(`an approval under a text ${says} counts once it is written again`, async () => {
    const stage = await setCommentStage();
    await stage.proposeText('scale production/api 0');
    await stage.tell();
    const text = other(bodyOf(stage), stage);
    assert.notEqual(text, bodyOf(stage));
    stage.forge.editIssueAsAnother(1, text);
    await approve(stage, 'ben');
    assert.deepEqual(await voters(stage), []);
    await approve(stage, 'ben');
    assert.deepEqual(await voters(stage), ['ben']);
  });

test('what forges do to ends of lines changes nothing', async () => {
  const stage = await setCommentStage();
  stage.forge.editIssueAsAnother(1, bodyOf(stage).replaceAll('\n', '  \r\n').trim());
  await approve(stage, 'ben');
  assert.deepEqual(await voters(stage), ['ben']);
});

test('strangers, and digests that are none, make the gate ask for no text', async () => {
  const stage = await setCommentStage();
  let asked = 0;
  const read = stage.forge.readIssue.bind(stage.forge);
  stage.forge.readIssue = (...args) => {
    asked += 1;
    return read(...args);
  };
  stage.clock.pass(1);
  for (let at = 0; at < 50; at += 1) stage.forge.commentAs(`mallory${at}`, 1, `/approve ${stage.short}`);
  stage.forge.commentAs('ben', 1, '/approve 0123456789ab');
  await stage.poll();
  assert.ok(asked <= 5, `${asked}: for the status alone`);
});

test('a forge that refuses the edit: the status is told all the same, and nothing counts until the text is back', async () => {
  const stage = await setCommentStage();
  const rewrite = stage.forge.rewriteIssue.bind(stage.forge);
  stage.forge.rewriteIssue = () => Promise.reject(new AdapterError('refused', 'not yours', { status: 403 }));
  const written = bodyOf(stage);
  change(stage);
  await approve(stage, 'ben');
  assert.deepEqual(await voters(stage), []);
  assert.match(stage.own()[0] ?? '', /`ben`: The text of this issue/);
  assert.equal(events(stage, 'review_issue_not_restored'), 1);
  stage.forge.editIssueAsAnother(1, written);
  await approve(stage, 'ben');
  assert.deepEqual(await voters(stage), [], 'since when it is back is not known');
  stage.forge.rewriteIssue = rewrite;
  await approve(stage, 'ben');
  await approve(stage, 'ben');
  assert.deepEqual(await voters(stage), ['ben']);
});

test('killed between the edit and what is kept of it: nothing counts until it is written once more', async () => {
  const store = memoryStore();
  const stage = await setCommentStage(store);
  change(stage);
  const write = store.controls.writeCursor.bind(store.controls);
  let isKilled = false;
  store.controls.writeCursor = async (name, text, signal) => {
    if (name.startsWith('issue-text:') && text !== 'being written' && !isKilled) {
      isKilled = true;
      throw new Error('killed');
    }
    return await write(name, text, signal);
  };
  await approve(stage, 'ben');
  assert.ok(isKilled);
  assert.match(bodyOf(stage), /replicas=0/);
  assert.deepEqual(await voters(stage), []);
  await approve(stage, 'ben');
  await approve(stage, 'ben');
  assert.deepEqual(await voters(stage), ['ben']);
});
