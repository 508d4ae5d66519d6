// At start, and where the store is seen to go back: where the trail lacks a line that a review issue proves, the gate pauses itself until a
// person has looked.
import { agreesUpTo, type OutsideHead } from '../../core/remediation/outside-heads.ts';
import type { GateControls } from '../../ports/store.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { pauseForLostHistory } from '../worker/watch-head.ts';
import { type ComparedHeads, compareHeads } from './compare-heads.ts';

type Checking = Pick<Gate, 'store' | 'clock' | 'log'>;
type CheckedBy = Pick<ComparedHeads, 'forge' | 'proof'>;

const [FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS] = [10, 300];
/** The cursor of lines whose loss was told, newest last. */
const TOLD = 'lost-heads-told';
const MOST_TOLD = 1000;

const nameOf = ({ head }: OutsideHead): string => `${head.seq}:${head.hash.slice(0, 12)}`;

/** The lines whose loss the gate has told and paused for; a person has looked since, or will. Throws AdapterError. */
export async function readTold(
  controls: Pick<GateControls, 'readCursor'>,
  signal: AbortSignal,
): Promise<(lost: OutsideHead) => boolean> {
  const told = new Set((await controls.readCursor(TOLD, signal))?.split(' '));
  return (lost) => told.has(nameOf(lost));
}

/** Tried again, ever more slowly, until forge and store have answered once. Never throws. */
export async function checkHeads(gate: Checking, by: CheckedBy, signal: AbortSignal): Promise<void> {
  for (let tries = 0; !signal.aborted; tries += 1) {
    try {
      return await checkOnce(gate, by, signal);
    } catch (error) {
      if (signal.aborted) return;
      gate.log.warn('head_check_failed', { error: error instanceof Error ? error.message : 'unknown' });
      const pause = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** Math.min(tries, 9));
      await gate.clock.sleep(pause * 1000, signal);
    }
  }
}

const checkOnce = async (gate: Checking, by: CheckedBy, signal: AbortSignal): Promise<void> => {
  const { trail, controls } = gate.store;
  const compared = await compareHeads({ trail, ...by }, signal);
  const { there, doubtful, missing } = compared;
  const isTold = await readTold(controls, within('store', signal));
  const untold = missing.filter((lost) => !isTold(lost));
  if (untold.length > 0) await tell(gate, untold, signal);
  gate.log.info('heads_compared', {
    agrees_up_to: agreesUpTo(compared),
    there: there.length,
    missing: missing.length,
    untold: untold.length,
    doubtful: doubtful.length,
  });
};

const tell = async (gate: Checking, untold: readonly OutsideHead[], signal: AbortSignal): Promise<void> => {
  const { trail, controls } = gate.store;
  const [first] = untold;
  if (first === undefined) return;
  const head = await trail.head(within('store', signal));
  await pauseForLostHistory(gate, { lost: first.head, head, where: `issue #${first.issueNumber}` }, signal);
  const before = (await controls.readCursor(TOLD, within('store', signal)))?.split(' ') ?? [];
  const told = [...new Set([...before, ...untold.map(nameOf)])].slice(-MOST_TOLD);
  await controls.writeCursor(TOLD, told.join(' '), within('store', signal));
};
