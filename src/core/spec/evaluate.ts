// Joins what was measured and seen into the sealed declarative spec. It must never hold an instant or the proposer's reasons.
import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import type { Facts } from '../facts.ts';
import type { DeclarativeSpec } from './declarative-spec.ts';

/** Seconds: how long approvals may take (4 h by default), how long convergence may take (120 by default). */
export interface SpecSettings {
  readonly validForSeconds: number;
  readonly convergeWithinSeconds: number;
}

export const DEFAULT_SPEC_SETTINGS: SpecSettings = { validForSeconds: 4 * 60 * 60, convergeWithinSeconds: 120 };

export interface Evaluation {
  /** As understood: the argv quoted for a shell, or the line as given (Understanding.command). Masked here. */
  readonly command: string;
  /** Files that travel with the proposal, by path; sealed by a hash. */
  readonly files: ReadonlyMap<string, string>;
  readonly blastRadius: BlastRadius;
  /** null: no cluster was asked. */
  readonly facts: Facts | null;
  readonly incident: string | null;
  /** The name an operator gave to the cluster. */
  readonly clusterName: string | null;
  readonly settings: SpecSettings;
}

/** The spec that is reviewed, approved and run (contract section 1). Same input, same digest. */
export const evaluate = (evaluation: Evaluation): DeclarativeSpec => {
  throw new Error(`not written yet: ${evaluation.command}`);
};
