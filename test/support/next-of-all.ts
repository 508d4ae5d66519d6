// What a gate would do next, whichever of its loops would find it.
import type { Gate } from '../../src/flow/gate.ts';
import { nextStep } from '../../src/flow/worker/advance.ts';
import type { NextStep } from '../../src/flow/worker/next-step.ts';

export const nextOfAll = async (gate: Gate, signal: AbortSignal): Promise<NextStep> => {
  const begun = await nextStep(gate, 'begun', signal);
  return begun.kind === 'step' ? begun : nextStep(gate, 'asked', signal);
};
