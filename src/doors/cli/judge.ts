// Understands and scores one command offline, as score and evaluate need it.
import { readDocuments } from '../../adapters/yaml/read-documents.ts';
import type { BlastRadius } from '../../core/blast-radius/blast-radius.ts';
import type { Policy } from '../../core/blast-radius/policy.ts';
import { score } from '../../core/blast-radius/score.ts';
import { understand } from '../../core/command/understand.ts';
import type { Command, Surroundings } from '../../core/model/command.ts';
import type { Understanding } from '../../core/model/understanding.ts';

export interface Judgement {
  readonly understanding: Understanding;
  readonly blastRadius: BlastRadius;
}

/** Understands and scores without a cluster: the answer's evidence is "none", its tier a lower bound. */
export function judgeOffline(
  command: Command,
  surroundings: Omit<Surroundings, 'readDocuments'>,
  policy: Policy,
): Judgement {
  const understanding = understand(command, { ...surroundings, readDocuments });
  return { understanding, blastRadius: score(understanding, null, policy) };
}
