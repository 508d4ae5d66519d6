// What is kept of a request in shadow mode: what the gate would have said, and what became of the request.
import type { Action } from '../model/effect.ts';
import type { Instant } from '../model/instant.ts';
import type { ReasonCode } from '../model/reason.ts';
import type { RefusalCode } from '../model/refusal.ts';
import { byText } from '../model/text-order.ts';
import { TIERS, type Tier } from '../model/tier.ts';
import type { Decision } from './decide.ts';

export interface ShadowVerdict {
  readonly at: Instant;
  /** Id of the agent or person who asked. */
  readonly proposer: string;
  readonly incident: string;
  readonly method: string;
  /** Without secrets. */
  readonly path: string;
  readonly action: Action;
  readonly score: number | null;
  readonly tier: Tier;
  /** What the gate would have done, had it decided. */
  readonly leadsTo: Decision['leadsTo'];
  /** How many would have had to agree, and whom tier and rules of approval ask for, as far as they can be heard; nobody where it is 0. */
  readonly approvals: Decision['approvals'];
  readonly whom: readonly string[];
  readonly reasons: readonly { readonly code: ReasonCode; readonly points: number }[];
  readonly refusals: readonly RefusalCode[];
  readonly hardRule: string | null;
  /** `refused`: by a core hard rule, or since nobody could read it; it did not reach the cluster. */
  readonly became: 'passed' | 'refused';
  /** HTTP status of the API server's answer; null: it was not asked, or has not answered. */
  readonly code: number | null;
}

/** How often what was observed of whom and what, by tier. `refused`: what did not reach the cluster even so. */
export interface ShadowSummary {
  readonly proposer: string;
  readonly action: Action;
  readonly counts: { readonly [T in Tier]: number };
  readonly refused: number;
}

/** One cell of the summary. */
export interface ShadowCount {
  readonly proposer: string;
  readonly action: Action;
  readonly tier: Tier;
  readonly became: ShadowVerdict['became'];
  readonly count: number;
}

const byName = (a: ShadowSummary, b: ShadowSummary): number =>
  byText(a.proposer, b.proposer) || byText(a.action, b.action);

/** Cells → rows, sorted by proposer and action. */
export function summarizeShadow(cells: readonly ShadowCount[]): readonly ShadowSummary[] {
  const rows = Map.groupBy(cells, ({ proposer, action }) => JSON.stringify([proposer, action]));
  return [...rows.values()]
    .map((same): ShadowSummary => {
      const sum = (fits: (cell: ShadowCount) => boolean): number =>
        same.filter(fits).reduce((all, { count }) => all + count, 0);
      const counts = Object.fromEntries(TIERS.map((tier) => [tier, sum((cell) => cell.tier === tier)]));
      return {
        proposer: same[0]?.proposer ?? '',
        action: same[0]?.action ?? 'none',
        counts: counts as ShadowSummary['counts'],
        refused: sum(({ became }) => became === 'refused'),
      };
    })
    .toSorted(byName);
}
