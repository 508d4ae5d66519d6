// Hears what people write in the chat and answers.
import { type ChatCommand, readChatCommand } from '../../core/approval/chat-command.ts';
import { type Person, personByAccount } from '../../core/approval/people.ts';
import type { Channel } from '../../core/model/channel.ts';
import { plusSeconds } from '../../core/model/instant.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { type ChatAnswer, PENDING_LISTED, STATUS_LISTED, writeChatAnswer } from '../../core/text/chat-answer.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ButtonPress, Chat, ChatUpdate } from '../../ports/chat.ts';
import { within } from '../deadline.ts';
import { type Gate, reviewRuleOf } from '../gate.ts';
import { pollRole } from '../leading.ts';
import { findBallot, findProposal } from '../requests/find-proposal.ts';
import { recordVote } from '../requests/record-vote.ts';
import { nowOf } from '../transition.ts';
import { type AnswerQueue, createAnswerQueue } from './answer-queue.ts';
import { saysWhatWasWritten } from './chat-cards.ts';
import { createThrottle } from './throttle.ts';

/** A numbering that has been silent for a week begins anew (Bot API, Update.update_id): an older cursor is not used. */
const CURSOR_SECONDS = 6 * 24 * 3600;
/** How much later than the chat's clock the gate's may be. */
const CLOCK_SLACK_SECONDS = 5;
/** One update that cannot be handled is given up after so many tries, while the store works. */
const TRIES = 5;
/** Chats that are not ours and still get an answer, one each. */
const STRANGERS = 100;
/** Accounts of nobody in people.yaml get one answer, and one note in the trail, in this time; so many of them. */
const UNKNOWN_EVERY_MS = 10 * 60_000;
const UNKNOWN_ACCOUNTS = 100;
const LONGEST_PAUSE_SECONDS = 60;
/** A poll that brings nothing is held open by the chat; one that comes back sooner is not asked again at once. */
const QUICK_MS = 1000;

/** Polls, handles and answers until aborted; trouble with the chat or the store is logged and tried again. `stepDown`: another listens. */
export async function listenToChat(
  gate: Gate,
  chat: Chat,
  signal: AbortSignal,
  stepDown: () => void = () => {},
): Promise<void> {
  let name: string | null = null;
  let troubles = 0;
  const [memory, answers] = [createPollMemory(), createAnswerQueue(gate, chat, signal)];
  while (!signal.aborted) {
    const began = gate.clock.now();
    try {
      name ??= await chat.readName(within('send', signal));
      const heard = await pollOnce({ gate, chat, name, memory, answers }, signal);
      gate.polls?.answered(pollRole('chat', chat));
      troubles = 0;
      if (heard === 0 && gate.clock.now() - began < QUICK_MS) await gate.clock.sleep(QUICK_MS, signal);
    } catch (thrown) {
      if (signal.aborted) break;
      troubles += 1;
      const known = thrown instanceof AdapterError ? thrown : null;
      // Somebody else listens with the same account: the chat serves one.
      if (known?.status === 409) stepDown();
      const error = thrown instanceof Error ? thrown.message : 'unknown';
      gate.log.error('chat_listening_failed', { error, status: known?.status ?? null, troubles });
      const pause = Math.min(known?.retryAfterSeconds ?? 2 ** Math.min(troubles - 1, 6), LONGEST_PAUSE_SECONDS);
      await gate.clock.sleep(pause * 1000, signal);
    }
  }
  await answers.idle();
}

/** What a listener remembers between polls; lost with the process, which harms nothing. */
export interface PollMemory {
  /** Counts a try at this update, and says how many there were. */
  tryAgain(update: number): number;
  /** True once for each chat that is not ours: its people get one answer, so that nobody can make the gate talk. */
  isNewStranger(chat: string): boolean;
  /** True once in a while for each account that is nobody's: whoever may write in the chat can make the gate talk and note. */
  mayBother(account: string, nowMs: number): boolean;
}

export function createPollMemory(): PollMemory {
  let last = { update: -1, times: 0 };
  const strangers = new Set<string>();
  const unknown = createThrottle({ everyMs: UNKNOWN_EVERY_MS, keys: UNKNOWN_ACCOUNTS });
  return {
    tryAgain: (update) => {
      last = { update, times: last.update === update ? last.times + 1 : 1 };
      return last.times;
    },
    isNewStranger: (chat) => {
      if (strangers.has(chat) || strangers.size >= STRANGERS) return false;
      strangers.add(chat);
      return true;
    },
    mayBother: (account, nowMs) => unknown.isFirst(account, nowMs),
  };
}

