// Sees when the store has gone back in time (a switch to a copy that had not everything): then the gate pauses itself.
import type { AuditHead } from '../../core/remediation/audit-line.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { nowOf } from '../transition.ts';

const EVERY_MS = 1000;

type Watching = Pick<Gate, 'store' | 'clock' | 'log'>;

/**
 * Looks each second until aborted. A gate that is alone on its store has no copy that it could be switched to. `onLost` is called after
 * the gate was paused.
 */
export async function watchHead(gate: Watching, signal: AbortSignal, onLost: () => void = () => {}): Promise<void> {
  if (gate.store.replicas === undefined) return;
  let known: AuditHead | null = null;
  while (!signal.aborted) {
    try {
      known = await lookAtHead(gate, known, signal, onLost);
    } catch {
      // A store that does not answer is told of by everything else.
    }
    await gate.clock.sleep(EVERY_MS, signal);
  }
}

/**
 * The head to compare with next. Where the store ends before the one that was known, or has another line in its place, what was
 * acknowledged is gone: votes, and writes that the cluster has. The gate is paused until a person has looked.
 */
export async function lookAtHead(
  gate: Watching,
  known: AuditHead | null,
  signal: AbortSignal,
  onLost: () => void = () => {},
): Promise<AuditHead | null> {
  const { trail } = gate.store;
  const head = await trail.head(within('store', signal));
  if (known === null || (await isStillThere(gate, known, head, signal))) return head;
  await pauseForLostHistory(gate, { lost: known, head, where: null }, signal);
  onLost();
  return trail.head(within('store', signal));
}

/** Says in log and trail from which line on it is lost, and pauses the gate. `where`: who showed the line; null: this gate knew it. */
export async function pauseForLostHistory(
  gate: Watching,
  { lost, head, where }: { readonly lost: AuditHead; readonly head: AuditHead | null; readonly where: string | null },
  signal: AbortSignal,
): Promise<void> {
  const { controls } = gate.store;
  const ends = head?.seq ?? 0;
  const shown = where === null ? '' : ` in ${where}`;
  const about = `history lost: line ${lost.seq} was ${lost.hash.slice(0, 12)}${shown}, the store ends at line ${ends}`;
  gate.log.error('history_lost', { known: lost.seq, head: ends, ...(where === null ? {} : { shown_by: where }) });
  const at = nowOf(gate);
  await controls.setPaused('paused', { kind: 'note', at, what: 'paused', who: null, about }, within('store', signal));
}

const isStillThere = async (
  { store }: Watching,
  known: AuditHead,
  head: AuditHead | null,
  signal: AbortSignal,
): Promise<boolean> => {
  if (head === null || head.seq < known.seq) return false;
  if (head.seq === known.seq) return head.hash === known.hash;
  const [line] = await store.trail.lines(known.seq - 1, 1, within('store', signal));
  if (line?.seq === known.seq) return line.hash === known.hash;
  // Archived since: the checkpoint stands for it, and knows the hash of the last one.
  const through = (await store.trail.checkpoint(within('store', signal)))?.through;
  if (through?.seq === known.seq) return through.hash === known.hash;
  return through !== undefined && known.seq < through.seq;
};
