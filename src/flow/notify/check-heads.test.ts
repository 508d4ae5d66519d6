// A store that is older than what the review issues prove pauses the gate, once; what others write there does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryLog } from '../../../test/fakes/log.ts';
import { HEAD_PROOF, type Stage, setStage } from '../../../test/support/memory-gate.ts';
import { agreesUpTo } from '../../core/remediation/outside-heads.ts';
import { headsIn } from '../../core/text/head-mark.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { checkHeads } from './check-heads.ts';
import { compareHeads } from './compare-heads.ts';

/** A gate with so many dual proposals, each with its issue. Two of them with the same number have the same trail. */
const withIssues = async (count: number): Promise<Stage> => {
  const stage = setStage();
  for (let at = 1; at <= count; at += 1) {
    const proposed = await stage.proposeText(`scale production/${at % 2 === 0 ? 'api' : 'web'} 0`, `INC-${at}`);
    assert.ok(proposed.ok);
    await stage.tell();
  }
  assert.equal(stage.forge.issues().length, count);
  return stage;
};

const check = async (stage: Stage, forge: Stage['forge'], proof = HEAD_PROOF) => {
  const log = memoryLog();
  await checkHeads({ store: stage.store, clock: stage.clock, log }, { forge, proof }, stage.never);
  const isPaused = await stage.store.controls.paused(null, stage.never);
  return { isPaused, events: log.lines.map(({ event }) => event), log };
};
const compared = ({ store, never }: Stage, forge: Stage['forge'], proof = HEAD_PROOF) =>
  compareHeads({ trail: store.trail, forge, proof }, never);

test('a trail that has every line that its issues show goes on', async () => {
  const stage = await withIssues(3);
  const found = await compared(stage, stage.forge);
  assert.deepEqual([found.there.length, found.missing, found.doubtful], [6, [], []]);
  const newest = (await stage.store.trail.lines(agreesUpTo(found) - 1, 1, stage.never))[0];
  assert.equal(newest?.hash, found.there.at(-1)?.head.hash);
  assert.deepEqual(await check(stage, stage.forge).then(({ isPaused, events }) => [isPaused, events]), [
    false,
    ['heads_compared'],
  ]);
});

