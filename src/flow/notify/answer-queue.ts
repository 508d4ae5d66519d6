// Answers on their way to the chats: sent beside the hearing, so that a chat that takes few a minute delays no vote.
import { AdapterError } from '../../ports/adapter-error.ts';
import type { Chat } from '../../ports/chat.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';

const TRIES = 3;
const LONGEST_PAUSE_SECONDS = 60;
/** Per chat. What is counted stands without its answer; `/status` and `blastgate show` say it too. */
const MOST_WAITING = 50;

export interface AnswerQueue {
  /** Takes an answer and returns at once; in each chat they are sent one after the other. A full queue drops it. */
  put(chat: string, text: string, replyTo: string | null): void;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly text: string;
  readonly replyTo: string | null;
}

/** Sends until `signal` ends it; what waits then is not sent. */
export function createAnswerQueue(
  gate: Pick<Gate, 'log' | 'clock'>,
  chat: Pick<Chat, 'answer'>,
  signal: AbortSignal,
): AnswerQueue {
  const waiting = new Map<string, Waiting[]>();
  const senders = new Map<string, Promise<void>>();
  const sendAll = async (where: string, texts: Waiting[]): Promise<void> => {
    for (let one = texts[0]; one !== undefined && !signal.aborted; one = texts[0]) {
      await sendOne(gate, chat, { where, ...one }, signal);
      texts.shift();
    }
    waiting.delete(where);
    senders.delete(where);
  };
  return {
    put: (where, text, replyTo) => {
      const texts = waiting.get(where) ?? [];
      if (texts.length >= MOST_WAITING)
        return gate.log.warn('chat_answer_dropped', { chat: where, waiting: texts.length });
      texts.push({ text, replyTo });
      waiting.set(where, texts);
      if (!senders.has(where)) senders.set(where, sendAll(where, texts));
    },
    idle: async () => {
      while (senders.size > 0) await Promise.all(senders.values());
    },
  };
}

const sendOne = async (
  gate: Pick<Gate, 'log' | 'clock'>,
  chat: Pick<Chat, 'answer'>,
  { where, text, replyTo }: Waiting & { readonly where: string },
  signal: AbortSignal,
): Promise<void> => {
  for (let tries = 1; tries <= TRIES && !signal.aborted; tries += 1) {
    try {
      return await chat.answer(where, text, replyTo, within('send', signal));
    } catch (thrown) {
      if (signal.aborted) return;
      const known = thrown instanceof AdapterError ? thrown : null;
      const error = thrown instanceof Error ? thrown.message : 'unknown';
      gate.log.warn('chat_answer_failed', { chat: where, error, tries });
      const mayPass = known !== null && (known.kind !== 'refused' || known.status === 429);
      if (!mayPass || tries === TRIES) return;
      await gate.clock.sleep(Math.min(known.retryAfterSeconds ?? tries, LONGEST_PAUSE_SECONDS) * 1000, signal);
    }
  }
};
