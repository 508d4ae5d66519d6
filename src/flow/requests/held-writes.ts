// A write that arrives again and again until people have decided → one proposal for all its arrivals, and an answer for each
// (contract-2, section 8).
import type { Frozen } from '../../core/decision/freeze.ts';
import type { ApiReply } from '../../core/model/api-reply.ts';
import type { Json } from '../../core/model/json.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { within } from '../deadline.ts';
import { frozenNow } from '../freeze.ts';
import type { Gate } from '../gate.ts';
import { nowOf } from '../transition.ts';
import { ANSWERED_NOTE, type ArrivingWrite, type ClientWait, createHeldEntries, endOfWrite } from './held-entries.ts';
import { comeAgainIn, holdFor, type Patience } from './patience.ts';
import { createProposalChanges } from './proposal-changes.ts';

/** What an arrival is answered with. `delivered`: to be called once the client has it whole. */
export type HeldAnswer =
  /** Nothing is open of it. `reply`: the API server's own no. */
  | {
      readonly kind: 'turned-away';
      readonly refusal: Refusal;
      readonly remediation: Remediation | null;
      readonly reply: ApiReply | null;
    }
  | { readonly kind: 'again'; readonly remediation: Remediation; readonly seconds: number }
  /** It has waited as long as it may, and is still open. */
  | { readonly kind: 'over'; readonly remediation: Remediation; readonly delivered: () => void }
  /** It has come to an end without a write that stands. `reply`: the API server's own no. */
  | {
      readonly kind: 'ended';
      readonly remediation: Remediation;
      readonly reply: ApiReply | null;
      readonly delivered: () => void;
    }
  /** `reply` null: nobody heard the API server's answer, but the write is there. */
  | {
      readonly kind: 'written';
      readonly remediation: Remediation;
      readonly reply: ApiReply | null;
      readonly delivered: () => void;
    }
  /** A freeze of the policy holds it: it stays open, and nobody waits that long for it. */
  | {
      readonly kind: 'frozen';
      readonly remediation: Remediation;
      readonly frozen: Frozen;
      readonly delivered: () => void;
    }
  | { readonly kind: 'too-many'; readonly held: number };

export interface HeldWrites {
  /** Answers when it is decided, or when it has been held long enough. Throws AdapterError when the store fails. */
  arrive(write: ArrivingWrite, gone: AbortSignal): Promise<HeldAnswer>;
}

/** Requests of one caller that are held at once. */
const MOST_HELD = 100;

export function createHeldWrites(gate: Gate, patience: Patience, ending: AbortSignal): HeldWrites {
  const entries = createHeldEntries(gate, patience, ending);
  const heldOf = new Map<string, number>();
  const changes = createProposalChanges(gate, ending);

  /** Until it is over, or this arrival has been held long enough. */
  const hold = async (id: string, wait: ClientWait, gone: AbortSignal): Promise<Remediation> => {
    const until = gate.clock.now() + holdFor(patience, (gate.clock.now() - wait.since) / 1000) * 1000;
    const listener = await changes.listen(id);
    try {
      for (;;) {
        ending.throwIfAborted();
        const remediation = await entries.read(id);
        const left = until - gate.clock.now();
        if (endOfWrite(remediation).isOver || left <= 0 || gone.aborted) return remediation;
        await listener.changed(left, gone);
      }
    } finally {
      listener.end();
    }
  };

  const answer = async (write: ArrivingWrite, gone: AbortSignal): Promise<HeldAnswer> => {
    const session = write.arrived.session ?? '';
    const entry = await entries.entryOf(write, session);
    const wait = entries.waitOf(entry, session);
    const started = await entry.started;
    if (!started.ok) {
      const { refusal, remediation, reply = null } = started;
      return { kind: 'turned-away', refusal, remediation, reply };
    }
    const isHeldOff = frozenNow(gate, await entries.read(started.remediation.id)) !== null;
    const remediation = isHeldOff
      ? await entries.read(started.remediation.id)
      : await hold(started.remediation.id, wait, gone);
    entry.touchedAt = gate.clock.now();
    entries.see(entry, remediation);
    const delivered = (): void => {
      entry.waits.delete(session);
      if (!entry.isWritten) return;
      entry.hasBeenDelivered = true;
      void putDown(gate, remediation, write.caller);
    };
    const { isOver, isWritten, isUnsure } = endOfWrite(remediation);
    if (isOver) {
      const reply = await replyOf(gate, remediation, ending);
      return { kind: isWritten ? 'written' : 'ended', remediation, reply, delivered };
    }
    const frozen = isUnsure ? null : frozenNow(gate, remediation);
    if (frozen !== null) return { kind: 'frozen', remediation, frozen, delivered };
    const elapsed = (gate.clock.now() - wait.since) / 1000;
    if (isUnsure || elapsed >= patience.waitSeconds) return { kind: 'over', remediation, delivered };
    return { kind: 'again', remediation, seconds: comeAgainIn(patience, elapsed, wait.arrivals) };
  };

  return {
    arrive: async (write, gone) => {
      const held = heldOf.get(write.caller) ?? 0;
      if (held >= MOST_HELD) return { kind: 'too-many', held };
      heldOf.set(write.caller, held + 1);
      try {
        return await answer(write, gone);
      } finally {
        const left = (heldOf.get(write.caller) ?? 1) - 1;
        if (left === 0) heldOf.delete(write.caller);
        else heldOf.set(write.caller, left);
      }
    },
  };
}

const replyOf = async (
  { store }: Pick<Gate, 'store'>,
  { forward }: Remediation,
  ending: AbortSignal,
): Promise<ApiReply | null> => {
  const kept = forward?.reply;
  if (kept === undefined) return null;
  const body: Json | undefined = (await store.hidden.reveal([kept.body], within('store', ending))).get(kept.body);
  return body === undefined ? null : { status: kept.status, auditId: kept.auditId, body };
};

/** The trail says that the answer was handed over; a store that fails now is heard of by the next request. */
const putDown = async (gate: Gate, { id, forward }: Remediation, caller: string): Promise<void> => {
  try {
    const about = `${id}: ${forward?.reply?.status ?? 'read again'}`;
    const note = { kind: 'note', at: nowOf(gate), what: ANSWERED_NOTE, who: caller, about, proposal: id } as const;
    await gate.store.trail.append(note, within('store', new AbortController().signal));
  } catch (error) {
    gate.log.warn('answer_not_put_down', { proposal: id, error: error instanceof Error ? error.message : 'unknown' });
  }
};
