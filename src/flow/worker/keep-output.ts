// The answer of a write → the same as the record holds it: what a program printed is kept beside it, by its hash.
import type { Json } from '../../core/model/json.ts';
import type { WriteResult } from '../../core/remediation/event.ts';
import { canonicalHash } from '../../core/sealed-spec/seal.ts';
import type { WriteAnswer } from '../../ports/cluster-writer.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';

/** Kept before the record that names it: an output without a record harms nobody. Throws AdapterError when the store fails. */
export async function keepOutput(gate: Pick<Gate, 'store'>, answer: WriteAnswer): Promise<WriteResult> {
  const { program, ...result } = answer;
  if (program === undefined || result.outcome !== 'written') return result;
  const { output, wasReady } = program;
  const hash = canonicalHash(output);
  // What was run must be kept even while the gate shuts down.
  const last = new AbortController().signal;
  // as: texts, a number and a boolean are JSON.
  await gate.store.hidden.keep(new Map([[hash, output as unknown as Json]]), within('store', last));
  return { ...result, ran: { exitCode: output.exitCode, truncated: output.truncated, output: hash, wasReady } };
}
