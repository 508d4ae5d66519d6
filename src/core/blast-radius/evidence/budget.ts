// What has run without approval lately: many small actions make one large one (scoring section 5, budget).

import { impactOf } from '../../impact/impact.ts';
import { type Reach, reachOf } from '../../impact/reach.ts';
import type { RecentRun } from '../../model/facts.ts';
import { BUDGET_SCOPES, type BudgetScope } from '../policy.ts';
import { type EvidenceQuestion, named, type PersonRequired } from './evidence-rule.ts';

const LIST: Readonly<Record<Exclude<BudgetScope, 'cluster'>, keyof Reach>> = {
  workload: 'workloads',
  namespace: 'namespaces',
  node: 'nodes',
};

const sum = (runs: readonly RecentRun[]): number => runs.reduce((points, { score }) => points + score, 0);

/**
 * Asked of an action that would run without approval, with the points it has otherwise: it and what ran on the same
 * workload, namespace, node or cluster in the last hour may not sum past the policy's budgets.
 */
export function budget({ writes, facts, policy }: EvidenceQuestion, own: number): PersonRequired | null {
  const effects = writes.map(({ effect }) => effect);
  const reach = reachOf(impactOf(effects, facts.targets, facts.neighbourhood), effects);
  const spent: string[] = [];
  for (const scope of BUDGET_SCOPES) {
    const places = scope === 'cluster' ? ['cluster'] : reach[LIST[scope]];
    for (const place of places) {
      const runs = scope === 'cluster' ? facts.recent : facts.recent.filter((run) => run[LIST[scope]].includes(place));
      const points = own + sum(runs);
      const limit = policy.document.budgets[scope];
      if (points > limit) spent.push(`${scope === 'cluster' ? 'cluster' : `${scope} ${place}`} ${points} of ${limit}`);
    }
  }
  return spent.length === 0 ? null : { code: 'budget', subject: named(spent) };
}
