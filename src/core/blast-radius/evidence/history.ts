// What the gate remembers and whether there is a way back (scoring section 5: history, no-way-back, no-evidence).

import { rollbackPlanFor } from '../../action/rollback-plan.ts';
import type { Effect } from '../../model/effect.ts';
import type { Facts, MissingFact } from '../../model/facts.ts';
import type { JudgedEffect } from '../judged-effect.ts';
import { type EvidenceRule, evidenceAbout, named, type PersonRule } from './evidence-rule.ts';

export const history: EvidenceRule = ({ facts: { failures }, policy }) => {
  const { evidence, limits } = policy.document;
  const points = Math.min(evidence.history * failures.length, limits.history);
  const incidents = named(failures.map(({ incident }) => incident));
  return points <= 0 ? null : { code: 'history', points, subject: `${failures.length} (${incidents})` };
};

/** Codes of the way back that cost nothing: there is nothing to undo, or another fact says why. */
const HARMLESS = new Set(['changes-nothing', 'not-asked', 'not-found', 'controller-returns', 'finished-pod']);

/** An eviction, a drain's too, is a deletion: the pod's controller returns it all the same. */
const asDeletion = (effect: Effect): Effect =>
  (effect.kind === 'delete-pod' || (effect.kind === 'drain' && effect.resource === 'pods')) &&
  effect.change.to === 'other'
    ? { ...effect, kind: 'delete-pod', change: { to: 'absence', gracePeriodSeconds: null, propagation: null } }
    : effect;

/** What needs a way back: not a restart, nor the deletion of finished pods. */
const needsWayBack = ({ kind, effect }: JudgedEffect): boolean =>
  kind !== 'rollout-restart' && !(kind === 'delete-pod' && effect.traits.includes('finished-only'));

/** No earlier revision, or no inverse. A pod with a controller needs none, nor a pod that has finished. */
export const noWayBack: EvidenceRule = ({ writes, facts, policy }) => {
  const finished = new Set(facts.neighbourhood.pods.filter((pod) => pod.finished).map(({ uid }) => uid));
  const targets = facts.targets.filter(({ uid }) => !finished.has(uid));
  const stuck = writes.filter(needsWayBack).flatMap(({ effect }) => {
    const way = rollbackPlanFor([asDeletion(effect)], targets, 'live');
    return way.ok || HARMLESS.has(way.none.code) ? [] : [way.none.subject ?? way.none.code];
  });
  return evidenceAbout('no-way-back', policy.document.evidence['no-way-back'], stuck);
};

/** An object that does not exist was asked for and answered; every other gap is a fact that did not come back. */
export function unanswered(facts: Facts): readonly MissingFact[] {
  return facts.missing.filter(({ why }) => why !== 'not-found');
}

export const noEvidence: PersonRule = ({ facts }) => {
  const gaps = unanswered(facts);
  return gaps.length === 0
    ? null
    : { code: 'no-evidence', subject: named(gaps.map(({ what, why }) => `${what}: ${why}`)) };
};
