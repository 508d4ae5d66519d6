// Remediations that were proposed → how many went how, by tier, action, target and agent, and how long people took.
import { responsiblePerson } from '../approval/people.ts';
import { secondsBetween } from '../model/instant.ts';
import { isFailure } from './breaker.ts';
import { marksOfRecord } from './marks.ts';
import type { Remediation } from './remediation.ts';
import type { State } from './state.ts';

export type InsightView = 'tier' | 'action' | 'target' | 'agent';

/** What is counted of one remediation, without what was sealed. */
export interface InsightRow extends Readonly<Record<InsightView, string>> {
  readonly state: State;
  /** Until it was approved; null where nobody was asked, or not yet. */
  readonly seconds: number | null;
  readonly hasty: boolean;
}

export interface InsightShare {
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
    /** Reached the cluster, or may have, and did not end well; what was rolled back is none of them. */
    readonly failed: number;
    readonly rejected: number;
  };
  /** The largest first, at most LARGEST of each. */
  readonly by: Readonly<Record<InsightView, readonly InsightShare[]>>;
  /** Seconds, of those that people approved. */
  readonly toApprove: { readonly p50: number | null; readonly p90: number | null };
  readonly hasty: number;
  /** Proposals that people rejected or took back, or that were no longer true when they were looked at. */
  readonly falseAlarms: number;
}

const LARGEST = 50;
const FALSE_ALARMS: ReadonlySet<State> = new Set<State>(['rejected', 'cancelled', 'stale']);

export function insightRow(remediation: Remediation): InsightRow {
  const { spec, proposer, state, decision, approvedAt, createdAt } = remediation;
  const isAsked = (decision?.approvals ?? 0) > 0;
  return {
    tier: spec.tier,
    action: spec.action,
    target: spec.namespace === null ? spec.target : `${spec.namespace}/${spec.target}`,
    agent: proposer.kind === 'agent' ? proposer.id : responsiblePerson(proposer),
    state,
    seconds: isAsked && approvedAt !== null ? secondsBetween(createdAt, approvedAt) : null,
    hasty: marksOfRecord(remediation).includes('hasty'),
  };
}

export function insightOf(rows: readonly InsightRow[]): Insight {
  const count = (fits: (row: InsightRow) => boolean): number => rows.filter(fits).length;
  const seconds = rows.flatMap((row) => row.seconds ?? []).toSorted((a, b) => a - b);
  return {
    counts: {
      total: rows.length,
      succeeded: count(({ state }) => state === 'succeeded'),
      rolledBack: count(({ state }) => state === 'rolled-back'),
      failed: count(({ state }) => isFailure(state) && state !== 'rolled-back'),
      rejected: count(({ state }) => state === 'rejected'),
    },
    by: {
      tier: sharesBy(rows, ({ tier }) => tier),
      action: sharesBy(rows, ({ action }) => action),
      target: sharesBy(rows, ({ target }) => target),
      agent: sharesBy(rows, ({ agent }) => agent),
    },
    toApprove: { p50: rankOf(seconds, 0.5), p90: rankOf(seconds, 0.9) },
    hasty: count(({ hasty }) => hasty),
    falseAlarms: count(({ state }) => FALSE_ALARMS.has(state)),
  };
}

const sharesBy = (rows: readonly InsightRow[], nameOf: (row: InsightRow) => string): readonly InsightShare[] =>
  [...Map.groupBy(rows, nameOf)]
    .map(([name, its]) => ({
      name,
      count: its.length,
      succeeded: its.filter(({ state }) => state === 'succeeded').length,
      rolledBack: its.filter(({ state }) => state === 'rolled-back').length,
    }))
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, LARGEST);

/** The nearest rank (of 10 values the ninth is the 90th percentile); null of none. */
const rankOf = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
