// How much of a service goes away: pdb, last-replica, endpoints, share, replica-drop (scoring section 5).

import { darkServices, violatedBudgets } from '../../impact/disruption.ts';
import { replicaChangesOf } from '../../impact/replica-changes.ts';
import { type Evidence, type EvidenceRule, evidenceAbout, shareOf } from './evidence-rule.ts';

/** A PodDisruptionBudget would be violated. */
export const pdb: EvidenceRule = ({ facts, losses, policy }) =>
  evidenceAbout(
    'pdb',
    policy.document.evidence.pdb,
    violatedBudgets(facts.neighbourhood, losses).map(
      ({ namespace, name, disruptionsAllowed, neverAllows }) =>
        `${namespace}/${name} allows ${disruptionsAllowed}${neverAllows === true ? ' and never more' : ''}`,
    ),
  );

/** The only ready pod of a workload goes; where it had several, `share` tells how many. */
export const lastReplica: EvidenceRule = ({ losses, policy }) => {
  const byWorkload = Map.groupBy(losses, ({ workload }) => workload);
  const dark: string[] = [];
  for (const [workload, its] of byWorkload) {
    const before = its[0]?.fact?.ready ?? 0;
    const lost = its.reduce((sum, loss) => sum + loss.ready, 0);
    if (workload !== null && before === 1 && lost >= before) dark.push(workload);
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

/**
 * Pods of one workload that are unavailable at the same time, when more than one is: those that go, and beside a ready one
 * that goes those that are down already.
 */
export const share: EvidenceRule = ({ losses, policy }) => {
  const found: Evidence[] = [];
  for (const [workload, its] of Map.groupBy(losses, (loss) => loss.workload)) {
    const fact = its[0]?.fact ?? null;
    const taken = its.reduce((sum, { atOnce }) => sum + atOnce, 0);
    const lost = Math.min(
      its.reduce((sum, loss) => sum + loss.ready, 0),
      fact?.ready ?? 0,
    );
    const away = fact === null || lost === 0 ? taken : Math.max(taken, lost + fact.pods - fact.ready);
    if (workload === null || away <= 1) continue;
    const all = Math.max(fact?.pods ?? 0, 1);
    const points = shareOf(policy.document.evidence.share, away, all);
    if (points > 0) found.push({ code: 'share', points, subject: `${workload} ${Math.min(away, all)} of ${all}` });
  }
  return highest(found);
};

/** Replicas that are taken away for good. */
export const replicaDrop: EvidenceRule = ({ writes, facts, policy }) => {
  const found: Evidence[] = [];
  for (const { key, now, left } of writes.flatMap((one) => replicaChangesOf(one, facts.targets, facts.neighbourhood))) {
    if (left >= now) continue;
    const points = shareOf(policy.document.evidence['replica-drop'], now - left, now);
    if (points > 0) found.push({ code: 'replica-drop', points, subject: `${key} ${now} to ${left}` });
  }
  return highest(found);
};
