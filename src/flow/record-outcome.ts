// Remembers how it went: the outcome is part of the step that ends a remediation.
import type { EventRecord } from '../core/remediation/event.ts';
import { type Outcome, type OutcomeSummary, outcomeOf } from '../core/remediation/outcome.ts';
import type { Remediation } from '../core/remediation/remediation.ts';
import { isFinal } from '../core/remediation/state.ts';
import type { OutcomePage, PageRequest } from '../ports/store.ts';
import { within } from './deadline.ts';
import type { Gate } from './gate.ts';

/**
 * The outcome to keep with a step (contract section 5, key `declarative:{incident}`): of a remediation that this step
 * ends and that reached the cluster; null for every other step. Saved with the step, so it is written exactly once.
 */
export function recordDeclarativeOutcome(remediation: Remediation, records: readonly EventRecord[]): Outcome | null {
  return records.some(({ from, to }) => from !== to && isFinal(to)) ? outcomeOf(remediation) : null;
}

/** A page of what is remembered, newest first, and how each action fared on each target over all of it. */
export async function readOutcomes(
  gate: Pick<Gate, 'store'>,
  page: PageRequest,
  signal: AbortSignal,
): Promise<OutcomePage & { readonly summary: readonly OutcomeSummary[] }> {
  const found = await gate.store.history.outcomes(page, within('store', signal));
  return { ...found, summary: await gate.store.history.summary(within('store', signal)) };
}
