// Judging for a gate that answers others meanwhile: small questions here, the rest on two threads with a deadline.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Judgement } from '../../core/evaluation/judge.ts';
import { JUDGING_DEADLINE_MS } from '../../core/model/limits.ts';
import { frozen } from '../../core/sealed-spec/seal.ts';
import type { Judging, JudgingAnswer, JudgingTask, JudgingTasks } from '../../ports/judging.ts';
import type { Log } from '../../ports/log.ts';
import { createFairQueue, type FairQueue, type QueueLimits } from './fair-queue.ts';
import { pack, unpacked } from './messages.ts';
import { type JudgingThread, openThread, type ThreadTuning } from './open-thread.ts';
import { answerTo } from './tasks.ts';
import { warmUp } from './warm-up.ts';
import { type Place, runsHere, threadOf } from './where.ts';

export interface JudgingTuning extends ThreadTuning {
  readonly queue: QueueLimits;
  /** What is answered without a thread. */
  readonly here: typeof runsHere;
}

/** Built, the program has another ending than in the sources. */
const PROGRAM = new URL(`./judging-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * Memory: several times what any answer within the limits needs. Waiting: as many of one caller as it could use at once, and in
 * all so few that their bodies (1 MiB each) are no burden.
 */
const DEFAULTS: JudgingTuning = {
  program: PROGRAM,
  deadlineMs: JUDGING_DEADLINE_MS,
  memoryMb: 256,
  queue: { perCaller: 8, inAll: 32 },
  here: runsHere,
};

interface Lane {
  readonly thread: JudgingThread;
  readonly queue: FairQueue;
}

/** Starts the threads, and warms this one: afterwards no first question takes longer than the next. */
export function openJudging(log: Log, tuning: Partial<JudgingTuning> = {}): Judging {
  const { queue, here, ...ofThread } = { ...DEFAULTS, ...tuning };
  const open = (): Lane => ({ thread: openThread(ofThread), queue: createFairQueue(queue) });
  const lanes: { readonly [P in Place]: Lane } = { short: open(), long: open() };
  warmUp();
  return {
    ask: async <T extends JudgingTask>(
      task: T,
      question: JudgingTasks[T]['asks'],
      turn: Parameters<Judging['ask']>[2],
    ): Promise<JudgingAnswer<JudgingTasks[T]['answers']>> => {
      if (here(task, question)) return { ok: true, value: answerTo(task, question) };
      const packed = pack(task, question);
      const bytes = packed.question.byteLength;
      const { thread, queue: waiting } = lanes[threadOf(bytes)];
      const reply = await waiting.run(turn, () => thread.ask(packed));
      if (reply === null) return refused('busy');
      switch (reply.kind) {
        case 'answer': {
          const value = answerOf(task, unpacked(reply.answer));
          // A large one took its turn of the event loop: what is done with it is another.
          await nextTurn();
          return { ok: true, value };
        }
        case 'failed':
          throw new Error(`judging failed: ${reply.why}`);
        case 'too-large':
          log.warn('judging_refused', { task, caller: turn.caller, bytes, why: 'the answer is too large' });
          return refused('too-complex');
        case 'ended':
          log.warn('judging_ended', { task, caller: turn.caller, bytes, why: reply.why });
          return refused(reply.why === 'closed' ? 'busy' : 'too-complex');
        default:
          return reply satisfies never;
      }
    },
    close: async () => {
      for (const lane of Object.values(lanes)) lane.queue.close();
      await Promise.all(Object.values(lanes).map(({ thread }) => thread.close()));
    },
  };
}

/** A copy of what was sealed is frozen as that was. */
const answerOf = <T extends JudgingTask>(task: T, answer: unknown): JudgingTasks[T]['answers'] => {
  if (task === 'judge') frozen((answer as Judgement).spec);
  // as: the thread has answered this task.
  return answer as JudgingTasks[T]['answers'];
};

const refused = (code: 'too-complex' | 'busy') => ({ ok: false, refusal: { code, about: null } }) as const;
