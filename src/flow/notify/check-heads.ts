// Once at start: where the trail lacks a line that a review issue proves, the gate pauses itself until a person has looked.
import { agreesUpTo, type OutsideHead } from '../../core/remediation/outside-heads.ts';
import type { ReviewForge } from '../../ports/review-forge.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { HISTORY_LOST, pauseForLostHistory } from '../worker/watch-head.ts';
import { compareHeads, type HeadProof } from './compare-heads.ts';

type Checking = Pick<Gate, 'store' | 'clock' | 'log'>;

const [FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS] = [10, 300];

/** Heads whose loss was not told before: of issues that are newer than the last time the gate paused itself for lost history. */
export function untold(missing: readonly OutsideHead[], toldAt: string | null): readonly OutsideHead[] {
  return missing.filter(({ createdAt }) => toldAt === null || createdAt > toldAt);
}

/** Tried again, ever more slowly, until forge and store have answered once. Never throws. */
export async function checkHeads(
  gate: Checking,
  forge: Pick<ReviewForge, 'readOwnIssues'>,
  proof: HeadProof,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; !signal.aborted; tries += 1) {
    try {
      return await checkOnce(gate, forge, proof, signal);
    } catch (error) {
      if (signal.aborted) return;
      gate.log.warn('head_check_failed', { error: error instanceof Error ? error.message : 'unknown' });
      const pause = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** Math.min(tries, 9));
      await gate.clock.sleep(pause * 1000, signal);
    }
  }
}

const checkOnce = async (
  gate: Checking,
  forge: Pick<ReviewForge, 'readOwnIssues'>,
  proof: HeadProof,
  signal: AbortSignal,
): Promise<void> => {
  const { trail, controls } = gate.store;
  const compared = await compareHeads({ trail, forge, proof }, signal);
  const { there, doubtful, missing } = compared;
  gate.log.info('heads_compared', {
    agrees_up_to: agreesUpTo(compared),
    issues: there.length,
    missing: missing.length,
    doubtful: doubtful.length,
  });
  const toldAt = await controls.readCursor(HISTORY_LOST, within('store', signal));
  const [first] = untold(missing, toldAt);
  if (first === undefined) return;
  const head = await trail.head(within('store', signal));
  await pauseForLostHistory(gate, { lost: first.head, head, where: `issue #${first.issueNumber}` }, signal);
};
