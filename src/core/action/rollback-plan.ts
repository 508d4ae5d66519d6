// The rollback plan, derived from the kind of action and what was sealed alone.
import { type Effect, isEviction, isPruning, writesOf } from '../model/effect.ts';
import type { Pair, TargetFact } from '../model/facts.ts';
import type { Json } from '../model/json.ts';
import type { FieldChange, ObjectChange } from '../model/object-change.ts';
import { objectName, placedName, touchedBy } from '../model/object-ref.ts';
import { isFinished, kindBringsBack } from '../model/pod-controllers.ts';
import { isDeletionOfObject } from './executors.ts';
import { changeOf, isMadeAnew, sealedSteps, type WriteStep } from './write-steps.ts';

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
  'back-refused',
  'number-rounded',
  'program-ran',
  'container-stays',
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

const hasNoInverse = ({ change: { to }, mutation }: Effect): boolean =>
  mutation === undefined && (to === 'other' || to === 'bounds' || to === 'several' || to === 'run');

const keepsNoHistory = (preImage: Json): boolean =>
  typeof preImage === 'object' && preImage !== null && 'historyLimit' in preImage && preImage.historyLimit === 0;

/**
 * A StatefulSet that goes back to an earlier template leaves the pods that broke where they are: its controller waits until
 * they are ready. They are part of the way back of every change of its template.
 */
const replacementOf = (undo: Effect, statefulSet: string): Effect => ({
  ...undo,
  verb: 'delete',
  group: '',
  resource: 'pods',
  name: '*',
  kind: 'delete-pod',
  change: { to: 'replacement', statefulSet },
});

const isInTemplate = ({ path }: FieldChange): boolean =>
  path === '/spec/template' || path.startsWith('/spec/template/');

const BACK_VERB = { update: 'patch', create: 'delete', delete: 'create', run: 'patch' } as const;
const BACK_KIND = { update: 'patch', create: 'delete-object', delete: 'create', run: 'patch' } as const;

/** The steps back of what was sealed as a difference: the fields get their values from before, what was made goes. */
const restored = ({ effect, object, write }: WriteStep, sealed: ObjectChange | undefined) => {
  const none = (code: NoRollbackCode): NoRollback => ({ code, subject: placedName(object) });
  if (sealed === undefined) return none('no-inverse');
  if (sealed.back === 'refused') return none('back-refused');
  if (sealed.back === 'rounded') return none('number-rounded');
  // Kubernetes: ephemeral containers cannot be changed or removed once they are there.
  if (effect.subresource === 'ephemeralcontainers') return none('container-stays');
  const { mutation: _, ...plain } = effect;
  const isMade = sealed.op === 'create';
  const step: Effect = {
    ...plain,
    verb: BACK_VERB[sealed.op],
    namespace: object.namespace,
    name: object.name,
    selector: null,
    subresource: isMade ? null : effect.subresource,
    kind: BACK_KIND[sealed.op],
    change: { to: 'before', ...(write === null ? {} : { write }) },
    traits: [],
    labelKeys: [],
    annotationKeys: [],
    templateKeys: [],
    desired: null,
  };
  const isTemplate = sealed.fields.some(isInTemplate) && effect.group === 'apps' && effect.resource === 'statefulsets';
  return isTemplate && !isMade ? [step, replacementOf(step, object.name ?? '')] : [step];
};

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
      const isSet = target.group === 'apps' && target.resource === 'statefulsets';
      return isSet ? [undo, replacementOf(undo, target.name)] : [undo];
    }
    case 'absence':
      if (effect.kind !== 'delete-pod') return none('no-inverse');
      return noReturnOf(target);
    // Evicted pods run elsewhere: what is taken back is that their nodes take none.
    case 'eviction':
      return [];
    case 'run':
      return none('program-ran');
    case 'replacement':
    case 'before':
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

/** The patch that kubectl would send for it, by the places where the fields stood when it was sealed. */
const patchBack = (fields: readonly FieldChange[]): string =>
  JSON.stringify(
    fields.flatMap((field): readonly object[] => {
      if (field.generated === true || field.hidden !== undefined) return [];
      const { path, before, after } = field;
      if (before === undefined) return [{ op: 'remove', path }];
      return [{ op: after === undefined ? 'add' : 'replace', path, value: before }];
    }),
  ).replaceAll("'", String.raw`\u0027`);

/** Whether a node takes pods has commands of its own; null: something else is given back. */
const cordonWords = ({ group, resource, name }: Effect, fields: readonly FieldChange[]): string | null => {
  if (group !== '' || resource !== 'nodes') return null;
  const [field, ...more] = fields;
  if (field === undefined) return `# node/${name} stays as it is`;
  if (more.length > 0 || field.path !== '/spec/unschedulable') return null;
  return `kubectl ${field.before === true ? 'cordon' : 'uncordon'} ${name}`;
};

