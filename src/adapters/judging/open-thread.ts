// A judging thread that answers one message at a time within a deadline, and is replaced when it does not.
import { Worker } from 'node:worker_threads';
import { createSender, type Packed, type ThreadReply } from './messages.ts';

/** `ended`: the deadline passed, the thread broke (it ran out of memory), or it was closed. */
export type Replied =
  | Exclude<ThreadReply, { readonly kind: 'ready' }>
  | { readonly kind: 'ended'; readonly why: 'deadline' | 'broken' | 'closed' };

export interface JudgingThread {
  /** One at a time: whoever asks waits for the reply first. */
  ask(question: Packed): Promise<Replied>;
  close(): Promise<void>;
}

interface Running {
  readonly worker: Worker;
  readonly send: ReturnType<typeof createSender>;
  /** Loaded and warm: time counts from here. */
  readonly ready: Promise<void>;
}

export interface ThreadTuning {
  /** The file that the thread runs. */
  readonly program: URL;
  /** From the moment when the thread is ready and has the question. */
  readonly deadlineMs: number;
  /** Of JavaScript: a thread that needs more ends alone, before the gate runs out of memory. */
  readonly memoryMb: number;
}

/** Opens it at once, so that it is warm when the first question comes. */
export function openThread({ program, deadlineMs, memoryMb }: ThreadTuning): JudgingThread {
  let running: Running | null = null;
  let closed = false;
  let settle: ((reply: Replied) => void) | null = null;

  const start = (): Running => {
    const worker = new Worker(program, { name: 'judging', resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
    const { promise: ready, resolve: isReady } = Promise.withResolvers<void>();
    // Of a thread that was given up nothing is heard any more: not its last reply, and not its exit.
    const isCurrent = (): boolean => running?.worker === worker;
    const broke = (): void => {
      if (!isCurrent()) return;
      running = null;
      settle?.({ kind: 'ended', why: closed ? 'closed' : 'broken' });
    };
    worker.on('message', (reply: ThreadReply) => {
      if (reply.kind === 'ready') isReady();
      else if (isCurrent()) settle?.(reply);
    });
    worker.on('error', broke);
    worker.on('exit', broke);
    return { worker, send: createSender(), ready };
  };

  /** Resolves when this thread, and every one that was ended before, is gone. */
  let gone: Promise<unknown> = Promise.resolve();
  const end = (): Promise<unknown> => {
    gone = Promise.all([gone, running?.worker.terminate()]);
    running = null;
    return gone;
  };

  const reply = (question: Packed): Promise<Replied> =>
    new Promise((done) => {
      let deadline: NodeJS.Timeout | null = null;
      const own = (answer: Replied): void => {
        if (deadline !== null) clearTimeout(deadline);
        settle = null;
        done(answer);
      };
      settle = own;
      running ??= start();
      running.worker.postMessage(running.send(question), [question.question.buffer]);
      void running.ready.then(() => {
        if (settle === own) deadline = setTimeout(() => own({ kind: 'ended', why: 'deadline' }), deadlineMs);
      });
    });

  running = start();
  return {
    ask: async (question) => {
      if (closed) return { kind: 'ended', why: 'closed' };
      const answer = await reply(question);
      if (answer.kind === 'ended' && !closed) {
        void end();
        running = start();
      }
      return answer;
    },
    close: async () => {
      closed = true;
      settle?.({ kind: 'ended', why: 'closed' });
      await end();
    },
  };
}
