// The modifiers that effects carry, added after the multiplication (scoring section 4).
import { changesPlacement } from '../model/desired.ts';
import { type Effect, plainKey, type Trait } from '../model/effect.ts';
import type { Facts } from '../model/facts.ts';
import { type AutoscalerFact, isMet, type PodFact, type Selector } from '../model/neighbourhood.ts';
import { objectKey, touchedBy, touches } from '../model/object-ref.ts';
import type { Reason, ReasonCode } from '../model/reason.ts';
import type { JudgedEffect } from './judged-effect.ts';
import { MODIFIERS, type Modifier, type Policy } from './policy.ts';

/** Traits that are a modifier by themselves. */
const BY_TRAIT: Partial<Readonly<Record<Trait, Modifier>>> = {
  all: 'all',
  'all-namespaces': 'all-namespaces',
  emptydir: 'emptydir',
  finalizers: 'finalizers',
  force: 'force',
  'grace-one': 'grace-one',
  'grace-zero': 'grace-zero',
  membership: 'membership',
  'mutable-image': 'mutable-image',
  orphan: 'orphan',
  placement: 'placement',
  pause: 'pause',
  privileged: 'privileged',
  prune: 'prune',
  'scale-to-zero': 'scale-to-zero',
  'scale-up': 'scale-up',
  selector: 'selector',
  suspend: 'suspend',
  'unseen-content': 'unseen-content',
};

const AUTOSCALERS = { group: 'autoscaling', resource: 'horizontalpodautoscalers' } as const;

/** How widely pods are chosen says nothing when only finished ones are. */
const WIDTH: ReadonlySet<Trait> = new Set<Trait>(['selector', 'all', 'all-namespaces']);

/** Deletion of pods that have ended already. */
export function deletesFinishedPods({ effect, kind }: JudgedEffect): boolean {
  return kind === 'delete-pod' && effect.traits.includes('finished-only');
}

/** The autoscaler that an effect gives a new maximum. */
const rescaled = (effect: Effect, { neighbourhood }: Facts): AutoscalerFact | null =>
  neighbourhood.autoscalers.find((one) => touches(effect, { ...AUTOSCALERS, ...one })) ?? null;

/** More than twice the replicas, or the maximum of an autoscaler, that the cluster shows. */
const outgrows = (effect: Effect, facts: Facts): boolean => {
  const { change } = effect;
  if (change.to === 'bounds') return change.max > 2 * (rescaled(effect, facts)?.max ?? change.max);
  const wanted = 'replicas' in change ? change.replicas : null;
  if (wanted === null) return false;
  return facts.targets.some(
    (target) => touches(effect, target) && target.replicas !== null && wanted > 2 * target.replicas,
  );
};

/** An autoscaler may no longer run as many as it runs at least. */
const starves = (effect: Effect, facts: Facts): boolean =>
  effect.change.to === 'bounds' && effect.change.max < (rescaled(effect, facts)?.min ?? 0);

/** No node admits the pods of a DaemonSet any more: all of them go. */
const empties = (effect: Effect, { neighbourhood, targets }: Facts): boolean => {
  if (effect.resource !== 'daemonsets' || effect.group !== 'apps') return false;
  const keys = new Set(touchedBy(effect, targets).map(objectKey));
  return neighbourhood.workloads.some(({ key, admittedAfter }) => keys.has(key) && admittedAfter?.length === 0);
};

/** Where pods may run becomes another, by whichever road. */
const moves = (effect: Effect, { targets }: Facts): boolean => {
  const pod = effect.desired?.pod ?? null;
  return pod !== null && targets.some((target) => touches(effect, target) && changesPlacement(pod, target.preImage));
};

/** Whether a selector that asks for one of these keys holds in all that it asks beside them. */
const couldSelect = (selector: Selector, keys: ReadonlySet<string>, labels: PodFact['labels']): boolean =>
  selector?.some(({ key }) => keys.has(key)) === true &&
  selector.every((term) => keys.has(term.key) || isMet(term, labels));

