// A pause that begins or ends → the cards and issues of what waits say so, once; all others with their next edit.
import type { Pause } from '../../core/remediation/pause.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { WAITS_FOR_WRITE } from '../../core/text/pause-line.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { within } from '../deadline.ts';
import { type Gate, gatesOf, isOwn } from '../gate.ts';
import { pauseNow } from '../pause.ts';
import { updateReviewStatus } from './review-status.ts';

const EVERY_MS = 5_000;
/** Of what waits the newest are told at once; chats and forges bound how much may be edited. */
const MOST = 50;

/** Looks every 5 s until aborted. */
export async function followPauses(gate: Gate, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await showPauses(gate, signal);
    } catch (error) {
      if (signal.aborted) return;
      gate.log.warn('pause_not_shown', { error: error instanceof Error ? error.message : 'unknown' });
    }
    await gate.clock.sleep(EVERY_MS, signal);
  }
}

/**
 * Compares each switch with what was shown last, which the store keeps: so a restart, or another gate on the store, shows nothing
 * twice. Throws AdapterError: what could not be shown is tried again at the next look.
 */
export async function showPauses(gate: Gate, signal: AbortSignal): Promise<void> {
  for (const one of gatesOf(gate)) {
    const pause = await pauseNow(one, signal);
    const name = `pause-shown:${one.clusterName ?? ''}`;
    const [now, shown] = [pause === null ? '' : JSON.stringify(pause), await readShown(gate, name, signal)];
    if (now === shown) continue;
    await show(gate, one, pause, signal);
    await gate.store.controls.writeCursor(name, now, within('store', signal));
  }
}

const readShown = async ({ store }: Gate, name: string, signal: AbortSignal): Promise<string> =>
  (await store.controls.readCursor(name, within('store', signal))) ?? '';

const show = async (gate: Gate, own: Gate, pause: Pause | null, signal: AbortSignal): Promise<void> => {
  const open = await gate.store.remediations.inStates([...WAITS_FOR_WRITE], within('store', signal));
  const waits = open.filter((one) => isOwn(own, one)).toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  // Only those that say it are edited when it is over, however many have come to say it meanwhile.
  const cards = pause === null ? waits : waits.slice(0, MOST);
  if (gate.chat !== null) for (const { id } of cards) gate.changed.add(id);
  gate.wakeSignal.notify();
  if (gate.forge === null) return;
  for (const one of waits.filter(hasIssue).slice(0, MOST)) await tellIssue(gate, one, signal);
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