/** kubectl's words for one step back. No selector finds pods that are not ready, so the line says which they are. */
const wordsOf = (step: Effect, changes: readonly ObjectChange[]): string => {
  if (step.change.to === 'replacement')
    return `kubectl delete pod POD -n ${step.namespace}  # each of statefulset/${step.change.statefulSet} that is not ready and of another revision`;
  const where = `${objectName(step)}${step.namespace === null ? '' : ` -n ${step.namespace}`}`;
  if (step.change.to === 'replicas') return `kubectl scale ${where} --replicas=${step.change.replicas}`;
  if (step.change.to === 'revision') return `kubectl rollout undo ${where} --to-revision=${step.change.revision}`;
  if (step.change.to === 'before') {
    if (step.verb === 'delete') return `kubectl delete ${where}`;
    if (step.verb === 'create') return `kubectl create -f -  # ${where} as it was sealed`;
    const fields = changeOf({ effect: step, object: step, write: null }, changes)?.fields ?? [];
    const cordons = cordonWords(step, fields);
    if (cordons !== null) return cordons;
    const subresource = step.subresource === null ? '' : ` --subresource=${step.subresource}`;
    return `kubectl patch ${where}${subresource} --type=json -p '${patchBack(fields)}'`;
  }
  throw new Error(`a step back of kind ${step.kind} has no words (this is a bug)`);
};

/** Reasons that need a person, and then those that do not, in the order in which one is told. */
const NEEDS_A_PERSON: readonly NoRollbackCode[] = [
  'bare-pod',
  'controller-unknown',
  'no-revision',
  'no-history',
  'back-refused',
  'number-rounded',
  'program-ran',
  'container-stays',
  'no-inverse',
];
/** What these say of one object needs no step beside the steps of others. */
const NEEDS_NOTHING: readonly NoRollbackCode[] = ['controller-returns', 'finished-pod'];

/** The steps back of every write, in their order. */
const waysBack = (
  effects: readonly Effect[],
  targets: readonly TargetFact[],
  changes: readonly ObjectChange[],
): readonly (readonly Effect[] | NoRollback)[] => {
  const steps = sealedSteps(effects, targets, changes);
  const ways = steps.map((step) => {
    const { effect, target } = step;
    const isTyped = effect.mutation === undefined && !isDeletionOfObject(effect);
    return isTyped && target !== null ? stepsBack({ effect, target }) : restored(step, changeOf(step, changes));
  });
  // What is written after something else of the same object goes before that is given back.
  return steps.some(({ write }) => write !== null) ? ways.toReversed() : ways;
};

/**
 * The rollback plan of these effects; `evidence` none means that no cluster was asked, so nothing to go back to is known.
 * `changes`: what was sealed of those that carry a mutation.
 */
export function rollbackPlanFor(
  effects: readonly Effect[],
  targets: readonly TargetFact[],
  evidence: 'none' | 'live',
  changes: readonly ObjectChange[],
): RollbackDerived {
  const none = (code: NoRollbackCode, subject: string | null): RollbackDerived => ({
    ok: false,
    none: { code, subject },
  });
  const writes = writesOf(effects);
  if (writes.length === 0) return none('changes-nothing', null);
  const blind = writes.find((effect) => hasNoInverse(effect) || effect.change.to === 'absence');
  if (evidence === 'none') {
    return blind !== undefined && hasNoInverse(blind) ? none('no-inverse', placedName(blind)) : none('not-asked', null);
  }
  const unmet = writes.find(
    (effect) =>
      effect.mutation === undefined &&
      !isEviction(effect) &&
      !isPruning(effect) &&
      !isMadeAnew(effect, writes) &&
      touchedBy(effect, targets).length === 0,
  );
  if (unmet !== undefined) {
    return hasNoInverse(unmet) ? none('no-inverse', placedName(unmet)) : none('not-found', placedName(unmet));
  }
  const all = waysBack(writes, targets, changes);
  const missing = all.filter(isMissing);
  const steps = all.flatMap((one) => (isMissing(one) ? [] : one));
  const grave = steps.length > 0 ? NEEDS_A_PERSON : [...NEEDS_A_PERSON, ...NEEDS_NOTHING];
  for (const code of grave) {
    const found = missing.find((step) => step.code === code);
    if (found !== undefined) return { ok: false, none: found };
  }
  return { ok: true, steps, command: steps.map((step) => wordsOf(step, changes)).join('\n') };
}

/** What of a spec decides its rollback plan. */
export interface Reversible {
  readonly effects: readonly Effect[];
  readonly facts: readonly TargetFact[];
  readonly evidence: 'none' | 'live';
  readonly changes?: readonly ObjectChange[];
  /** null: no hard rule blocks it. */
  readonly hardRule: unknown;
}

/** The rollback of a spec: what a hard rule blocks has no steps back, since they would not bring back what it takes along. */
export function rollbackPlanOf({ effects, facts, evidence, changes = [], hardRule }: Reversible): RollbackDerived {
  const way = rollbackPlanFor(effects, facts, evidence, changes);
  const [first] = way.ok && hardRule !== null ? way.steps : [];
  return first === undefined ? way : { ok: false, none: { code: 'no-inverse', subject: placedName(first) } };
}
