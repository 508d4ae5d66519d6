// The newest remediations of a gate, summed up (core/remediation/insight.ts), and what ran without approval in the last hour.
import { type Insight, type InsightRow, insightOf, insightRow } from '../../core/remediation/insight.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { recentRuns } from './recent-runs.ts';

/** So many of the newest are summed up, read in pages of so many. */
const [MOST, PAGE] = [1000, 200];

export interface GateInsight extends Insight {
  /** Whether there are older ones that are not counted. */
  readonly more: boolean;
  /** Points that ran without approval within the hour on the whole cluster, of those that may. */
  readonly budget: { readonly used: number; readonly of: number | null };
}

export async function readInsight(gate: Gate, signal: AbortSignal): Promise<GateInsight> {
  const rows: InsightRow[] = [];
  let before: number | null = null;
  do {
    const page = await gate.store.remediations.page(
      { state: null, incident: null },
      { limit: PAGE, before },
      within('store', signal),
    );
    rows.push(...page.remediations.map(insightRow));
    before = page.next;
  } while (before !== null && rows.length < MOST);
  const runs = await recentRuns(gate, null, signal);
  const used = runs.reduce((points, { score }) => points + score, 0);
  return {
    ...insightOf(rows.slice(0, MOST)),
    more: before !== null || rows.length > MOST,
    budget: { used, of: gate.policy.document.budgets.cluster },
  };
}
