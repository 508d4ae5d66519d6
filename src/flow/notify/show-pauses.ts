// A pause that begins or ends → the cards and issues of what waits say so, the newest at once, the others one after the other.
import type { Pause } from '../../core/remediation/pause.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { WAITS_FOR_WRITE } from '../../core/text/pause-line.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { within } from '../deadline.ts';
import { type Gate, gatesOf, isOwn } from '../gate.ts';
import { pauseNow } from '../pause.ts';
import { updateReviewStatus } from './review-status.ts';

const EVERY_MS = 5_000;
/** Of what waits the newest are told at once, and then a few at each look: chats and forges bound how much may be edited (GitHub: 80 a minute). */
const [AT_ONCE, AT_EACH_LOOK] = [50, 3];

/** Kept while not all are told: what they say then is not known after a restart, so that all are told again. */
const BEING_TOLD = 'being told';

/** Who is still to be told of a switch, by its name; lost with the process, which begins anew. */
type Telling = Map<string, { readonly of: string; left: readonly Remediation[] }>;

/** Looks every 5 s until aborted. */
export async function followPauses(gate: Gate, signal: AbortSignal): Promise<void> {
  const telling: Telling = new Map();
  while (!signal.aborted) {
    try {
      await showPauses(gate, signal, telling);
    } catch (error) {
      if (signal.aborted) return;
      gate.log.warn('pause_not_shown', { error: error instanceof Error ? error.message : 'unknown' });
    }
    await gate.clock.sleep(EVERY_MS, signal);
  }
}

/**
 * Compares each switch with what was shown last, which the store keeps once all are told: so a restart, or another gate on the store,
 * shows nothing twice. Throws AdapterError: what could not be shown is tried again at the next look.
 */
export async function showPauses(gate: Gate, signal: AbortSignal, telling: Telling = new Map()): Promise<void> {
  for (const one of gatesOf(gate)) {
    const pause = await pauseNow(one, signal);
    const name = `pause-shown:${one.clusterName ?? ''}`;
    const [now, shown] = [pause === null ? '' : JSON.stringify(pause), await readShown(gate, name, signal)];
    const under = telling.get(name);
    if (now === shown) {
      telling.delete(name);
      continue;
    }
    const isNew = under?.of !== now;
    const begun = isNew ? { of: now, left: await waitingFor(gate, one, signal) } : under;
    telling.set(name, begun);
    if (isNew && shown !== BEING_TOLD) await gate.store.controls.writeCursor(name, BEING_TOLD, within('store', signal));
    await show(gate, begun, { pause, most: isNew ? AT_ONCE : AT_EACH_LOOK }, signal);
    if (begun.left.length > 0) continue;
    await gate.store.controls.writeCursor(name, now, within('store', signal));
    telling.delete(name);
  }
}

const readShown = async ({ store }: Gate, name: string, signal: AbortSignal): Promise<string> =>
  (await store.controls.readCursor(name, within('store', signal))) ?? '';

/** The newest first. */
const waitingFor = async (gate: Gate, own: Gate, signal: AbortSignal): Promise<readonly Remediation[]> => {
  const open = await gate.store.remediations.inStates([...WAITS_FOR_WRITE], within('store', signal));
  return open.filter((one) => isOwn(own, one)).toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
};

const show = async (
  gate: Gate,
  telling: { left: readonly Remediation[] },
  { pause, most }: { readonly pause: Pause | null; readonly most: number },
  signal: AbortSignal,
): Promise<void> => {
  const part = telling.left.slice(0, most);
  // Only those that say it are edited when it is over, however many have come to say it meanwhile.
  if (gate.chat !== null) for (const { id } of pause === null ? telling.left : part) gate.changed.add(id);
  gate.wakeSignal.notify();
  for (const one of part) {
    telling.left = telling.left.slice(1);
    if (gate.forge === null || !hasIssue(one)) continue;
    try {
      await tellIssue(gate, one, signal);
    } catch (error) {
      // It has its next turn behind the others, which it would hold up.
      telling.left = [...telling.left, one];
      throw error;
    }
  }
};

const hasIssue = ({ review }: Remediation): boolean => review?.success === true;

/** An issue that the forge refuses to have edited is told with its next state; a forge that does not answer is asked again. */
const tellIssue = async (gate: Gate, { id }: Remediation, signal: AbortSignal): Promise<void> => {
  try {
    await updateReviewStatus(gate, id, signal);
  } catch (error) {
    if (!(error instanceof AdapterError) || error.kind !== 'refused' || error.status === 429) throw error;
    gate.log.warn('review_status_failed', { proposal: id, error: error.message });
  }
};
