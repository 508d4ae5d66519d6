// What was unhealthy before a write, and what the policy's checks say after it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { policyOf, type VerifyRules } from '../../src/core/blast-radius/policy.ts';
import { whyOf } from '../../src/core/text/state-reason.ts';
import { type Stage, setStage } from '../support/memory-gate.ts';

const set = (verify: VerifyRules = {}): Stage => {
  const stage = setStage();
  const policy = policyOf({ ...DEFAULT_POLICY.document, verify }, null);
  return { ...stage, gate: Object.assign(stage.gate, { policy }) };
};
const webOf = (stage: Stage) => {
  const web = stage.cluster.workloads.get('dev/web');
  assert.ok(web !== undefined);
  return web;
};

test('what was broken before and is no worse is not taken back: a person has it, and reads why', async () => {
  const stage = set();
  Object.assign(webOf(stage), { before: { ready: 1, crashes: true }, health: 'broken', readyNow: 1 });
  await stage.proposeText('scale dev/web 5');
  await stage.pass(60);
  assert.equal((await stage.read('p-1')).state, 'verifying', 'it may still heal');
  await stage.pass(80);
  const end = await stage.read('p-1');
  assert.equal(end.state, 'handed-over');
  assert.equal(end.verdict?.code, 'still-unhealthy');
  assert.equal(end.refusal, null);
  assert.deepEqual(stage.cluster.writes, ['forward deployment/web 3→5']);
  assert.match(whyOf(end, end.state, 'en') ?? '', /^It is written as approved\. It was unhealthy before and still is/);
});

test('what was broken before and heals has succeeded', async () => {
  const stage = set();
  Object.assign(webOf(stage), { before: { ready: 1, crashes: true }, health: 'broken', readyNow: 1 });
  await stage.proposeText('scale dev/web 5');
  await stage.pass(60);
  webOf(stage).health = 'fine';
  await stage.pass(20);
  const end = await stage.read('p-1');
  assert.deepEqual([end.state, end.verdict?.code], ['succeeded', 'converged']);
});

test('what was broken before and is made worse goes back, to what it was', async () => {
  const stage = set();
  Object.assign(webOf(stage), { before: { ready: 2, crashes: true }, health: 'broken', readyNow: 1 });
  await stage.proposeText('scale dev/web 5');
  const write = stage.cluster.write.bind(stage.cluster);
  stage.cluster.write = async (permit, ...rest) => {
    if (permit.direction === 'back') webOf(stage).readyNow = 2;
    return write(permit, ...rest);
  };
  await stage.pass(200);
  const end = await stage.read('p-1');
  assert.deepEqual(
    [end.state, end.verdict?.code, end.backVerdict?.code],
    ['rolled-back', 'trouble', 'still-unhealthy'],
  );
  assert.match(whyOf(end, end.state, 'en') ?? '', /The rollback: It is as it was before, unhealthy as it was/);
});

test('how it was before is not asked again when a write is sent again', async () => {
  const stage = set();
  stage.cluster.troubles.write.push('lost-before');
  await stage.proposeText('scale dev/web 5');
  const first = (): Promise<boolean> => stage.tick();
  await first();
  const { baseline } = await stage.read('p-1');
  assert.equal(baseline?.length, 1);
  webOf(stage).before = { ready: 0, crashes: true };
  await stage.pass(30);
  const end = await stage.read('p-1');
  assert.equal(end.state, 'succeeded');
  assert.deepEqual(end.baseline, baseline);
});

const ERRORS = { promql: 'errors', is: '< 1' } as const;
const NAME = 'promql errors < 1';

test('a check is sealed, asked while it is watched, and one that fails past the window takes the change back', async () => {
  const stage = set({ scale: { checks: [ERRORS] } });
  await stage.proposeText('scale dev/web 5');
  await stage.tick();
  stage.checks.answers.set(NAME, { is: 'failed', says: '7' });
  const { spec } = await stage.read('p-1');
  assert.deepEqual(spec.checks, [ERRORS]);
  assert.match(
    spec.constraints.map(({ text }) => text).join(),
    /checks of the policy must hold too: promql errors < 1/,
  );
  await stage.pass(100);
  assert.equal((await stage.read('p-1')).state, 'verifying');
  const asked = stage.checks.asked.length;
  await stage.pass(60);
  const end = await stage.read('p-1');
  assert.deepEqual([end.state, end.verdict?.code], ['rolled-back', 'check-failed']);
  assert.equal(whyOf(end, 'rolling-back', 'en'), 'A check of the policy fails (promql errors < 1: 7).');
  assert.ok(stage.checks.asked.length - asked <= 15, 'the way back is judged by its objects alone');
});

test('a check that gives no answer is no success, takes nothing back before the window ends, and is named then', async () => {
  const stage = set({ development: { checks: [ERRORS] } });
  stage.checks.answers.set(NAME, 'silent');
  await stage.proposeText('scale dev/web 5');
  await stage.pass(100);
  assert.equal((await stage.read('p-1')).state, 'verifying');
  await stage.pass(60);
  const end = await stage.read('p-1');
  assert.deepEqual([end.state, end.verdict?.is, end.verdict?.code], ['rolled-back', 'unknown', 'check-unseen']);
});

test('no address is asked that stands in no policy any more', async () => {
  const stage = set({ scale: { checks: [ERRORS, { http: 'https://shop.example', status: 200 }] } });
  await stage.proposeText('scale dev/web 5');
  Object.assign(stage.gate, {
    policy: policyOf({ ...DEFAULT_POLICY.document, verify: { scale: { checks: [ERRORS] } } }, null),
  });
  await stage.pass(30);
  assert.equal((await stage.read('p-1')).state, 'succeeded');
  assert.deepEqual([...new Set(stage.checks.asked)], [NAME]);
});

test('a crash in the soak, long after the first success, is seen', async () => {
  const stage = set({ scale: { soakSeconds: 600 } });
  await stage.proposeText('scale dev/web 5');
  await stage.pass(400);
  assert.equal((await stage.read('p-1')).state, 'verifying');
  webOf(stage).health = 'broken';
  await stage.pass(10);
  const { verdict, back } = await stage.read('p-1');
  assert.equal(verdict?.code, 'trouble');
  assert.ok(back !== null);
});
