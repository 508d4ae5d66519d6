// Folds events and keeps the result: state, audit lines, messages and outcome in one transaction.
import { type Instant, instant } from '../core/model/instant.ts';
import type { Refusal } from '../core/model/refusal.ts';
import type { Event, EventRecord } from '../core/remediation/event.ts';
import { next } from '../core/remediation/next.ts';
import { holdsOf, type Message, type Remediation, type Todo } from '../core/remediation/remediation.ts';
import { maskTexts } from '../core/text/mask.ts';
import type { Claim, RemediationChange, Saved } from '../ports/store.ts';
import { within } from './deadline.ts';
import type { Gate } from './gate.ts';
import { recordDeclarativeOutcome } from './record-outcome.ts';
import { FALLBACK_MS } from './wake-signal.ts';

/** Events folded, not yet saved. */
export interface Transition {
  readonly ok: true;
  readonly before: number;
  readonly remediation: Remediation;
  readonly todo: Todo;
  readonly records: readonly EventRecord[];
  readonly tell: readonly Message[];
}

/**
 * Folds events that happen at one instant, one after the other; the first that does not fit refuses them all. The words of people
 * and peers in them lose their secrets here, before anything is kept or told; a sealed spec has lost them before it was sealed.
 */
export function applyEvents(
  before: Remediation | null,
  events: readonly Event[],
  now: Instant,
): Transition | { readonly ok: false; readonly refusal: Refusal } {
  let [remediation, todo]: [Remediation | null, Todo] = [before, { kind: 'rest', due: null }];
  const records: EventRecord[] = [];
  const tell: Message[] = [];
  for (const given of events) {
    const event = maskTexts(given, ['spec']);
    const step = next(remediation, event, now);
    if (!step.ok) return step;
    records.push({ at: now, event, from: remediation?.state ?? null, to: step.remediation.state });
    tell.push(...step.tell);
    [remediation, todo] = [step.remediation, step.todo];
  }
  if (remediation === null) throw new Error('nothing was taken (this is a bug)');
  return { ok: true, before: before?.revision ?? 0, remediation, todo, records, tell };
}

/** The change as the store keeps it. An outcome is part of the step that ends a remediation, so it is written exactly once. */
export function toStoreChange(
  { before, remediation, todo, records, tell }: Transition,
  claim: Claim | null,
  afterwards: RemediationChange['afterwards'],
): RemediationChange {
  return {
    after: remediation,
    before,
    records,
    due: todo.due,
    claim,
    afterwards,
    holds: holdsOf(remediation),
    tell,
    outcome: recordDeclarativeOutcome(remediation, records),
  };
}

/** Saves and wakes the loops. Where no chat is configured its messages are stored as ended: the trail says that they were made. */
export async function save(gate: Gate, changes: readonly RemediationChange[], signal: AbortSignal): Promise<Saved> {
  const kept = gate.chat === null ? changes.map((change) => ({ ...change, without: 'chat' }) as const) : changes;
  const notice = kept.some((change) => isWork(gate, change)) ? 'work' : 'record';
  const told = kept.map((change) => ({ ...change, notice }) as const);
  const saved = await gate.store.remediations.save(told, within('store', signal));
  if (saved.ok) {
    if (gate.chat !== null) for (const { after } of changes) gate.changed.add(after.id);
    gate.wakeSignal.notify(notice);
    gate.onSaved?.(changes);
  }
  return saved;
}

/** Whether a loop has something to do about it before it looks by itself: its todo, a message to deliver, cards in a chat. */
const isWork = ({ clock, chat }: Gate, { due, tell, without }: RemediationChange): boolean =>
  chat !== null ||
  (due !== null && Date.parse(due) <= clock.now() + FALLBACK_MS) ||
  tell.some(({ channel }) => channel !== without);

/** How often a lost race is run again before it is given up. */
export const RACES = 7;

/** Runs an attempt until another writer is no longer faster; `conflict` when it lost all `times`. */
export async function retryOnConflict<T>(
  times: number,
  attempt: () => Promise<T | 'conflict'>,
): Promise<T | 'conflict'> {
  for (let race = 0; race < times; race += 1) {
    const result = await attempt();
    if (result !== 'conflict') return result;
  }
  return 'conflict';
}

/** The instant by the gate's clock. */
export function nowOf(gate: Pick<Gate, 'clock'>): Instant {
  return instant(gate.clock.now());
}
