// A write that arrives again and again until people have decided → one proposal for all its arrivals, and an answer for each
// (contract-2, section 8).
import type { Frozen } from '../../core/decision/freeze.ts';
import type { ApiReply, ArrivedRequest } from '../../core/model/api-reply.ts';
import type { Json } from '../../core/model/json.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { isFinal } from '../../core/remediation/state.ts';
import { within } from '../deadline.ts';
import { frozenNow } from '../freeze.ts';
import { type Gate, isOfCluster } from '../gate.ts';
import { nowOf } from '../transition.ts';
import { comeAgainIn, holdFor, type Patience } from './patience.ts';
import { createProposalChanges } from './proposal-changes.ts';
import type { Proposed } from './propose.ts';

/** One arrival. */
export interface ArrivingWrite {
  /** Whose: a bound for how many are held. */
  readonly caller: string;
  readonly incident: string;
  /** Another that an earlier arrival of the same may have been proposed for: the agent's own of the day before. */
  readonly earlierIncident?: string;
  readonly arrived: ArrivedRequest;
  /** Asked at most once for all arrivals of the same. */
  readonly propose: () => Promise<Proposed>;
}

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

/** Seconds for which the answer of a write is given to those who still wait for it. */
const ANSWER_SECONDS = 600;
/** Requests of one caller that are held at once. */
const MOST_HELD = 100;
/** Proposals of one incident that are looked through after a restart, and processes of clients that are told apart. */
const [MOST_RECOVERED, MOST_SESSIONS] = [100, 64];
/** Incidents that are known to have been looked through. */
const MOST_INCIDENTS = 1_000;
/** What is put down when an answer of a write has been handed over; read after a restart. */
export const ANSWERED_NOTE = 'request-answered';

/** One process of a client that waits. */
interface Wait {
  since: number;
  arrivals: number;
}

interface Entry {
  readonly incident: string;
  readonly started: Promise<Proposed>;
  readonly waits: Map<string, Wait>;
  /** Somebody has had the answer of the write. */
  hasBeenDelivered: boolean;
  /** Milliseconds, since it was seen to be over; null: it is open. */
  overSince: number | null;
  isWritten: boolean;
  touchedAt: number;
}

