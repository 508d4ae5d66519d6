// Runs as a thread of its own: messages in, replies out. Nothing here can hold the event loop of the gate.
import { parentPort } from 'node:worker_threads';
import { JUDGEMENT_LIMIT_BYTES } from '../../core/model/limits.ts';
import type { JudgingTask } from '../../ports/judging.ts';
import { createReceiver, packed, type ThreadMessage, type ThreadReply } from './messages.ts';
import { answerTo } from './tasks.ts';
import { warmUp } from './warm-up.ts';

const port = parentPort;
if (port === null) throw new Error('this file is the program of a thread, opened by open-thread.ts');

const questionOf = createReceiver();

/** A score is shown once and never stored: it may be as large as a command of 64 KiB can make it. */
const isTooLarge = (task: JudgingTask, bytes: number): boolean =>
  bytes > (task === 'score' ? 4 * JUDGEMENT_LIMIT_BYTES : JUDGEMENT_LIMIT_BYTES);

const replyTo = (message: ThreadMessage): ThreadReply => {
  try {
    const answer = packed(answerTo(message.task, questionOf(message)));
    return isTooLarge(message.task, answer.byteLength) ? { kind: 'too-large' } : { kind: 'answer', answer };
  } catch (error) {
    return { kind: 'failed', why: error instanceof Error ? error.message : 'it does not say why' };
  }
};

port.on('message', (message: ThreadMessage) => {
  const reply = replyTo(message);
  port.postMessage(reply, reply.kind === 'answer' ? [reply.answer.buffer] : []);
});
warmUp();
port.postMessage({ kind: 'ready' } satisfies ThreadReply);
