// A judging thread that does what the command says: for ever, dies, eats memory, fails; anything else is judged.
import { parentPort } from 'node:worker_threads';
import { createReceiver, packed, type ThreadMessage, type ThreadReply } from '../../src/adapters/judging/messages.ts';
import { answerTo } from '../../src/adapters/judging/tasks.ts';
import type { CommandQuestion } from '../../src/ports/judging.ts';

const questionOf = createReceiver();

const obey = (line: string): void => {
  if (line.startsWith('for ever')) for (;;);
  if (line.startsWith('die')) process.exit(3);
  if (line.startsWith('throw')) throw new Error('a bug in judging');
  const eaten: unknown[] = [];
  if (line.startsWith('eat')) for (;;) eaten.push(new Array(100_000).fill({ eaten }));
};

parentPort?.on('message', (message: ThreadMessage) => {
  const say = (reply: ThreadReply): void => parentPort?.postMessage(reply);
  // as: only commands are asked of this thread.
  const question = questionOf(message) as CommandQuestion;
  try {
    if (question.command.kind === 'line') obey(question.command.line);
    say({ kind: 'answer', answer: packed(answerTo(message.task, question)) });
  } catch (error) {
    say({ kind: 'failed', why: String(error) });
  }
});
parentPort?.postMessage({ kind: 'ready' } satisfies ThreadReply);