export function createHeldWrites(gate: Gate, patience: Patience, ending: AbortSignal): HeldWrites {
  const entries = new Map<string, Entry>();
  const recovered = new Map<string, Promise<void>>();
  const heldOf = new Map<string, number>();
  const changes = createProposalChanges(gate, ending);
  const startedAt = gate.clock.now();

  const newEntry = (incident: string, started: Promise<Proposed>): Entry => ({
    incident,
    started,
    waits: new Map(),
    hasBeenDelivered: false,
    overSince: null,
    isWritten: false,
    touchedAt: gate.clock.now(),
  });

  /** Nobody comes back for these any more. */
  const forget = (): void => {
    const now = gate.clock.now();
    for (const [key, { overSince, touchedAt, incident }] of entries) {
      const isOver = overSince !== null && now - overSince > ANSWER_SECONDS * 1000;
      const isLeft = now - touchedAt > (ANSWER_SECONDS + patience.waitSeconds) * 1000;
      if (!isOver && !isLeft) continue;
      entries.delete(key);
      // It may be open still: who comes after all finds it in the store.
      if (!isOver) recovered.delete(incident);
    }
  };

  /** Those of an incident that arrived before this process was started. */
  const recover = async (incident: string): Promise<void> => {
    const { remediations } = gate.store;
    const briefs = await remediations.briefs(incident, 'any', MOST_RECOVERED, within('store', ending));
    for (const { id } of briefs.toReversed()) {
      const remediation = await remediations.read(id, within('store', ending));
      const { arrived } = remediation ?? {};
      if (remediation === null || arrived === undefined || entries.has(arrived.key)) continue;
      // The same bytes for another cluster are another write.
      if (!isOfCluster(gate, remediation)) continue;
      const isOver = isFinal(remediation.state) || remediation.forward?.reachedAt != null;
      const since = Date.parse(remediation.changedAt);
      if (isOver && gate.clock.now() - since > ANSWER_SECONDS * 1000) continue;
      const entry = newEntry(incident, Promise.resolve({ ok: true, made: 'open-already', remediation }));
      const first = Date.parse(remediation.createdAt);
      const arrivals = 1 + Math.floor((startedAt - first) / 1000 / Math.max(1, patience.holdSeconds));
      if (gate.clock.now() - first < patience.waitSeconds * 1000)
        entry.waits.set(arrived.session ?? '', { since: first, arrivals });
      entry.hasBeenDelivered = isOver && (await wasDelivered(remediation));
      if (entry.hasBeenDelivered) entry.waits.clear();
      see(entry, remediation);
      entries.set(arrived.key, entry);
    }
  };
  const recoverOnce = async (incident: string): Promise<void> => {
    const before = recovered.get(incident) ?? recover(incident);
    if (recovered.size >= MOST_INCIDENTS) recovered.clear();
    recovered.set(incident, before);
    await before.catch((error: unknown) => {
      recovered.delete(incident);
      throw error;
    });
  };
  const wasDelivered = async ({ id, incident, createdAt }: Remediation): Promise<boolean> => {
    const filter = { incident, event: ANSWERED_NOTE, since: createdAt };
    const { lines } = await gate.store.trail.page(filter, { limit: 200, after: 0 }, within('store', ending));
    return lines.some(({ deed }) => deed.kind === 'note' && deed.proposal === id);
  };

  /** What is open stays as it is found; what is over is kept for those who wait. */
  const see = (entry: Entry, remediation: Remediation): void => {
    const { isOver, isWritten } = endOf(remediation);
    entry.isWritten = isWritten;
    if (isOver) entry.overSince ??= gate.clock.now();
  };

  /** Whether this arrival belongs to what is over: it waited, or nobody has had the answer of the write. */
  const isOwed = ({ waits, isWritten, hasBeenDelivered }: Entry, session: string): boolean =>
    waits.has(session) || (isWritten && !hasBeenDelivered);

  /** The entry of this arrival; a new one where there is none, or another has had the answer already. */
  const entryOf = async (write: ArrivingWrite, session: string): Promise<Entry> => {
    const { key } = write.arrived;
    await recoverOnce(write.incident);
    if (write.earlierIncident !== undefined) await recoverOnce(write.earlierIncident);
    forget();
    const known = entries.get(key);
    if (known !== undefined && known.overSince === null) {
      // It may have ended since somebody last looked.
      const started = await known.started;
      // Whoever came while it was judged hears the same no.
      if (!started.ok) return known;
      see(known, await read(started.remediation.id));
    }
    const entry = entries.get(key);
    if (entry !== undefined && (entry.overSince === null || isOwed(entry, session))) return entry;
    const fresh = newEntry(write.incident, write.propose());
    entries.set(key, fresh);
    const drop = (): void => {
      if (entries.get(key) === fresh) entries.delete(key);
    };
    fresh.started.then((proposed) => {
      if (!proposed.ok) drop();
    }, drop);
    return fresh;
  };

  const read = async (id: string): Promise<Remediation> => {
    const remediation = await gate.store.remediations.read(id, within('store', ending));
    if (remediation === null) throw new Error(`the proposal ${id} is gone (this is a bug)`);
    return remediation;
  };

  const waitOf = ({ waits }: Entry, session: string): Wait => {
    const wait = waits.get(session) ?? { since: gate.clock.now(), arrivals: 0 };
    const [oldest] = waits.keys();
    if (!waits.has(session) && waits.size >= MOST_SESSIONS && oldest !== undefined) waits.delete(oldest);
    wait.arrivals += 1;
    waits.set(session, wait);
    return wait;
  };

  /** Until it is over, or this arrival has been held long enough. */
  const hold = async (id: string, wait: Wait, gone: AbortSignal): Promise<Remediation> => {
    const until = gate.clock.now() + holdFor(patience, (gate.clock.now() - wait.since) / 1000) * 1000;
    const listener = await changes.listen(id);
    try {
      for (;;) {
        ending.throwIfAborted();
        const remediation = await read(id);
        const left = until - gate.clock.now();
        if (endOf(remediation).isOver || left <= 0 || gone.aborted) return remediation;
        await listener.changed(left, gone);
      }
    } finally {
      listener.end();
    }
  };

  const answer = async (write: ArrivingWrite, gone: AbortSignal): Promise<HeldAnswer> => {
    const session = write.arrived.session ?? '';
    const entry = await entryOf(write, session);
    const wait = waitOf(entry, session);
    const started = await entry.started;
    if (!started.ok) {
      const { refusal, remediation, reply = null } = started;
      return { kind: 'turned-away', refusal, remediation, reply };
    }
    const isHeldOff = frozenNow(gate, await read(started.remediation.id)) !== null;
    const remediation = isHeldOff ? await read(started.remediation.id) : await hold(started.remediation.id, wait, gone);
    entry.touchedAt = gate.clock.now();
    see(entry, remediation);
    const delivered = (): void => {
      entry.waits.delete(session);
      if (!entry.isWritten) return;
      entry.hasBeenDelivered = true;
      void putDown(gate, remediation, write.caller);
    };
    const { isOver, isWritten, isUnsure } = endOf(remediation);
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

/** `isUnsure`: it was sent, and nobody knows what arrived. */
const endOf = ({
  state,
  forward,
}: Remediation): { readonly isOver: boolean; readonly isWritten: boolean; readonly isUnsure: boolean } => {
  const isUnsure = state === 'uncertain';
  const isWritten = forward?.reachedAt != null && ['verifying', 'succeeded', 'handed-over'].includes(state);
  const isTakenBack = state === 'rolling-back';
  return { isOver: isWritten || isTakenBack || isFinal(state), isWritten, isUnsure };
};

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