/** A chat that is listened to, by a bot of a name. */
export interface ChatSession {
  readonly gate: Gate;
  readonly chat: Chat;
  readonly name: string;
  readonly memory: PollMemory;
  readonly answers: AnswerQueue;
}

/**
 * One poll; how many updates it brought. Each is handled, its answer queued, and only then the cursor moves on: after a crash
 * in between it is handled again, and a vote that was stored is found to be so. The cursor is kept by the chat and the bot's
 * name, since each bot counts for itself, and a bot may have the same name in two chats.
 */
export async function pollOnce(session: ChatSession, signal: AbortSignal): Promise<number> {
  const { gate, chat, name, memory } = session;
  const cursor = `chat-offset:${chat.channel}:${name}`;
  const updates = await chat.receive(await readOffset(gate, [cursor, `chat-offset:${name}`], signal), signal);
  for (const update of updates) {
    const last = memory.tryAgain(update.id) >= TRIES;
    const answer = last ? giveUp(gate, update) : await handle(session, update, signal);
    if (answer !== null && update.chat !== '')
      session.answers.put(
        update.chat,
        writeChatAnswer(answer, gate.lang, reviewRuleOf(gate), chat.commandPrefix),
        update.replyTo ?? null,
      );
    await gate.store.controls.writeCursor(cursor, `${update.id + 1} ${nowOf(gate)}`, within('store', signal));
  }
  return updates.length;
}

/** `earlier`: the name that the cursor had before there were several chats, read until the first update is handled. */
const readOffset = async (
  gate: Gate,
  [cursor, earlier]: readonly [string, string],
  signal: AbortSignal,
): Promise<number | null> => {
  const kept =
    (await gate.store.controls.readCursor(cursor, within('store', signal))) ??
    (await gate.store.controls.readCursor(earlier, within('store', signal)));
  const [offset, at] = kept?.split(' ') ?? [];
  if (offset === undefined || at === undefined || plusSeconds(at, CURSOR_SECONDS) < nowOf(gate)) return null;
  return Number(offset);
};

const giveUp = (gate: Gate, update: ChatUpdate): ChatAnswer => {
  gate.log.error('chat_update_given_up', { update: update.id, chat: update.chat, from: update.from });
  return { kind: 'gave-up' };
};

/** null: nothing to say, as to talk between people. */
const handle = async (session: ChatSession, update: ChatUpdate, signal: AbortSignal): Promise<ChatAnswer | null> => {
  const { gate, chat, name, memory } = session;
  const command = update.press === undefined ? readChatCommand(update.text, name) : PRESSED;
  if (command.kind === 'not-for-us') return null;
  const person = update.from === null ? null : personByAccount(gate.people(), chat.channel, update.from);
  if (update.nature !== 'other-chat' && update.nature !== 'bot' && person === null) {
    const account = update.from ?? `nobody in ${update.chat}`;
    if (!memory.mayBother(account, gate.clock.now())) return null;
  }
  if (update.nature !== 'message' || update.from === null) return refuseNature(session, update, command.kind);
  if (command.kind === 'pressed')
    return update.press === undefined ? null : await pressed(session, update.press, person, update, signal);
  if (command.kind === 'misread') return { kind: 'misread', problem: command.problem };
  if (command.kind === 'help') return { kind: 'help' };
  const account = `${chat.channel} ${update.from}`;
  if (command.kind === 'approve' || command.kind === 'reject')
    return await vote(gate, command, { id: person?.id ?? null, account, channel: chat.channel }, update, signal);
  const about = command.kind === 'status' ? command.incident : '/pending';
  const no = (refusal: Refusal): ChatAnswer => ({ kind: 'not-counted', about, refusal, remediation: null });
  if (person === null) return no({ code: 'unknown-person', about: account });
  if (!mayRead(person)) return no({ code: 'no-right', about: `${person.id}, read` });
  return command.kind === 'status' ? await status(gate, command.incident, signal) : await pending(gate, signal);
};

/** What stands in the place of a command where a button was pressed. */
const PRESSED = { kind: 'pressed' } as const;

const refuseNature = (
  { gate, memory }: ChatSession,
  update: ChatUpdate,
  command: ChatCommand['kind'] | 'pressed',
): ChatAnswer | null => {
  const nature = update.nature === 'message' ? 'anonymous' : update.nature;
  if (nature === 'other-chat' && !memory.isNewStranger(update.chat)) return null;
  gate.log.warn('chat_command_refused', { nature, chat: update.chat, from: update.from, command });
  // Two programs that answer each other would never end.
  return nature === 'bot' ? null : { kind: 'refused-nature', nature };
};

