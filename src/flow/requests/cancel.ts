// Takes a proposal back before it is approved.
import type { Proposer } from '../../core/approval/people.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { logStep } from '../log-steps.ts';
import { applyEvents, nowOf, RACES, retryOnConflict, save, toStoreChange } from '../transition.ts';

/** Who asks for a cancellation: the proposer, the owner of its agent, or an admin. */
export interface Canceller {
  readonly id: string;
  readonly rights: readonly string[];
}

/** Takes a proposal back that people are still asked about. */
export async function cancel(gate: Gate, id: string, by: Canceller, signal: AbortSignal): Promise<Cancelled> {
  const cancelled = await retryOnConflict(RACES, () => cancelOnce(gate, id, by, signal));
  if (cancelled === 'conflict') throw new Error(`the cancellation of ${id} lost ${RACES} races; repeat it`);
  return cancelled;
}

const cancelOnce = async (
  gate: Gate,
  id: string,
  by: Canceller,
  signal: AbortSignal,
): Promise<Cancelled | 'conflict'> => {
  const remediation = await gate.store.remediations.read(id, within('store', signal));
  if (remediation === null) return { ok: false, refusal: { code: 'no-such-proposal', about: id }, remediation };
  if (!mayCancel(remediation.proposer, by))
    return { ok: false, refusal: { code: 'no-right', about: `${by.id}, cancel` }, remediation };
  const step = applyEvents(remediation, [{ event: 'cancelled', by: by.id }], nowOf(gate));
  if (!step.ok) return { ok: false, refusal: step.refusal, remediation };
  const saved = await save(gate, [toStoreChange(step, null, 'release-claim')], signal);
  if (!saved.ok) return 'conflict';
  logStep(gate.log, step);
  return { ok: true, remediation: step.remediation };
};

export type Cancelled =
  | { readonly ok: true; readonly remediation: Remediation }
  | { readonly ok: false; readonly refusal: Refusal; readonly remediation: Remediation | null };

const mayCancel = (proposer: Proposer, { id, rights }: Canceller): boolean =>
  rights.includes('admin') || proposer.id === id || (proposer.kind === 'agent' && proposer.owner === id);
