// What only one of several gates may do at a time, such as polling a chat: done while this one leads, handed over when it cannot.
import { within } from './deadline.ts';
import type { Gate } from './gate.ts';

/** Seconds that a lead is granted, and after which it is asked for again: another takes over within 12 s. */
const [GRANTED_SECONDS, AGAIN_SECONDS] = [9, 3];
/** It trusts itself for less, from the moment before it asked: it has ended before another begins. */
const TRUSTED_MS = (GRANTED_SECONDS - 1) * 1000;

export interface Lead {
  readonly role: string;
  /** This process. */
  readonly holder: string;
  /** Runs until its signal aborts. `stepDown`: somebody else is at it already; another gate may have it. */
  readonly work: (signal: AbortSignal, stepDown: () => void) => Promise<void>;
}

/** What hears of polls. */
export interface Polls {
  leads(role: string, is: boolean): void;
  /** A poll was answered, with news or without. */
  answered(role: string): void;
}

/** The role of polling one peer: "chat telegram", "forge gitea". */
export function pollRole(kind: 'chat' | 'forge', { channel }: { readonly channel: string }): string {
  return `${kind} ${channel}`;
}

type Leading = Pick<Gate, 'store' | 'clock' | 'log' | 'polls'>;

/** Does the work whenever this gate leads, until aborted. A gate that is alone on its store always does. */
export async function whileLeading(gate: Leading, lead: Lead, signal: AbortSignal): Promise<void> {
  const { replicas } = gate.store;
  if (replicas === undefined)
    return told(
      gate,
      lead,
      lead.work(signal, () => {}),
    );
  while (!signal.aborted) {
    const asked = gate.clock.now();
    const granted = await replicas
      .lead(lead.role, lead.holder, GRANTED_SECONDS, within('store', signal))
      .catch(() => ({ ok: false }) as const);
    if (granted.ok) {
      gate.log.info('leading', { role: lead.role, term: granted.term });
      await lend(gate, lead, asked + TRUSTED_MS, signal);
      gate.log.info('not_leading', { role: lead.role });
    }
    await gate.clock.sleep(AGAIN_SECONDS * 1000, signal);
  }
}

/** It leads for as long as it works. */
const told = async ({ polls }: Leading, { role }: Lead, work: Promise<void>): Promise<void> => {
  polls?.leads(role, true);
  try {
    await work;
  } finally {
    polls?.leads(role, false);
  }
};

/** Works and asks again and again, until one of them ends. */
const lend = async (gate: Leading, lead: Lead, trusted: number, signal: AbortSignal): Promise<void> => {
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const work = told(
    gate,
    lead,
    lead.work(until, () => over.abort()),
  )
    .catch((error: unknown) => {
      gate.log.error('leading_failed', { role: lead.role, error: error instanceof Error ? error.message : 'unknown' });
    })
    .finally(() => over.abort());
  await keepLead(gate, lead, { trusted, lose: () => over.abort() }, until);
  over.abort();
  await work;
  await gate.store.replicas
    ?.resign(lead.role, lead.holder, within('store', new AbortController().signal))
    .catch(() => {});
};

/** Ends when it may not be trusted any more, or somebody else has it. */
const keepLead = async (
  gate: Leading,
  lead: Lead,
  { trusted: first, lose }: { readonly trusted: number; readonly lose: () => void },
  signal: AbortSignal,
): Promise<void> => {
  let trusted = first;
  let isAsking = false;
  while (!signal.aborted && gate.clock.now() < trusted) {
    const asked = gate.clock.now();
    if (!isAsking) {
      isAsking = true;
      void askAgain(gate, lead, signal).then((answer) => {
        if (answer === 'kept') trusted = asked + TRUSTED_MS;
        if (answer === 'lost') lose();
        isAsking = false;
      });
    }
    const pause = Math.min(AGAIN_SECONDS * 1000, trusted - gate.clock.now());
    await gate.clock.sleep(Math.max(1, pause), signal);
  }
};

const askAgain = async ({ store }: Leading, lead: Lead, signal: AbortSignal): Promise<'kept' | 'lost' | 'unknown'> => {
  try {
    const granted = await store.replicas?.lead(lead.role, lead.holder, GRANTED_SECONDS, within('store', signal));
    return granted?.ok === true ? 'kept' : 'lost';
  } catch {
    return 'unknown';
  }
};
