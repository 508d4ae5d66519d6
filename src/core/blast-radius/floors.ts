// The floors: the lowest tier that an action may have, whatever its points (scoring section 6). They are law, not policy.
import { type ActionKind, type Effect, plainKey, type Trait } from '../model/effect.ts';
import { controllerOfTarget, type Facts } from '../model/facts.ts';
import { compareTiers } from '../model/tier.ts';
import type { Part } from '../model/understanding.ts';
import type { JudgedEffect } from './judged-effect.ts';
import { deletesFinishedPods, meansOne } from './modifiers.ts';
import type { ExtendedRule, Policy } from './policy.ts';

/** What a floor is about; the reason's subject. Their sentences stand with the other words. */
export const FLOOR_CAUSES = [
  'exec',
  'grant',
  'tunnel',
  'sensitive-read',
  'privileged',
  'explicit-command',
  'service-account',
  'from-secret',
  'exposes',
  'no-execute',
  'dual-key',
  'tracked',
  'namespace-label',
  'unknown-kind',
  'custom-resource',
  'crd',
  'system-lease',
  'stateful-pod',
  'control-plane-pods',
  'undecided',
  'opaque',
  'not-executable',
  'control-plane',
  'marked-kind',
  'starts-image',
  'steers-away',
  'exec-readonly',
] as const;
type FloorCause = (typeof FLOOR_CAUSES)[number] | ExtendedRule | 'calculation-failed';

export interface Floor {
  readonly tier: 'human' | 'dual';
  readonly cause: FloorCause;
}

const dual = (cause: FloorCause): Floor => ({ tier: 'dual', cause });
const human = (cause: FloorCause): Floor => ({ tier: 'human', cause });

const BY_KIND: Partial<Readonly<Record<ActionKind, Floor>>> = {
  exec: dual('exec'),
  grant: dual('grant'),
  tunnel: dual('tunnel'),
  'sensitive-read': dual('sensitive-read'),
};

const BY_TRAIT: Partial<Readonly<Record<Trait, Floor>>> = {
  privileged: dual('privileged'),
  'explicit-command': dual('explicit-command'),
  'service-account': dual('service-account'),
  'from-secret': dual('from-secret'),
  exposes: dual('exposes'),
  'no-execute': dual('no-execute'),
  tracked: dual('tracked'),
  'starts-image': human('starts-image'),
};

/** Objects whose labels and annotations others act on. */
const LABELS_MATTER = new Set([
  'nodes',
  'serviceaccounts',
  'namespaces',
  'persistentvolumes',
  'persistentvolumeclaims',
  'storageclasses',
]);

/** Keys that give a cloud identity or command a deletion, on the object or in a template. */
const ofKeys = ({ labelKeys, annotationKeys, templateKeys }: Effect, { dualKeys }: Policy): Floor | null => {
  if (labelKeys.length + annotationKeys.length + templateKeys.length === 0) return null;
  const isDual = (key: string): boolean => dualKeys.test(plainKey(key));
  return labelKeys.some(isDual) || annotationKeys.some(isDual) || templateKeys.some(isDual) ? dual('dual-key') : null;
};

const ofNamespaceLabels = ({ resource, labelKeys, traits }: Effect, policy: Policy): Floor | null => {
  if (resource !== 'namespaces') return null;
  const unnamed = traits.includes('namespace-label') && labelKeys.length === 0;
  return unnamed || labelKeys.some((key) => !policy.inertNamespaceLabels.has(plainKey(key)))
    ? dual('namespace-label')
    : null;
};

const ofResource = ({ effect, kind }: JudgedEffect): Floor | null => {
  const { resource, group, namespace } = effect;
  const marks = kind === 'annotate' || kind === 'label';
  if (effect.known === 'unknown') return marks ? human('unknown-kind') : dual('unknown-kind');
  if (kind === 'delete-object' && effect.known === 'custom') return dual('custom-resource');
  if (resource === 'customresourcedefinitions' && group === 'apiextensions.k8s.io') return dual('crd');
  if (resource === 'leases' && (namespace === 'kube-system' || namespace === 'kube-node-lease' || namespace === '*')) {
    return dual('system-lease');
  }
  return marks && LABELS_MATTER.has(resource) ? human('marked-kind') : null;
};

const splitsBrain = ({ resource, name, traits, kind }: Effect, facts: Facts): boolean =>
  kind === 'delete-pod' &&
  traits.includes('force') &&
  facts.targets.some(
    (target) =>
      target.resource === resource &&
      (name === '*' || target.name === name) &&
      controllerOfTarget(target)?.kind === 'StatefulSet',
  );

/** Collects floors and keeps the highest; among equals the first. */
const higher = (kept: Floor | null, floor: Floor | null | undefined): Floor | null => {
  if (floor === null || floor === undefined) return kept;
  return kept === null || compareTiers(floor.tier, kept.tier) > 0 ? floor : kept;
};

const ofEffect = (judged: JudgedEffect, facts: Facts | null, policy: Policy, exec: Floor | undefined): Floor | null => {
  const { effect, kind } = judged;
  let floor = higher(null, kind === 'exec' ? exec : BY_KIND[kind]);
  for (const trait of effect.traits) floor = higher(floor, BY_TRAIT[trait]);
  if (!judged.writes) return floor;
  floor = higher(floor, ofKeys(effect, policy));
  floor = higher(floor, ofNamespaceLabels(effect, policy));
  floor = higher(floor, ofResource(judged));
  if (facts !== null && splitsBrain(effect, facts)) floor = higher(floor, dual('stateful-pod'));
  return judged.namespaceClass === 'control-plane' ? higher(floor, human('control-plane')) : floor;
};

/** More than one pod of the control plane goes: several names, a selector or all. */
const deletesControlPlanePods = (judged: readonly JudgedEffect[]): boolean => {
  let pods = 0;
  for (const one of judged) {
    if (one.kind !== 'delete-pod' || one.namespaceClass !== 'control-plane' || deletesFinishedPods(one)) continue;
    pods += meansOne(one.effect) ? 1 : 2;
  }
  return pods > 1;
};

const ofOpaque = ({ opaque }: Part): Floor | null => {
  if (opaque === null || opaque.floor === 'auto') return null;
  return opaque.floor === 'dual' ? dual('opaque') : human('opaque');
};

/** What the whole part is judged with, besides its effects. */
export interface JudgingContext {
  readonly facts: Facts | null;
  readonly policy: Policy;
  readonly executable: 'executable' | 'not-executable';
  readonly exec: 'allowed' | 'not-allowed';
}

/** The floor of one part, or null when it may be auto. */
export function floorOfPart(part: Part, judged: readonly JudgedEffect[], context: JudgingContext): Floor | null {
  const exec = context.exec === 'allowed' ? human('exec-readonly') : BY_KIND.exec;
  let floor = ofOpaque(part);
  if (part.undecided) floor = higher(floor, dual('undecided'));
  for (const one of judged) {
    if (one.kind === 'read' || one.kind === 'none') continue;
    floor = higher(floor, ofEffect(one, context.facts, context.policy, exec));
    if (one.writes && context.executable === 'not-executable') floor = higher(floor, human('not-executable'));
  }
  if (judged.length > 0 && deletesControlPlanePods(judged)) floor = higher(floor, dual('control-plane-pods'));
  return part.overridesTarget ? higher(floor, human('steers-away')) : floor;
}