/** A new label brings a pod under a Service, PodDisruptionBudget or NetworkPolicy; the label's value is not asked for. */
const joins = (effect: Effect, { neighbourhood }: Facts): boolean => {
  if (!effect.traits.includes('new-label') || effect.resource !== 'pods' || effect.group !== '') return false;
  const keys = new Set(effect.labelKeys);
  const selecting = [...neighbourhood.services, ...neighbourhood.budgets, ...neighbourhood.policies];
  return neighbourhood.pods.some(
    (pod) =>
      touches(effect, { group: '', resource: 'pods', ...pod }) &&
      selecting.some(
        ({ namespace, selector }) => namespace === pod.namespace && couldSelect(selector, keys, pod.labels),
      ),
  );
};

/** The first key that a controller may act on: one with a "/" that is not inert. */
const effectfulKey = (keys: readonly string[], inert: RegExp): string | null => {
  for (const written of keys) {
    const key = plainKey(written);
    if (key.includes('/') && !inert.test(key)) return key;
  }
  return null;
};

/** One object: it is named, the server names it, or one word that is not known stands for it. */
export function meansOne({ name, traits }: Effect): boolean {
  return name !== '*' || (traits.includes('unknown-name') && !traits.includes('all'));
}

/** Named targets, or objects of manifests; one whose name the server gives is one of its own, and so is an unknown word. */
const countTargets = (judged: readonly JudgedEffect[]): number => {
  const named = new Set<string>();
  let unnamed = 0;
  for (const { effect, kind } of judged) {
    if (kind === 'read' || kind === 'none' || !meansOne(effect)) continue;
    if (effect.name === null || effect.name === '*') unnamed += 1;
    else named.add(objectKey(effect));
  }
  return named.size + unnamed;
};

/** Adds a reason where it has points and none of its code has more: that one goes. */
const addHighest = (found: Reason[], modifier: Modifier, points: number, subject: string | null): void => {
  const code: ReasonCode = MODIFIERS[modifier];
  const at = found.findIndex((reason) => reason.code === code);
  const before = found[at];
  if (before === undefined) {
    if (points > 0) found.push({ code, points, subject });
  } else if (points > before.points) found[at] = { code, points, subject };
};

/** The modifiers of one part, each code once at its highest, unordered. Reads have none. */
export function modifiersOf(judged: readonly JudgedEffect[], facts: Facts | null, policy: Policy): readonly Reason[] {
  const { modifiers, limits } = policy.document;
  const found: Reason[] = [];
  for (const one of judged) {
    if (one.kind === 'read' || one.kind === 'none') continue;
    const { effect } = one;
    const finished = deletesFinishedPods(one);
    for (const trait of effect.traits) {
      const modifier = BY_TRAIT[trait];
      if (modifier !== undefined && !(finished && WIDTH.has(trait)))
        addHighest(found, modifier, modifiers[modifier], modifier);
    }
    const annotation = effectfulKey(effect.annotationKeys, policy.inertAnnotations);
    if (annotation !== null) addHighest(found, 'effectful-annotation', modifiers['effectful-annotation'], annotation);
    const label = effectfulKey(effect.labelKeys, policy.inertLabels);
    if (label !== null) addHighest(found, 'effectful-label', modifiers['effectful-label'], label);
    if (facts === null) continue;
    if (outgrows(effect, facts)) addHighest(found, 'scale-up', modifiers['scale-up'], 'scale-up');
    if (empties(effect, facts)) addHighest(found, 'scale-to-zero', modifiers['scale-to-zero'], 'scale-to-zero');
    if (moves(effect, facts)) addHighest(found, 'placement', modifiers.placement, 'placement');
    if (starves(effect, facts)) addHighest(found, 'scale-to-zero', modifiers['scale-to-zero'], 'scale-to-zero');
    if (joins(effect, facts)) addHighest(found, 'membership', modifiers.membership, 'membership');
  }
  if (judged.length > 1) {
    const targets = countTargets(judged);
    if (targets > 1) addHighest(found, 'many', Math.min(modifiers.many * (targets - 1), limits.many), `${targets}`);
  }
  return found;
}
