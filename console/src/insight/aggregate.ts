// Outcomes → counts, rates and times, where the gate does not sum them up itself. Pure.
import type { Outcome } from '../api/types.ts';

export interface Share {
  readonly name: string;
  readonly count: number;
  readonly succeeded: number;
  readonly rolledBack: number;
}

export interface Insight {
  readonly counts: {
    readonly total: number;
    readonly succeeded: number;
    readonly rolledBack: number;
    readonly failed: number;
    readonly rejected?: number;
  };
  readonly by: Readonly<Record<string, readonly Share[]>>;
  /** Seconds. */
  readonly toApprove: { readonly p50: number | null; readonly p90: number | null };
  readonly hasty?: number;
  readonly falseAlarms?: number;
  readonly budget?: { readonly used: number; readonly of: number | null };
}

const sharesOf = (outcomes: readonly Outcome[], nameOf: (outcome: Outcome) => string): readonly Share[] =>
  [...Map.groupBy(outcomes, nameOf)]
    .map(([name, its]) => ({
      name,
      count: its.length,
      succeeded: its.filter(({ state }) => state === 'succeeded').length,
      rolledBack: its.filter(({ rolled_back }) => rolled_back).length,
    }))
    .toSorted((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1));

/** The value below which so large a part of the sorted values is (nearest rank); null of none. */
export function percentile(values: readonly number[], part: number): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null;
}

/** Seconds from the proposal until it was approved; null where nobody had to. */
export function approvedAfter({ times, tier }: Outcome): number | null {
  if (times.approved === null || tier === 'auto') return null;
  return (Date.parse(times.approved) - Date.parse(times.proposed)) / 1000;
}

export function insightOf(outcomes: readonly Outcome[]): Insight {
  const succeeded = outcomes.filter(({ state }) => state === 'succeeded').length;
  const rolledBack = outcomes.filter(({ rolled_back }) => rolled_back).length;
  const waits = outcomes.map(approvedAfter).filter((seconds) => seconds !== null);
  return {
    counts: { total: outcomes.length, succeeded, rolledBack, failed: outcomes.length - succeeded - rolledBack },
    by: {
      tier: sharesOf(outcomes, ({ tier }) => tier),
      action: sharesOf(outcomes, ({ action }) => action),
      target: sharesOf(outcomes, ({ namespace, target }) => (namespace === null ? target : `${namespace}/${target}`)),
    },
    toApprove: { p50: percentile(waits, 0.5), p90: percentile(waits, 0.9) },
  };
}
