// Carries the sealed rollback out after a write that did not converge.
import { mintBack } from '../../core/approval/permit.ts';
import { writeWithIntent } from './execute.ts';
import type { Tick, TickResult } from './tick.ts';

/** Goes on while the gate is paused; the history is checked by the writer just before (≥2 revisions, the sealed one among them). */
export async function rollBack(tick: Tick): Promise<TickResult> {
  const { remediation } = tick;
  const { spec, forward } = remediation;
  const minted = mintBack({ spec, forwardReachedAt: forward?.reachedAt ?? null });
  if (!minted.ok) return { events: [{ event: 'way-back-lost', refusal: minted.refusal }], onto: remediation };
  return writeWithIntent(tick, 'back', minted.permit, [{ event: 'write-intended', direction: 'back' }]);
}
