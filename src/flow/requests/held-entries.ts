// Arrivals of writes → the entry of each: what was proposed for it, who waits for it, and whether somebody has had its answer. An
// entry is found again after a restart, and forgotten when nobody comes back for it.
import type { ArrivedRequest } from '../../core/model/api-reply.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { isFinal } from '../../core/remediation/state.ts';
import { within } from '../deadline.ts';
import { type Gate, isOfCluster } from '../gate.ts';
import type { Patience } from './patience.ts';
import type { Proposed } from './propose.ts';

/** Seconds for which the answer of a write is given to those who still wait for it. */
const ANSWER_SECONDS = 600;
/** Proposals of one incident that are looked through after a restart, and processes of clients that are told apart. */
const [MOST_RECOVERED, MOST_SESSIONS] = [100, 64];
/** Incidents that are known to have been looked through. */
const MOST_INCIDENTS = 1_000;
/** What is put down when an answer of a write has been handed over; read after a restart. */
export const ANSWERED_NOTE = 'request-answered';

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

/** One process of a client that waits. */
export interface ClientWait {
  since: number;
  arrivals: number;
}

export interface HeldEntry {
  readonly incident: string;
  readonly started: Promise<Proposed>;
  readonly waits: Map<string, ClientWait>;
  /** Somebody has had the answer of the write. */
  hasBeenDelivered: boolean;
  /** Milliseconds, since it was seen to be over; null: it is open. */
  overSince: number | null;
  isWritten: boolean;
  touchedAt: number;
}

export interface HeldEntries {
  /** The entry of this arrival; a new one where there is none, or another has had the answer already. Throws AdapterError. */
  entryOf(write: ArrivingWrite, session: string): Promise<HeldEntry>;
  /** Counts one more arrival of a process of the client. */
  waitOf(entry: HeldEntry, session: string): ClientWait;
  /** What is open stays as it is found; what is over is kept for those who wait. */
  see(entry: HeldEntry, remediation: Remediation): void;
  /** Throws AdapterError. */
  read(id: string): Promise<Remediation>;
}

export function createHeldEntries(gate: Gate, patience: Patience, ending: AbortSignal): HeldEntries {
  const entries = new Map<string, HeldEntry>();
  const recovered = new Map<string, Promise<void>>();
  const startedAt = gate.clock.now();

  const newEntry = (incident: string, started: Promise<Proposed>): HeldEntry => ({
    incident,
    started,
    waits: new Map(),
    hasBeenDelivered: false,
    overSince: null,
    isWritten: false,
    touchedAt: gate.clock.now(),
  });

  const read = async (id: string): Promise<Remediation> => {
    const remediation = await gate.store.remediations.read(id, within('store', ending));
    if (remediation === null) throw new Error(`the proposal ${id} is gone (this is a bug)`);
    return remediation;
  };

  const see = (entry: HeldEntry, remediation: Remediation): void => {
    const { isOver, isWritten } = endOfWrite(remediation);
    entry.isWritten = isWritten;
    if (isOver) entry.overSince ??= gate.clock.now();
  };

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

  /** One that arrived before this process was started; null where nobody waits for it any more. */
  const recoveredEntry = async (incident: string, remediation: Remediation): Promise<HeldEntry | null> => {
    const isOver = isFinal(remediation.state) || remediation.forward?.reachedAt != null;
    const since = Date.parse(remediation.changedAt);
    if (isOver && gate.clock.now() - since > ANSWER_SECONDS * 1000) return null;
    const entry = newEntry(incident, Promise.resolve({ ok: true, made: 'open-already', remediation }));
    const first = Date.parse(remediation.createdAt);
    const arrivals = 1 + Math.floor((startedAt - first) / 1000 / Math.max(1, patience.holdSeconds));
    if (gate.clock.now() - first < patience.waitSeconds * 1000)
      entry.waits.set(remediation.arrived?.session ?? '', { since: first, arrivals });
    entry.hasBeenDelivered = isOver && (await wasDelivered(gate, remediation, ending));
    if (entry.hasBeenDelivered) entry.waits.clear();
    see(entry, remediation);
    return entry;
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
      const entry = await recoveredEntry(incident, remediation);
      if (entry !== null) entries.set(arrived.key, entry);
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

  const begin = ({ arrived: { key }, incident, propose }: ArrivingWrite): HeldEntry => {
    const fresh = newEntry(incident, propose());
    entries.set(key, fresh);
    const drop = (): void => {
      if (entries.get(key) === fresh) entries.delete(key);
    };
    fresh.started.then((proposed) => {
      if (!proposed.ok) drop();
    }, drop);
    return fresh;
  };

  const entryOf = async (write: ArrivingWrite, session: string): Promise<HeldEntry> => {
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
    return entry !== undefined && (entry.overSince === null || isOwed(entry, session)) ? entry : begin(write);
  };

  const waitOf = ({ waits }: HeldEntry, session: string): ClientWait => {
    const wait = waits.get(session) ?? { since: gate.clock.now(), arrivals: 0 };
    const [oldest] = waits.keys();
    if (!waits.has(session) && waits.size >= MOST_SESSIONS && oldest !== undefined) waits.delete(oldest);
    wait.arrivals += 1;
    waits.set(session, wait);
    return wait;
  };

  return { entryOf, waitOf, see, read };
}

/** Whether this arrival belongs to what is over: it waited, or nobody has had the answer of the write. */
const isOwed = ({ waits, isWritten, hasBeenDelivered }: HeldEntry, session: string): boolean =>
  waits.has(session) || (isWritten && !hasBeenDelivered);

const wasDelivered = async (
  { store }: Pick<Gate, 'store'>,
  { id, incident, createdAt }: Remediation,
  ending: AbortSignal,
): Promise<boolean> => {
  const filter = { incident, event: ANSWERED_NOTE, since: createdAt };
  const { lines } = await store.trail.page(filter, { limit: 200, after: 0 }, within('store', ending));
  return lines.some(({ deed }) => deed.kind === 'note' && deed.proposal === id);
};

/** `isUnsure`: it was sent, and nobody knows what arrived. */
export function endOfWrite({ state, forward }: Remediation): {
  readonly isOver: boolean;
  readonly isWritten: boolean;
  readonly isUnsure: boolean;
} {
  const isUnsure = state === 'uncertain';
  const isWritten = forward?.reachedAt != null && ['verifying', 'succeeded', 'handed-over'].includes(state);
  const isTakenBack = state === 'rolling-back';
  return { isOver: isWritten || isTakenBack || isFinal(state), isWritten, isUnsure };
}
