// Remembers how it went (recordDeclarativeOutcome): the outcome is part of the step that ends a remediation. It must never be written twice.
import { type Outcome, type OutcomeSummary, summarize } from '../core/remediation/outcome.ts';
import type { Log } from '../ports/log.ts';
import { within } from './deadline.ts';
import type { Gate } from './gate.ts';
import { about } from './log-steps.ts';
import { changeOf, type Taken } from './step.ts';

/** Logs the outcome that the saved step held, where it held one. */
export const logOutcome = (log: Log, step: Taken): void => {
  const { outcome } = changeOf(step, null, 'release-claim');
  if (outcome === null) return;
  const { key, tier, blast_radius_score, rolled_back, state } = outcome;
  log.info('declarative_outcome_recorded', {
    ...about(step.remediation),
    key,
    tier,
    blast_radius_score,
    rolled_back,
    state,
  });
};

/** Everything remembered, newest first, and how each action fared on each target. */
export const readOutcomes = async (
  gate: Pick<Gate, 'store'>,
  signal: AbortSignal,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly summary: readonly OutcomeSummary[] }> => {
  const outcomes = await gate.store.memory.outcomes(null, within('store', signal));
  return { outcomes, summary: summarize(outcomes) };
};
