// What the gate remembers and whether there is a rollback (scoring section 5: history, no-way-back, no-evidence).

import { rollbackPlanFor } from '../../action/rollback-plan.ts';
import { type ActionKind, type Effect, PLAIN_ABSENCE, withoutMutation } from '../../model/effect.ts';
import { type Facts, type MissingFact, missingName, type TargetFact } from '../../model/facts.ts';
import { placedName, touchedBy } from '../../model/object-ref.ts';
import { bringsBack } from '../../model/pod-controllers.ts';
import type { JudgedEffect } from '../judged-effect.ts';
import { type EvidenceRule, evidenceAbout, named, type PersonRule } from './evidence-rule.ts';

export const history: EvidenceRule = ({ facts: { failures }, policy }) => {
  const { evidence, limits } = policy.document;
  const points = Math.min(evidence.history * failures.length, limits.history);
  const incidents = named(failures.map(({ incident }) => incident));
  return points <= 0 ? null : { code: 'history', points, subject: `${failures.length} (${incidents})` };
};

/** Codes of a missing rollback that cost nothing: there is nothing to undo, or another fact says why. */
const HARMLESS = new Set(['changes-nothing', 'not-asked', 'not-found', 'controller-returns', 'finished-pod']);

/** Kinds whose rollback plan says whether there is one, and those that nothing takes back. */
const UNDO: Partial<Readonly<Record<ActionKind, 'plan' | 'none'>>> = {
  'delete-pod': 'plan',
  scale: 'plan',
  'rollout-undo': 'plan',
  'set-image': 'plan',
  exec: 'none',
};

/** A patch that names a container by its place, or several changes at once: its fields are set back, whatever the revisions are. */
const UNNAMED: ReadonlySet<Effect['change']['to']> = new Set(['other', 'several']);

/**
 * How an effect would be undone, whether or not the gate has learnt it (scoring section 5): what is set can be set back; what
 * is deleted, run in a container or handed out as a token cannot. A drain's evictions are among the pods that go.
 */
const undoOf = ({ kind, effect }: JudgedEffect): 'plan' | 'inverse' | 'none' => {
  const { verb, resource, subresource } = effect;
  const deletes = verb.startsWith('delete') && (kind === 'grant' || resource !== 'pods');
  if (kind === 'set-image' && UNNAMED.has(effect.change.to)) return 'inverse';
  return UNDO[kind] ?? (deletes || (kind === 'grant' && subresource === 'token') ? 'none' : 'inverse');
};

/** As the plan reads it: an eviction is a deletion, the pod's controller returns it all the same; how it is sent is no matter. */
const asPlanned = (effect: Effect): Effect => {
  const plain = withoutMutation(effect);
  return plain.kind === 'delete-pod' && plain.change.to === 'other' ? { ...plain, change: PLAIN_ABSENCE } : plain;
};

/** What one effect does that nothing takes back, by name; a pod that has finished needs no return. */
const stuckBy = (one: JudgedEffect, targets: readonly TargetFact[]): readonly string[] => {
  const { effect, kind } = one;
  const undo = undoOf(one);
  if (undo === 'inverse' || (kind === 'delete-pod' && effect.traits.includes('finished-only'))) return [];
  const touched = touchedBy(effect, targets);
  if (undo === 'none') return kind === 'exec' || touched.length > 0 ? [placedName(touched[0] ?? effect)] : [];
  const way = rollbackPlanFor([asPlanned(effect)], targets, 'live', []);
  return way.ok || HARMLESS.has(way.none.code) ? [] : [way.none.subject ?? way.none.code];
};

/** No earlier revision, or no inverse; and pods that end and that no controller is known to return. */
export const noWayBack: EvidenceRule = ({ writes, facts, losses, policy }) => {
  const finished = new Set(facts.neighbourhood.pods.filter((pod) => pod.finished).map(({ uid }) => uid));
  const targets = facts.targets.filter(({ uid }) => !finished.has(uid));
  const ended = losses.filter(({ how }) => how === 'replaced').flatMap(({ among }) => among);
  const lost = ended.filter(({ controller }) => !bringsBack(controller));
  return evidenceAbout('no-way-back', policy.document.evidence['no-way-back'], [
    ...writes.flatMap((one) => stuckBy(one, targets)),
    ...lost.map((pod) => placedName({ group: '', resource: 'pods', ...pod })),
  ]);
};

/** An object that does not exist was asked for and answered; every other gap is a fact that did not come back. */
export function unanswered(facts: Facts): readonly MissingFact[] {
  return facts.missing.filter(({ why }) => why !== 'not-found');
}

export const noEvidence: PersonRule = ({ facts }) => {
  const gaps = unanswered(facts);
  return gaps.length === 0
    ? null
    : { code: 'no-evidence', subject: named(gaps.map((gap) => `${missingName(gap)}: ${gap.why}`)) };
};
