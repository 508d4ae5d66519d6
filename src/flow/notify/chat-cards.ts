// Keeps the card of each proposal in the chats up to date: posted once, edited as votes come in, without buttons at the end.

import { ownValue } from '../../core/model/json.ts';
import { chatCardCursor } from '../../core/remediation/cursors.ts';
import type { Pause } from '../../core/remediation/pause.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { isFinal, STATES } from '../../core/remediation/state.ts';
import { writeChatCard } from '../../core/text/chat-card.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { CardPlaces, Chat, ChatCard } from '../../ports/chat.ts';
import { within } from '../deadline.ts';
import { frozenNow } from '../freeze.ts';
import { type Gate, gateOf } from '../gate.ts';
import { pauseNow } from '../pause.ts';
import type { NextStep } from '../worker/next-step.ts';
import { inEach, joinedErrors } from './chats.ts';
import { approversOf } from './review-request.ts';

/** Where a card stands and what it says, by chat service; kept in the store, so that a restart edits and posts no second one. */
interface KeptCard {
  /** The marker in it. */
  readonly key: string;
  /** RFC 3339: when it was posted. */
  readonly at: string;
  readonly in: { readonly [service: string]: { readonly places: CardPlaces; readonly text: string } };
}

const readKept = async ({ store }: Gate, proposal: string, signal: AbortSignal): Promise<KeptCard | null> => {
  const text = await store.controls.readCursor(chatCardCursor(proposal), within('store', signal));
  // as: what keepCard wrote; an ended card is empty.
  return text === null || text === '' ? null : (JSON.parse(text) as KeptCard);
};

const keepCard = ({ store }: Gate, proposal: string, kept: KeptCard | null, signal: AbortSignal): Promise<void> =>
  store.controls.writeCursor(
    chatCardCursor(proposal),
    kept === null ? '' : JSON.stringify(kept),
    within('store', signal),
  );

/** What a card is about, as it is now. */
interface CardNow {
  readonly remediation: Remediation;
  readonly paused: Pause | null;
  /** The marker in it. */
  readonly key: string;
}

const cardOf = (gate: Gate, chat: Chat, { remediation, paused, key }: CardNow): ChatCard => {
  const { approve, reject } = DICTIONARIES[gate.lang].announcement.buttons;
  const { id: proposal, proposer, spec, state } = remediation;
  const approvers = approversOf(gate, proposer);
  return {
    text: writeChatCard({
      remediation,
      approvers,
      frozen: frozenNow(gate, remediation),
      paused,
      prefix: chat.commandPrefix,
      key,
      lang: gate.lang,
    }),
    buttons: state === 'awaiting-approval' ? { proposal, digits: spec.digest.slice(7, 19), approve, reject } : null,
  };
};

/** Posts the card where it does not stand yet. Throws AdapterError when it could not be posted everywhere. */
export async function postCard(gate: Gate, remediation: Remediation, key: string, signal: AbortSignal): Promise<void> {
  let kept = (await readKept(gate, remediation.id, signal)) ?? {
    key,
    at: new Date(gate.clock.now()).toISOString(),
    in: {},
  };
  const paused = await pauseNow(gateOf(gate, remediation), signal);
  const missing = (gate.chat?.all ?? []).filter(({ channel }) => !Object.hasOwn(kept.in, channel));
  const failures = await inEach(missing, async (chat) => {
    const card = cardOf(gate, chat, { remediation, paused, key });
    const places = await chat.post(card, within('send', signal));
    kept = { ...kept, in: { ...kept.in, [chat.channel]: { places, text: card.text } } };
  });
  // What has arrived must be known even while the gate shuts down.
  await keepCard(gate, remediation.id, kept, new AbortController().signal);
  if (failures.length > 0) throw joinedErrors(failures);
}

/**
 * Whether a card says what the gate wrote: whoever has the token of a bot can write another text over true buttons. What was written
 * last, or what is being written now.
 */