const mayRead = ({ rights }: Person): boolean => rights.includes('read') || rights.includes('approve');

const vote = async (
  gate: Gate,
  command: Extract<ChatCommand, { readonly kind: 'approve' | 'reject' }>,
  voter: { readonly id: string | null; readonly account: string; readonly channel: Channel },
  update: ChatUpdate,
  signal: AbortSignal,
): Promise<ChatAnswer> => {
  const about = command.incident;
  const no = (refusal: Refusal, remediation: Remediation | null): ChatAnswer => ({
    kind: 'not-counted',
    about,
    refusal,
    remediation,
  });
  // A denial cannot run anything: it needs no digest while one proposal is open.
  const found =
    command.kind === 'approve'
      ? await findBallot(gate, command.incident, command.digest, signal)
      : await findProposal(gate, command.incident, signal);
  if (!found.ok && voter.id === null) return no({ code: 'unknown-person', about: voter.account }, null);
  if (!found.ok) return no(found.refusal, found.remediation);
  const { id, spec, createdAt } = found.remediation;
  // Written before there was anything to read: meant for something else. The chat's clock counts whole seconds.
  if (plusSeconds(update.at, CLOCK_SLACK_SECONDS + 1) < createdAt) return { kind: 'too-early', about };
  const counted = await recordVote(
    gate,
    {
      proposal: id,
      person: voter.id,
      account: voter.account,
      channel: voter.channel,
      decision: command.kind,
      digest: spec.digest,
      reason: command.reason,
      proof: { kind: 'account', account: update.from ?? '', message: update.key ?? `${update.id}` },
    },
    signal,
  );
  return counted.ok
    ? { kind: 'counted', remediation: counted.remediation, vote: counted.vote }
    : no(counted.refusal, counted.remediation);
};

/** The button of a card: the digest that it carried must still be the one that is open. A no needs a reason, which no button has. */
const pressed = async (
  { gate, chat }: ChatSession,
  { decision, proposal, digits, shown }: ButtonPress,
  person: Person | null,
  update: ChatUpdate,
  signal: AbortSignal,
): Promise<ChatAnswer> => {
  const remediation = await gate.store.remediations.read(proposal, within('store', signal));
  const account = `${chat.channel} ${update.from}`;
  const about = remediation?.incident ?? proposal;
  const no = (refusal: Refusal): ChatAnswer => ({ kind: 'not-counted', about, refusal, remediation });
  if (person === null) return no({ code: 'unknown-person', about: account });
  if (remediation === null) return no({ code: 'no-such-proposal', about: proposal });
  if (decision === 'reject' && remediation.state === 'awaiting-approval') return { kind: 'needs-reason', remediation };
  if (!/^[0-9a-f]{6,64}$/.test(digits) || !remediation.spec.digest.startsWith(`sha256:${digits}`))
    return no({ code: 'wrong-digest', about: `${digits} given` });
  if (shown !== undefined && !(await saysWhatWasWritten(gate, chat, remediation, shown, signal))) {
    gate.log.warn('chat_card_changed', { proposal, chat: update.chat, from: update.from });
    return no({ code: 'card-changed', about: null });
  }
  const counted = await recordVote(
    gate,
    {
      proposal,
      person: person.id,
      account,
      channel: chat.channel,
      decision,
      digest: remediation.spec.digest,
      reason: null,
      proof: { kind: 'account', account: update.from ?? '', message: update.key ?? `${update.id}` },
    },
    signal,
  );
  return counted.ok ? { kind: 'counted', remediation: counted.remediation, vote: counted.vote } : no(counted.refusal);
};

const status = async (gate: Gate, incident: string, signal: AbortSignal): Promise<ChatAnswer> => {
  const filter = { state: null, incident };
  const page = { limit: STATUS_LISTED, before: null };
  const { remediations } = await gate.store.remediations.page(filter, page, within('store', signal));
  return { kind: 'status', about: incident, remediations };
};

const pending = async (gate: Gate, signal: AbortSignal): Promise<ChatAnswer> => {
  const filter = { state: 'awaiting-approval', incident: null } as const;
  const page = { limit: PENDING_LISTED, before: null };
  const [{ remediations }, tallies] = await Promise.all([
    gate.store.remediations.page(filter, page, within('store', signal)),
    gate.store.history.tallies(within('store', signal)),
  ]);
  const all = tallies.find(({ kind, label }) => kind === 'proposals' && label === filter.state)?.count ?? 0;
  return { kind: 'pending', remediations, all: Math.max(all, remediations.length) };
};
