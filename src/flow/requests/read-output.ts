// A remediation → what its program printed, where one was run.
import type { ProgramOutput } from '../../core/model/program-output.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';

/**
 * undefined: no program has run to its end. null: one has, and what it printed cannot be opened any more (another key than the one
 * it was kept under). Throws AdapterError when the store fails.
 */
export async function readOutput(
  { store }: Pick<Gate, 'store'>,
  { forward }: Remediation,
  signal: AbortSignal,
): Promise<ProgramOutput | null | undefined> {
  const hash = forward?.ran?.output;
  if (hash === undefined) return undefined;
  const kept = await store.hidden.reveal([hash], within('store', signal));
  // as: what keep-output.ts kept under this hash.
  return (kept.get(hash) as ProgramOutput | undefined) ?? null;
}
