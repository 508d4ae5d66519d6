// What remediations that were archived still count for: all that is left of them.

import { byText } from '../model/text-order.ts';
import { canonicalHash } from '../sealed-spec/seal.ts';
import type { OutcomeRun, OutcomeSummary } from './outcome.ts';
import type { State } from './state.ts';

/** So many of a kind: `proposals`, `marks` and `outcomes` as the store counts them, `runs` by action, target and state (runLabel). */
export interface Carried {
  readonly kind: string;
  readonly label: string;
  readonly count: number;
}

/** By what the counts are proven, in whatever order they stand. */
export function carriedDigest(counts: readonly Carried[]): string {
  const cells = counts.map(({ kind, label, count }) => [kind, label, count] as const);
  return canonicalHash(cells.toSorted(([a, one], [b, other]) => byText(a, b) || byText(one, other)));
}

export function runLabel({ action, target, state }: Pick<OutcomeRun, 'action' | 'target' | 'state'>): string {
  return JSON.stringify([action, target, state]);
}

const NO_RUNS = { runs: 0, succeeded: 0, rolledBack: 0, failed: 0, secondsToApprove: null, lastEnded: '' } as const;

/** Summaries of what is kept → those of everything ever. How long and when is known of what is kept alone: null and "" without. */
export function withCarried(
  summaries: readonly OutcomeSummary[],
  carried: readonly Carried[],
): readonly OutcomeSummary[] {
  const cells = new Map(summaries.map((one) => [JSON.stringify([one.action, one.target]), one]));
  for (const { kind, label, count } of carried) {
    if (kind !== 'runs') continue;
    const [action, target, state] = JSON.parse(label) as readonly [string, string, State]; // as: runLabel
    const key = JSON.stringify([action, target]);
    cells.set(key, withRuns(cells.get(key) ?? { ...NO_RUNS, action, target }, state, count));
  }
  return [...cells.values()].sort((a, b) => byText(a.action, b.action) || byText(a.target, b.target));
}

const withRuns = (summary: OutcomeSummary, state: State, count: number): OutcomeSummary => {
  const added = { ...summary, runs: summary.runs + count };
  if (state === 'succeeded') return { ...added, succeeded: summary.succeeded + count };
  if (state === 'rolled-back') return { ...added, rolledBack: summary.rolledBack + count };
  return { ...added, failed: summary.failed + count };
};
