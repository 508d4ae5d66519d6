// The loops of a running gate: advance what is due, deliver what people must be told.
import { secondsBetween } from '../../core/model/instant.ts';
import type { Gate } from '../gate.ts';
import { deliver } from '../notify/deliver.ts';
import { nowOf } from '../transition.ts';
import { advance } from './advance.ts';

/** The timer is only the fallback: new work wakes the loops. */
const FALLBACK_MS = 1000;
const AFTER_TROUBLE_MS = 2000;
/** One slow peer must not hold up the others' rollbacks; claims keep the workers apart. */
const WORKERS = 4;
/** A forge that hangs must not hold up the chat; within a queue the order holds all the same. */
const MESSENGERS = 2;

/** Runs until aborted; the step that is under way then is finished and saved. */
export async function run(gate: Gate, signal: AbortSignal): Promise<void> {
  const workers = Array.from({ length: WORKERS }, () => loop(gate, 'advance', advance, signal));
  const messengers = Array.from({ length: MESSENGERS }, () => loop(gate, 'deliver', deliver, signal));
  await Promise.all([...workers, ...messengers]);
}

type Turn = (
  gate: Gate,
  signal: AbortSignal,
) => Promise<{ readonly kind: 'step' } | { readonly kind: 'nothing'; readonly nextDue: string | null }>;

const loop = async (gate: Gate, name: string, turn: Turn, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const seen = gate.wakeSignal.count();
    try {
      const done = await turn(gate, signal);
      if (done.kind === 'nothing') await gate.wakeSignal.wait(seen, untilDue(gate, done.nextDue), signal);
    } catch (error) {
      if (signal.aborted) return;
      gate.log.error('loop_failed', { loop: name, error: error instanceof Error ? error.message : 'unknown' });
      await gate.clock.sleep(AFTER_TROUBLE_MS, signal);
    }
  }
};

const untilDue = (gate: Gate, due: string | null): number =>
  due === null ? FALLBACK_MS : Math.min(FALLBACK_MS, Math.max(1, secondsBetween(nowOf(gate), due) * 1000));
