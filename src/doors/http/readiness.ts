// Whether the gate can decide now, for /readyz.
import type { Gate } from '../../flow/gate.ts';

export type Ready = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Nobody who asks needs a token, so a write stands for all who ask within this time. */
const BEAT_MS = 5_000;
const PATIENCE_MS = 3_000;

/** Deciding needs a store that takes writes: a full disk or a lock answers reads all the same. */
export function readiness(gate: Pick<Gate, 'store' | 'clock'>, ending: AbortSignal): () => Promise<Ready> {
  let last: { readonly at: number; readonly ready: Promise<Ready> } | null = null;
  return () => {
    if (ending.aborted) return Promise.resolve({ ok: false, why: 'the gate is shutting down' });
    const now = gate.clock.now();
    if (last === null || now < last.at || now - last.at >= BEAT_MS) last = { at: now, ready: probe(gate, now) };
    return last.ready;
  };
}

const probe = async ({ store }: Pick<Gate, 'store'>, now: number): Promise<Ready> => {
  try {
    await store.controls.writeCursor('ready', new Date(now).toISOString(), AbortSignal.timeout(PATIENCE_MS));
    return { ok: true };
  } catch (error) {
    return { ok: false, why: `nothing can be stored: ${error instanceof Error ? error.message : 'unknown'}` };
  }
};
