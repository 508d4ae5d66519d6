// Answers go beside the hearing: in order in each chat, one slow chat holds up no other, and no queue grows for ever.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClock } from '../../../test/fakes/clock.ts';
import { memoryLog } from '../../../test/fakes/log.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { createAnswerQueue } from './answer-queue.ts';

const never = new AbortController().signal;

/** Chats that take what they are told only when the test lets them. */
const setScene = (signal = never) => {
  const [log, clock, said] = [memoryLog(), fakeClock(), [] as string[]];
  const held = new Map<string, () => void>();
  const answer = async (chat: string, text: string): Promise<void> => {
    said.push(`${chat} ${text}`);
    if (chat === 'slow') await new Promise<void>((free) => held.set(chat, free));
  };
  const queue = createAnswerQueue({ log, clock }, { answer }, signal);
  return { log, clock, said, queue, free: () => held.get('slow')?.() };
};

test('a chat that is slow holds up its own answers alone, which keep their order', async () => {
  const { queue, said, free } = setScene();
  for (const text of ['1', '2']) queue.put('slow', text, null);
  for (const text of ['1', '2', '3']) queue.put('quick', text, null);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(said, ['slow 1', 'quick 1', 'quick 2', 'quick 3']);
  free();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(said.at(-1), 'slow 2');
  free();
  await queue.idle();
});

test('a full queue drops what is new and says so', async () => {
  const { queue, said, log, free } = setScene();
  for (let i = 0; i < 60; i += 1) queue.put('slow', `${i}`, null);
  assert.equal(log.lines.filter(({ event }) => event === 'chat_answer_dropped').length, 10);
  for (let i = 0; i < 60; i += 1) {
    free();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await queue.idle();
  assert.deepEqual([said.length, said.at(-1)], [50, 'slow 49']);
});

test('an error of any kind ends one answer, never the queue', async () => {
  const log = memoryLog();
  const said: string[] = [];
  const failures = [new TypeError('a bug'), new AdapterError('refused', 'no', { status: 403 })];
  const answer = async (_: string, text: string): Promise<void> => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    said.push(text);
  };
  const queue = createAnswerQueue({ log, clock: fakeClock() }, { answer }, never);
  for (const text of ['1', '2', '3']) queue.put('x', text, null);
  await queue.idle();
  assert.deepEqual(said, ['3']);
  assert.equal(log.lines.length, 2);
});

test('when the gate ends, nothing is waited for', async () => {
  const stop = new AbortController();
  const answer = () => Promise.reject(new AdapterError('no-answer', 'down'));
  const queue = createAnswerQueue({ log: memoryLog(), clock: fakeClock() }, { answer }, stop.signal);
  for (const text of ['1', '2']) queue.put('x', text, null);
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await queue.idle();
});
