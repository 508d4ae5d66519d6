// The answer of a write → the same as the record holds it: what a program printed, and what the API server answered, are kept beside
// it, each by its hash.
import type { ApiReply, KeptReply } from '../../core/model/api-reply.ts';
import type { Json } from '../../core/model/json.ts';
import type { WriteResult } from '../../core/remediation/event.ts';
import { canonicalHash } from '../../core/sealed-spec/seal.ts';
import type { WriteAnswer } from '../../ports/cluster-writer.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';

/** Kept before the record that names it: an output without a record harms nobody. Throws AdapterError when the store fails. */
export async function keepOutput(
  gate: Pick<Gate, 'store'>,
  incident: string,
  answer: WriteAnswer,
): Promise<WriteResult> {
  const { program, heard, ...result } = answer;
  const kept = heard === undefined ? {} : { reply: await keepReply(gate, incident, heard) };
  if (result.outcome === 'refused') return { ...result, ...kept };
  if (result.outcome !== 'written') return result;
  if (program === undefined) return { ...result, ...kept };
  const { output, wasReady } = program;
  // as: texts, a number and a boolean are JSON.
  const hash = await keep(gate, incident, output as unknown as Json);
  const ran = { exitCode: output.exitCode, truncated: output.truncated, output: hash, wasReady };
  return { ...result, ran, ...kept };
}

const keepReply = async (
  gate: Pick<Gate, 'store'>,
  incident: string,
  { status, auditId, body }: ApiReply,
): Promise<KeptReply> => ({
  status,
  auditId,
  body: await keep(gate, incident, body),
});

const keep = async ({ store }: Pick<Gate, 'store'>, incident: string, value: Json): Promise<string> => {
  const hash = canonicalHash(value);
  // What was done must be kept even while the gate shuts down.
  await store.hidden.keep(new Map([[hash, value]]), incident, within('store', new AbortController().signal));
  return hash;
};