test('an older copy of the store pauses the gate and says which line of which issue it lacks; said once', async () => {
  const [now, restored] = [await withIssues(3), await withIssues(1)];
  const lines = (await restored.store.trail.head(restored.never))?.seq ?? 0;
  const { isPaused, events, log } = await check(restored, now.forge);
  assert.deepEqual([isPaused, events], [true, ['history_lost', 'heads_compared']]);
  const lost = (await compared(restored, now.forge)).missing.map(({ head }) => head.seq);
  assert.equal(lost.length, 4);
  assert.deepEqual(log.lines[0]?.fields, { known: lost[0], head: lines, shown_by: 'issue #2' });
  const [note] = await restored.store.trail.lines(lines, 1, restored.never);
  assert.match(JSON.stringify(note), /history lost: line \d+ was [0-9a-f]{12} in issue #2, the store ends at line/);
  const entry = { kind: 'note', at: '2026-01-01T00:00:01.000Z', what: 'running', who: 'ana', about: '' } as const;
  await restored.store.controls.setPaused('running', entry, restored.never);
  const again = await check(restored, now.forge);
  assert.deepEqual([again.isPaused, again.events], [false, ['heads_compared']], 'a person has looked');
});

test('a line that was lost after that is said anew', async () => {
  const [now, restored] = [await withIssues(3), await withIssues(1)];
  await check(restored, now.forge);
  const entry = { kind: 'note', at: '2026-01-01T00:00:01.000Z', what: 'running', who: 'ana', about: '' } as const;
  await restored.store.controls.setPaused('running', entry, restored.never);
  now.clock.pass(3600);
  assert.ok((await now.proposeText('scale production/api 0', 'INC-9')).ok);
  await now.tell();
  assert.deepEqual(await check(restored, now.forge).then(({ isPaused }) => isPaused), true);
});

test('votes and writes that a copy lacks are missed too: the status comment proves what came behind the issue', async () => {
  const [now, restored] = [await withIssues(1), await withIssues(1)];
  await now.vote('p-1', 'ben');
  await now.vote('p-1', 'cho');
  await now.settle();
  await now.tell();
  assert.equal((await now.read('p-1')).state, 'verifying');
  assert.deepEqual((await compared(now, now.forge)).missing, []);
  const { there, missing } = await compared(restored, now.forge);
  assert.deepEqual([there.length, missing.length, missing[0]?.issueNumber], [1, 1, 1]);
  assert.equal((await check(restored, now.forge)).isPaused, true);
});

test('a status comment that somebody edited proves nothing, and one of another account is not read', async () => {
  const stage = await withIssues(1);
  const [status] = stage.forge.comments(1);
  const [shown] = headsIn(status?.text ?? '');
  assert.ok(status && shown);
  const forged = status.text.replace(`head ${shown.head.seq}:`, 'head 9999:');
  stage.forge.commentAs('mallory', 1, forged);
  assert.deepEqual(
    await compared(stage, stage.forge).then(({ there, doubtful }) => [there.length, doubtful.length]),
    [2, 0],
  );
  stage.forge.editAsAnother(`${status.id}`, forged);
  assert.deepEqual(
    await compared(stage, stage.forge).then(({ there, doubtful }) => [there.length, doubtful.length]),
    [1, 1],
  );
});

test('who may edit issues can take a head away, and neither prove a line nor raise an alarm', async () => {
  const stage = await withIssues(2);
  const issue = stage.forge.issues()[1];
  const shown = headsIn(issue?.body ?? '')[0];
  assert.ok(issue && shown);
  const others = (body: string) => body.replaceAll(`${shown.head.seq}:${shown.head.hash}`, `9999:${'ab'.repeat(32)}`);
  const unproven = issue.body.replace(/<!-- blastgate-head .*-->\n/, '');
  const edits: readonly (readonly [why: string, body: string, doubtful: number])[] = [
    ['another line with the proof of this one', others(issue.body), 1],
    ['another line without a proof', others(unproven), 1],
    ['a true line without a proof', unproven, 0],
    ['nothing', 'gone', 0],
  ];
  for (const [why, body, doubtful] of edits) {
    stage.forge.editIssueAsAnother(issue.number, body);
    const found = await compared(stage, stage.forge);
    assert.deepEqual([found.there.length, found.missing.length, found.doubtful.length], [3, 0, doubtful], why);
    assert.equal((await check(stage, stage.forge)).isPaused, false, why);
  }
});

test("another account's issue with a head in it is nobody's, and another gate's of the same account is doubtful", async () => {
  const [stage, other] = [await withIssues(1), await withIssues(3)];
  for (const { title, body } of other.forge.issues()) stage.forge.openAsAnother(title, body);
  assert.deepEqual((await compared(stage, stage.forge)).missing, []);
  const foreign = { ...HEAD_PROOF, prove: () => 'hmac-sha256:other' };
  const found = await compared(stage, other.forge, foreign);
  assert.deepEqual([found.there.length, found.missing.length, found.doubtful.length], [0, 0, 4]);
  assert.equal((await check(stage, other.forge, foreign)).isPaused, false);
});

test('a forge in trouble is asked again until it answers, and the gate goes on meanwhile', async () => {
  const [now, restored] = [await withIssues(2), await withIssues(1)];
  const nothing = new AdapterError('no-answer', 'Gitea was not heard.');
  now.forge.fail(nothing, nothing);
  const log = memoryLog();
  const done = checkHeads(
    { store: restored.store, clock: restored.clock, log },
    { forge: now.forge, proof: HEAD_PROOF },
    restored.never,
  );
  for (const seconds of [10, 20]) {
    while (log.lines.length < (seconds === 10 ? 1 : 2)) await new Promise((turn) => setImmediate(turn));
    assert.equal(await restored.store.controls.paused(null, restored.never), false);
    restored.clock.pass(seconds);
  }
  await done;
  assert.deepEqual(
    log.lines.map(({ event }) => event),
    ['head_check_failed', 'head_check_failed', 'history_lost', 'heads_compared'],
  );
});
