// A proposal that waits to be written → the freeze of the policy that holds it now.
import { type Frozen, frozenBy } from '../core/decision/freeze.ts';
import type { Remediation } from '../core/remediation/remediation.ts';
import type { State } from '../core/remediation/state.ts';
import { type Gate, gateOf } from './gate.ts';
import { nowOf } from './transition.ts';

/** States in which no forward write has been sent; in `uncertain` one that did not arrive may be sent again. */
const WAITING: ReadonlySet<State> = new Set<State>(['proposed', 'awaiting-approval', 'approved', 'uncertain']);

/** null: nothing holds it, or there is nothing to hold: it is written already, or is being taken back. */
export function frozenNow(
  gate: Gate,
  { state, back, spec }: Pick<Remediation, 'state' | 'back' | 'spec'>,
): Frozen | null {
  if (!WAITING.has(state) || back !== null) return null;
  return frozenBy(gateOf(gate, { spec }).policy.document.freezes ?? [], spec.effects, nowOf(gate));
}
