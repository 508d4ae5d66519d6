// Takes one's own vote back while nothing has run, stored before it is acknowledged.
import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { logStep } from '../log-steps.ts';
import { applyEvents, nowOf, RACES, retryOnConflict, save, toStoreChange } from '../transition.ts';

export type VoteWithdrawn =
  | { readonly ok: true; readonly remediation: Remediation }
  | { readonly ok: false; readonly refusal: Refusal; readonly remediation: Remediation | null };

/** `person` as the door has proven it. A write that begins at the same moment wins, or comes after: never both. */
export async function withdrawVote(
  gate: Gate,
  { proposal, person }: { readonly proposal: string; readonly person: string },
  signal: AbortSignal,
): Promise<VoteWithdrawn> {
  const withdrawn = await retryOnConflict(RACES, async (): Promise<VoteWithdrawn | 'conflict'> => {
    const remediation = await gate.store.remediations.read(proposal, within('store', signal));
    if (remediation === null) return { ok: false, refusal: { code: 'no-such-proposal', about: proposal }, remediation };
    const step = applyEvents(remediation, [{ event: 'vote-withdrawn', person }], nowOf(gate));
    if (!step.ok) return { ok: false, refusal: step.refusal, remediation };
    const saved = await save(gate, [toStoreChange(step, null, 'release-claim')], signal);
    if (!saved.ok) return 'conflict';
    logStep(gate.log, step);
    return { ok: true, remediation: step.remediation };
  });
  if (withdrawn === 'conflict') throw new Error(`the vote on ${proposal} lost ${RACES} races; repeat it`);
  return withdrawn;
}