export async function saysWhatWasWritten(
  gate: Gate,
  chat: Chat,
  remediation: Remediation,
  shown: string,
  signal: AbortSignal,
): Promise<boolean> {
  const kept = await readKept(gate, remediation.id, signal);
  const written = kept === null ? undefined : ownValue(kept.in, chat.channel);
  // It is being posted, or there was none before this version.
  if (kept === null || written === undefined) return true;
  const paused = await pauseNow(gateOf(gate, remediation), signal);
  const now = cardOf(gate, chat, { remediation, paused, key: kept.key });
  return [written.text, now.text].some((text) => asRead(text) === asRead(shown));
}

/** Chats set spaces and the looks of emoji anew, which changes nothing of what is read. */
const asRead = (text: string): string =>
  text
    .replace(/\p{Variation_Selector}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();

/** When the card of a proposal was posted (RFC 3339); null: there is none. */
export async function cardShownAt(gate: Gate, proposal: string, signal: AbortSignal): Promise<string | null> {
  return (await readKept(gate, proposal, signal))?.at ?? null;
}

/** Makes the card what stands in the store now, where it says something else. Throws AdapterError. */
export async function refreshCard(gate: Gate, proposal: string, signal: AbortSignal): Promise<void> {
  const kept = await readKept(gate, proposal, signal);
  if (kept === null) return;
  const remediation = await gate.store.remediations.read(proposal, within('store', signal));
  if (remediation === null) return;
  const paused = await pauseNow(gateOf(gate, remediation), signal);
  let now = kept;
  const failures = await inEach(gate.chat?.all ?? [], async (chat) => {
    const shown = ownValue(kept.in, chat.channel);
    if (shown === undefined) return;
    const card = cardOf(gate, chat, { remediation, paused, key: kept.key });
    if (card.text === shown.text) return;
    await chat.edit(shown.places, card, within('send', signal));
    now = { ...now, in: { ...now.in, [chat.channel]: { ...shown, text: card.text } } };
  });
  const isOver = isFinal(remediation.state) && failures.length === 0;
  if (now !== kept || isOver) await keepCard(gate, proposal, isOver ? null : now, new AbortController().signal);
  if (failures.length > 0) throw joinedErrors(failures);
}

/** So many of the newest proposals are looked at, also where they are over. */
const NEWEST = 200;

/** A process before this one may have ended between a vote or an end and its card: all that are under way and the newest are looked at again. */
export async function lookAtCards({ chat, changed, store }: Gate, signal: AbortSignal): Promise<void> {
  if (chat === null) return;
  const [open, newest] = await Promise.all([
    store.remediations.inStates(
      STATES.filter((state) => !isFinal(state)),
      within('store', signal),
    ),
    store.remediations.page({ state: null, incident: null }, { limit: NEWEST, before: null }, within('store', signal)),
  ]);
  for (const { id } of [...open, ...newest.remediations]) changed.add(id);
}

/** Takes one of the proposals that have changed since it was looked last; a chat in trouble is tried again after its pause. */
export function nextCard(gate: Gate, signal: AbortSignal): Promise<NextStep> {
  const [proposal] = gate.changed;
  if (proposal === undefined) return Promise.resolve({ kind: 'nothing', nextDue: null });
  gate.changed.delete(proposal);
  return Promise.resolve({ kind: 'step', take: () => tryRefresh(gate, proposal, signal) });
}

const RETRY_SECONDS = 5;

const tryRefresh = async (gate: Gate, proposal: string, signal: AbortSignal): Promise<void> => {
  try {
    await refreshCard(gate, proposal, signal);
  } catch (error) {
    if (!(error instanceof AdapterError) || signal.aborted) throw error;
    gate.log.warn('chat_card_not_edited', { proposal, error: error.message });
    // A message that cannot be edited for good is told by the next state anyway.
    if (error.kind === 'refused' && error.status !== 429) return;
    await gate.clock.sleep((error.retryAfterSeconds ?? RETRY_SECONDS) * 1000, signal);
    gate.changed.add(proposal);
  }
};
