import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gate } from '../../src/flow/gate.ts';
import { run } from '../../src/flow/worker/run.ts';
import { setStage } from '../support/memory-gate.ts';
import { nextOfAll } from '../support/next-of-all.ts';

/** Lets everything that is ready happen; no time passes. */
const breathe = async (): Promise<void> => {
  for (let i = 0; i < 200; i += 1) await new Promise((done) => setImmediate(done));
};

test('new work is done at once, without any time passing, and the loops end with the signal', async () => {
  const stage = setStage();
  const ending = new AbortController();
  const running = run(stage.gate, ending.signal);
  await breathe();
  await stage.proposeText('scale dev/web 5');
  await stage.proposeText('scale production/web 5', 'INC-2');
  await breathe();
  assert.equal((await stage.read('p-1')).state, 'verifying');
  assert.equal(stage.chat.said().length, 1, 'who waits is told at once');
  await stage.vote('p-2', 'ben');
  await breathe();
  assert.equal((await stage.read('p-2')).state, 'verifying');
  for (let i = 0; i < 15; i += 1) {
    stage.clock.pass(1);
    await breathe();
  }
  assert.equal((await stage.read('p-1')).state, 'succeeded');
  assert.equal((await stage.read('p-2')).state, 'succeeded');
  assert.equal(stage.cluster.writes.length, 2);
  ending.abort();
  await running;
});

test('a write under way when the gate is told to end is finished and kept', async () => {
  const stage = setStage();
  const ending = new AbortController();
  const write = stage.cluster.write.bind(stage.cluster);
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
  stage.cluster.write = async (permit, intent, signal) => {
    await mayAnswer;
    signal.throwIfAborted();
    return write(permit, intent, signal);
  };
  const running = run(stage.gate, ending.signal);
  await stage.proposeText('scale dev/web 5');
  await breathe();
  assert.equal((await stage.read('p-1')).state, 'executing');
  ending.abort();
  answer();
  await running;
  assert.equal((await stage.read('p-1')).state, 'verifying');
});

test('a store that fails for a while stops nothing for good', async () => {
  const stage = setStage();
  const ending = new AbortController();
  const claim = stage.store.remediations.claim.bind(stage.store.remediations);
  let broken = true;
  Object.assign(stage.store.remediations, {
    claim: async (...args: Parameters<typeof claim>) => {
      if (broken) throw new Error('The database is locked by another program');
      return claim(...args);
    },
  });
  const running = run(stage.gate, ending.signal);
  await stage.proposeText('scale dev/web 5');
  await breathe();
  assert.ok(stage.log.lines.some(({ event }) => event === 'loop_failed'));
  broken = false;
  stage.clock.pass(3);
  await breathe();
  assert.equal((await stage.read('p-1')).state, 'verifying');
  ending.abort();
  await running;
});

test('what cannot be judged again just now waits, and runs once it can be', async () => {
  const stage = setStage();
  await stage.proposeText('scale dev/web 5');
  let answers = false;
  const judging: Gate['judging'] = {
    ...stage.gate.judging,
    ask: async (task, question, turn) =>
      task === 'judgeAgain' && !answers
        ? { ok: false, refusal: { code: 'too-complex', about: null } }
        : stage.gate.judging.ask(task, question, turn),
  };
  const gate: Gate = { ...stage.gate, judging };
  const advance = async (): Promise<string> => {
    const found = await nextOfAll(gate, stage.never);
    if (found.kind === 'step') await found.take();
    return found.kind;
  };
  assert.equal(await advance(), 'step');
  assert.equal((await stage.read('p-1')).state, 'approved');
  assert.deepEqual(stage.log.lines.at(-1)?.fields, {
    proposal: 'p-1',
    why: 'It could not be judged again: Judging it takes too long, or what comes out is too large.',
  });
  assert.equal(await advance(), 'nothing', 'it is tried again later, not at once');
  answers = true;
  stage.clock.pass(5);
  await advance();
  await stage.pass(15);
  assert.equal((await stage.read('p-1')).state, 'succeeded');
});
