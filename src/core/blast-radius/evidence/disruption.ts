// How much of a service goes away: pdb, last-replica, endpoints, share, replica-drop (scoring section 5).

import { darkServices, violatedBudgets } from '../../impact/disruption.ts';
import { deletesAll, replicasRemoved } from '../../impact/outage.ts';
import type { Facts } from '../../model/facts.ts';
import { objectKey, touches } from '../../model/object-ref.ts';
import type { JudgedEffect } from '../judged-effect.ts';
import { type Evidence, type EvidenceRule, evidenceAbout, shareOf, targetsOf } from './evidence-rule.ts';

/** A PodDisruptionBudget would be violated. */
export const pdb: EvidenceRule = ({ facts, losses, policy }) =>
  evidenceAbout(
    'pdb',
    policy.document.evidence.pdb,
    violatedBudgets(facts.neighbourhood, losses).map(
      ({ namespace, name, disruptionsAllowed }) => `${namespace}/${name} allows ${disruptionsAllowed}`,
    ),
  );

/** No ready pod of a workload is left. */
export const lastReplica: EvidenceRule = ({ losses, policy }) => {
  const byWorkload = Map.groupBy(losses, ({ workload }) => workload);
  const dark: string[] = [];
  for (const [workload, its] of byWorkload) {
    const before = its[0]?.fact?.ready ?? 0;
    const lost = its.reduce((sum, loss) => sum + loss.ready, 0);
    if (workload !== null && before > 0 && lost >= before) dark.push(workload);
  }
  return evidenceAbout('last-replica', policy.document.evidence['last-replica'], dark);
};

/** A Service is left without ready endpoints. */
export const endpoints: EvidenceRule = ({ writes, facts, losses, policy }) => {
  const effects = writes.map(({ effect }) => effect);
  return evidenceAbout(
    'endpoints',
    policy.document.evidence.endpoints,
    darkServices(effects, facts.neighbourhood, losses).map(
      ({ namespace, name, ready }) => `service ${namespace}/${name} would have 0 of ${ready}`,
    ),
  );
};

/** The highest of several, naming the object that it is about. */
const highest = (found: readonly Evidence[]): Evidence | null =>
  found.reduce<Evidence | null>((worst, one) => (worst === null || one.points > worst.points ? one : worst), null);

/** Pods of one workload that are unavailable at the same time, when more than one is. */
export const share: EvidenceRule = ({ losses, policy }) => {
  const found: Evidence[] = [];
  for (const [workload, its] of Map.groupBy(losses, (loss) => loss.workload)) {
    const fact = its[0]?.fact ?? null;
    const gone = its.reduce((sum, { atOnce }) => sum + atOnce, 0);
    if (workload === null || gone <= 1) continue;
    const all = Math.max(fact?.pods ?? 0, 1);
    const points = shareOf(policy.document.evidence.share, gone, all);
    if (points > 0) found.push({ code: 'share', points, subject: `${workload} ${Math.min(gone, all)} of ${all}` });
  }
  return highest(found);
};

/** A workload's replicas now, and those that the effect leaves it. */
interface Cut {
  readonly name: string;
  readonly now: number;
  readonly left: number;
}

/** By scaling down, with the workload itself, or by an autoscaler's new maximum. */
const cutsOf = (one: JudgedEffect, facts: Facts): readonly Cut[] => {
  const { effect } = one;
  const { autoscalers, workloads } = facts.neighbourhood;
  if (effect.change.to === 'bounds') {
    const left = effect.change.max;
    const kind = { group: 'autoscaling', resource: 'horizontalpodautoscalers' };
    const governed = new Set(
      autoscalers.filter((own) => touches(effect, { ...kind, ...own })).map(({ target }) => target),
    );
    return workloads
      .filter(({ key }) => governed.has(key))
      .map(({ key, replicas }) => ({ name: key, now: replicas ?? 0, left }));
  }
  return targetsOf(effect, facts).flatMap((target): readonly Cut[] => {
    const now = target.replicas;
    if (now === null) return [];
    const left = deletesAll(one) ? 0 : now - replicasRemoved(one, now);
    return [{ name: objectKey(target), now, left }];
  });
};

/** Replicas that are taken away for good. */
export const replicaDrop: EvidenceRule = ({ writes, facts, policy }) => {
  const found: Evidence[] = [];
  for (const { name, now, left } of writes.flatMap((one) => cutsOf(one, facts))) {
    if (left >= now) continue;
    const points = shareOf(policy.document.evidence['replica-drop'], now - left, now);
    if (points > 0) found.push({ code: 'replica-drop', points, subject: `${name} ${now} to ${left}` });
  }
  return highest(found);
};
