// The rollback plan, derived from the kind of action and what was sealed alone.
import { type Change, type Effect, writesOf } from '../model/effect.ts';
import { type Pair, pairsOf, type TargetFact } from '../model/facts.ts';
import type { Json } from '../model/json.ts';
import { objectName, placedName, touchedBy } from '../model/object-ref.ts';
import { isFinished, kindBringsBack } from '../model/pod-controllers.ts';

const NO_ROLLBACK_CODES = [
  'changes-nothing',
  'not-asked',
  'not-found',
  'controller-returns',
  'controller-unknown',
  'finished-pod',
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

/**
 * A StatefulSet that goes back to an earlier template leaves the pods that broke where they are: its controller waits until
 * they are ready. They are part of the way back of every change of its template.
 */
const replacementOf = (undo: Effect, target: TargetFact): readonly Effect[] =>
  target.group === 'apps' && target.resource === 'statefulsets'
    ? [
        {
          ...undo,
          verb: 'delete',
          group: '',
          resource: 'pods',
          name: '*',
          kind: 'delete-pod',
          change: { to: 'replacement', statefulSet: target.name },
        },
      ]
    : [];

/** A deleted pod is not made again by a step: its controller does, or nobody. */
const noReturnOf = (target: TargetFact): NoRollback => {
  if (isFinished(target)) return { code: 'finished-pod', subject: placedName(target) };
  if (target.controller === null) return { code: 'bare-pod', subject: placedName(target) };
  return {
    code: kindBringsBack(target.controller) ? 'controller-returns' : 'controller-unknown',
    subject: target.controller,
  };
};

/** The steps back of one object, or why there are none (contract section 1, by action kind). */
const stepsBack = ({ effect, target }: Pair): readonly Effect[] | NoRollback => {
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
      return [{ ...step, subresource: 'scale', kind: 'scale', change: { to: 'replicas', replicas: target.replicas } }];
    case 'restart':
    case 'images':
    case 'revision': {
      // The change makes one revision more, so that one is enough now; two are asked for before undoing.
      if (target.revision === null || !target.revisions.includes(target.revision)) return none('no-revision');
      if (keepsNoHistory(target.preImage)) return none('no-history');
      const change = { to: 'revision', revision: target.revision } as const;
      const undo: Effect = { ...step, subresource: null, kind: 'rollout-undo', change };
      return [undo, ...replacementOf(undo, target)];
    }
    case 'absence':
      if (effect.kind !== 'delete-pod') return none('no-inverse');
      return noReturnOf(target);
    case 'replacement':
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

const isMissing = (steps: readonly Effect[] | NoRollback): steps is NoRollback => 'code' in steps;

/** kubectl's words for one step back. No selector finds pods that are not ready, so the line says which they are. */
const wordsOf = (step: Effect): string => {
  if (step.change.to === 'replacement')
    return `kubectl delete pod POD -n ${step.namespace}  # each of statefulset/${step.change.statefulSet} that is not ready and of another revision`;
  const where = `${objectName(step)}${step.namespace === null ? '' : ` -n ${step.namespace}`}`;
  if (step.change.to === 'replicas') return `kubectl scale ${where} --replicas=${step.change.replicas}`;
  if (step.change.to === 'revision') return `kubectl rollout undo ${where} --to-revision=${step.change.revision}`;
  throw new Error(`a step back of kind ${step.kind} has no words (this is a bug)`);
};

/** Reasons that need a person, and then those that do not, in the order in which one is told. */
const NEEDS_A_PERSON: readonly NoRollbackCode[] = [
  'bare-pod',
  'controller-unknown',
  'no-revision',
  'no-history',
  'no-inverse',
];
/** What these say of one object needs no step beside the steps of others. */
const NEEDS_NOTHING: readonly NoRollbackCode[] = ['controller-returns', 'finished-pod'];

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
  const unmet = writes.find((effect) => touchedBy(effect, targets).length === 0);
  if (unmet !== undefined) {
    return hasNoInverse(unmet.change) ? none('no-inverse', placedName(unmet)) : none('not-found', placedName(unmet));
  }
  const all = pairsOf(effects, targets).map(stepsBack);
  const missing = all.filter(isMissing);
  const steps = all.flatMap((one) => (isMissing(one) ? [] : one));
  const grave = steps.length > 0 ? NEEDS_A_PERSON : [...NEEDS_A_PERSON, ...NEEDS_NOTHING];
  for (const code of grave) {
    const found = missing.find((step) => step.code === code);
    if (found !== undefined) return { ok: false, none: found };
  }
  return { ok: true, steps, command: steps.map(wordsOf).join('\n') };
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
