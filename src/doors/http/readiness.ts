// Whether the gate can decide now, for /readyz.
import type { Gate } from '../../flow/gate.ts';
import { onceABeat } from './beat.ts';
import { inTime } from './in-time.ts';

/** `notes`: what whoever looks at it should know although it can decide. */
export type Ready =
  | { readonly ok: true; readonly notes?: readonly string[] }
  | { readonly ok: false; readonly why: string };

/** Deciding needs a store that takes writes: a full disk or a lock answers reads all the same. */
export function readiness(
  gate: Pick<Gate, 'store' | 'clock'>,
  ending: AbortSignal,
  notes: () => readonly string[] = () => [],
): () => Promise<Ready> {
  const ask = onceABeat(gate.clock, (now) => probe(gate, now));
  return async () => {
    if (ending.aborted) return { ok: false, why: 'the gate is shutting down' };
    const [found, noted] = [await ask(), notes()];
    return found.ok && noted.length > 0 ? { ...found, notes: noted } : found;
  };
}

const probe = async ({ store }: Pick<Gate, 'store'>, now: number): Promise<Ready> => {
  try {
    await inTime((signal) => store.controls.writeCursor('ready', new Date(now).toISOString(), signal));
    return { ok: true };
  } catch (error) {
    return { ok: false, why: `nothing can be stored: ${error instanceof Error ? error.message : 'unknown'}` };
  }
};
