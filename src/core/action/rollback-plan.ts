// The rollback plan, derived from the kind of action and what was sealed alone.
import { type Change, type Effect, writesOf } from '../model/effect.ts';
import { type Pair, pairsOf, type TargetFact } from '../model/facts.ts';
import type { Json } from '../model/json.ts';
import { objectName, placedName, touches } from '../model/object-ref.ts';
import { kindBringsBack } from '../model/pod-controllers.ts';

const NO_ROLLBACK_CODES = [
  'changes-nothing',
  'not-asked',
  'not-found',
  'controller-returns',
  'bare-pod',
  'no-revision',
  'no-history',
  'no-inverse',
] as const;
export type NoRollbackCode = (typeof NO_ROLLBACK_CODES)[number];

/** Why there are no steps, and of which object. */
interface NoRollback {
  readonly code: NoRollbackCode;
  readonly subject: string | null;
}

/** All or nothing: half a rollback would leave a state that nobody reviewed. */
export type RollbackDerived =
  | { readonly ok: true; readonly steps: readonly Effect[]; readonly command: string }
  | { readonly ok: false; readonly none: NoRollback };

const hasNoInverse = ({ to }: Change): boolean => to === 'other' || to === 'bounds' || to === 'several';

const keepsNoHistory = (preImage: Json): boolean =>
  typeof preImage === 'object' && preImage !== null && 'historyLimit' in preImage && preImage.historyLimit === 0;

/** The step back of one object, or why there is none (contract section 1, by action kind). */
const stepBack = ({ effect, target }: Pair): Effect | NoRollback => {
  const none = (code: NoRollbackCode): NoRollback => ({ code, subject: placedName(target) });
  const step: Omit<Effect, 'kind' | 'change' | 'subresource'> = {
    ...effect,
    verb: 'patch',
    namespace: target.namespace,
    name: target.name,
    selector: null,
    traits: [],
  };
  switch (effect.change.to) {
    case 'replicas':
      if (target.replicas === null) return none('no-inverse');
      return { ...step, subresource: 'scale', kind: 'scale', change: { to: 'replicas', replicas: target.replicas } };
    case 'restart':
    case 'images':
    case 'revision':
      // The change makes one revision more, so that one is enough now; two are asked for before undoing.
      if (target.revision === null || !target.revisions.includes(target.revision)) return none('no-revision');
      if (keepsNoHistory(target.preImage)) return none('no-history');
      return {
        ...step,
        subresource: null,
        kind: 'rollout-undo',
        change: { to: 'revision', revision: target.revision },
      };
    case 'absence':
      if (effect.kind !== 'delete-pod') return none('no-inverse');
      return kindBringsBack(target.controller)
        ? { code: 'controller-returns', subject: target.controller }
        : none('bare-pod');
    case 'bounds':
    case 'several':
    case 'other':
      return none('no-inverse');
    default: {
      const never: never = effect.change;
      return never;
    }
  }
};

const isStep = (step: Effect | NoRollback): step is Effect => 'change' in step;

/** kubectl's words for one step back. */
const wordsOf = (step: Effect): string => {
  const where = `${objectName(step)}${step.namespace === null ? '' : ` -n ${step.namespace}`}`;
  if (step.change.to === 'replicas') return `kubectl scale ${where} --replicas=${step.change.replicas}`;
  if (step.change.to === 'revision') return `kubectl rollout undo ${where} --to-revision=${step.change.revision}`;
  throw new Error(`a step back of kind ${step.kind} has no words (this is a bug)`);
};

/** Reasons that need a person come before those that do not. */
const GRAVITY: readonly NoRollbackCode[] = [
  'bare-pod',
  'no-revision',
  'no-history',
  'no-inverse',
  'controller-returns',
];

/** The rollback plan of these effects; `evidence` none means that no cluster was asked, so nothing to go back to is known. */
export function rollbackPlanFor(
  effects: readonly Effect[],
  targets: readonly TargetFact[],
  evidence: 'none' | 'live',
): RollbackDerived {
  const none = (code: NoRollbackCode, subject: string | null): RollbackDerived => ({
    ok: false,
    none: { code, subject },
  });
  const writes = writesOf(effects);
  if (writes.length === 0) return none('changes-nothing', null);
  const blind = writes.find(({ change }) => hasNoInverse(change) || change.to === 'absence');
  if (evidence === 'none') {
    return blind !== undefined && hasNoInverse(blind.change)
      ? none('no-inverse', placedName(blind))
      : none('not-asked', null);
  }
  const unmet = writes.find((effect) => !targets.some((target) => touches(effect, target)));
  if (unmet !== undefined) {
    return hasNoInverse(unmet.change) ? none('no-inverse', placedName(unmet)) : none('not-found', placedName(unmet));
  }
  const steps = pairsOf(effects, targets).map(stepBack);
  const missing = steps.filter((step): step is NoRollback => !isStep(step));
  for (const code of GRAVITY) {
    const found = missing.find((step) => step.code === code);
    if (found !== undefined) return { ok: false, none: found };
  }
  const effectsBack = steps.filter(isStep);
  return { ok: true, steps: effectsBack, command: effectsBack.map(wordsOf).join('\n') };
}

/** What of a spec decides its rollback plan. */
export interface Reversible {
  readonly effects: readonly Effect[];
  readonly facts: readonly TargetFact[];
  readonly evidence: 'none' | 'live';
  /** null: no hard rule blocks it. */
  readonly hardRule: unknown;
}

/** The rollback of a spec: what a hard rule blocks has no steps back, since they would not bring back what it takes along. */
export function rollbackPlanOf({ effects, facts, evidence, hardRule }: Reversible): RollbackDerived {
  const way = rollbackPlanFor(effects, facts, evidence);
  const [first] = way.ok && hardRule !== null ? way.steps : [];
  return first === undefined ? way : { ok: false, none: { code: 'no-inverse', subject: placedName(first) } };
}
