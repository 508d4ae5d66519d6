// One or several chats → what a gate tells all of them: each message once in each, however often it is tried.
import { AdapterError } from '../../ports/adapter-error.ts';
import type { Chat } from '../../ports/chat.ts';

export interface Chats {
  readonly all: readonly Chat[];
  /** Plain text to every chat. Throws AdapterError when one did not get it; a repeated send goes only where it has not arrived. */
  send(text: string, signal: AbortSignal): Promise<void>;
}

/** Unfinished sends that are remembered. */
const REMEMBERED = 500;

/** null: there is no chat. */
export function chatsOf(all: readonly Chat[]): Chats | null {
  if (all.length === 0) return null;
  const unfinished = new Map<string, Set<Chat>>();
  return {
    all,
    send: async (text, signal) => {
      const arrived = unfinished.get(text) ?? new Set<Chat>();
      const failures = await inEach(
        all.filter((chat) => !arrived.has(chat)),
        async (chat) => {
          await chat.send(text, signal);
          arrived.add(chat);
        },
      );
      unfinished.delete(text);
      if (failures.length === 0) return;
      unfinished.set(text, arrived);
      const [oldest] = unfinished.keys();
      if (unfinished.size > REMEMBERED && oldest !== undefined) unfinished.delete(oldest);
      throw joinedErrors(failures);
    },
  };
}

/** Does it in each; what failed comes back. */
export async function inEach(
  chats: readonly Chat[],
  act: (chat: Chat) => Promise<void>,
): Promise<readonly AdapterError[]> {
  const ends = await Promise.all(
    chats.map(async (chat) => {
      try {
        await act(chat);
        return [];
      } catch (thrown) {
        if (thrown instanceof AdapterError) return [thrown];
        throw thrown;
      }
    }),
  );
  return ends.flat();
}

/** One error for several: a refusal only when each refused, with the longest pause. */
export function joinedErrors(failures: readonly AdapterError[]): AdapterError {
  const [first, ...others] = failures;
  if (first === undefined) throw new Error('nothing failed (this is a bug)');
  if (others.length === 0) return first;
  const worst =
    failures.find(({ kind }) => kind !== 'refused') ?? failures.find(({ status }) => status === 429) ?? first;
  const pauses = failures.flatMap(({ retryAfterSeconds }) => (retryAfterSeconds === null ? [] : [retryAfterSeconds]));
  return new AdapterError(worst.kind, failures.map(({ message }) => message).join(' '), {
    ...(worst.status === null ? {} : { status: worst.status }),
    ...(pauses.length === 0 ? {} : { retryAfterSeconds: Math.max(...pauses) }),
  });
}
