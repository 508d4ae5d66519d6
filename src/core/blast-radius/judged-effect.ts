// One effect with what scoring reads off it once: its kind, its namespace's class and its part of the sum.
import type { ActionKind, Effect } from '../model/effect.ts';
import type { Facts } from '../model/facts.ts';
import { type NamespaceClass, raisedBy } from './namespace-class.ts';
import type { Policy } from './policy.ts';
import { weightOf } from './resource-weight.ts';

/** What hard rules need to see of an effect: nothing here asks the policy. */
export interface SeenEffect {
  readonly effect: Effect;
  /** The effect's kind; an effective dry run is a read, unless it shows what is secret. */
  readonly kind: ActionKind;
  /** An effective dry run: it fires no hard rule. */
  readonly rehearsed: boolean;
  /** It changes objects or runs something in them. */
  readonly writes: boolean;
}

export interface JudgedEffect extends SeenEffect {
  /** null for cluster-scoped resources, and for a drain, which counts as its node. */
  readonly namespaceClass: NamespaceClass | null;
  readonly base: number;
  readonly weight: number;
  /** What the multiplier adds or takes, its rounding included. */
  readonly multiplied: number;
  /** base + weight + multiplied. */
  readonly points: number;
}

/** Whether the kind of object adds a weight (scoring section 2), and whether it changes objects or runs something in them. */
const KIND_PROPERTIES = {
  none: { weighed: false, writes: false },
  read: { weighed: false, writes: false },
  annotate: { weighed: false, writes: true },
  uncordon: { weighed: false, writes: true },
  label: { weighed: false, writes: true },
  'rollout-pause': { weighed: false, writes: true },
  'delete-pod': { weighed: false, writes: true },
  'rollout-restart': { weighed: false, writes: true },
  scale: { weighed: false, writes: true },
  autoscale: { weighed: false, writes: true },
  untaint: { weighed: false, writes: true },
  'rollout-undo': { weighed: false, writes: true },
  create: { weighed: true, writes: true },
  cordon: { weighed: false, writes: true },
  'set-image': { weighed: false, writes: true },
  'set-config': { weighed: true, writes: true },
  patch: { weighed: true, writes: true },
  apply: { weighed: true, writes: true },
  taint: { weighed: false, writes: true },
  'delete-object': { weighed: true, writes: true },
  drain: { weighed: false, writes: true },
  exec: { weighed: false, writes: true },
  'sensitive-read': { weighed: false, writes: false },
  tunnel: { weighed: false, writes: false },
  grant: { weighed: false, writes: true },
} as const satisfies Record<ActionKind, { readonly weighed: boolean; readonly writes: boolean }>;

/** An object of kind Namespace takes the class of its own name; creating one is no namespace's business (section 3). */
const namespaceOf = (effect: Effect): string | null => {
  if (effect.kind === 'drain') return null;
  if (effect.resource === 'namespaces' && effect.group === '')
    return effect.verb === 'create' ? null : (effect.name ?? '*');
  return effect.namespace;
};

/** By its name; the label that the cluster shows on it may raise that. */
const classOf = (effect: Effect, facts: Facts | null, policy: Policy): NamespaceClass | null => {
  const namespace = namespaceOf(effect);
  if (namespace === null) return null;
  const own = policy.classOf(namespace);
  const seen = facts?.neighbourhood.namespaces.find(({ name }) => name === namespace)?.environment ?? null;
  return seen === null ? own : raisedBy(seen, own, policy);
};

export function seeEffect(effect: Effect): SeenEffect {
  const rehearsed = effect.dryRun && !effect.traits.includes('raw');
  const kind = rehearsed && effect.kind !== 'sensitive-read' ? 'read' : effect.kind;
  return { effect, kind, rehearsed, writes: KIND_PROPERTIES[kind].writes };
}

/** `points × tenths / 10`, rounded half up, in whole numbers. */
const multiply = (points: number, tenths: number): number => Math.floor((points * tenths + 5) / 10);

/**
 * Judges one effect by itself: (base + weight) × the multiplier of its own namespace (scoring section 6).
 *
 * @param facts what the cluster said; null when none was asked.
 * @param allowedExec the effect is an exec that the policy's `execReadonly` names: it starts at the human tier.
 */
export function judgeEffect(
  effect: Effect,
  facts: Facts | null,
  policy: Policy,
  allowedExec: 'allowed' | 'not-allowed',
): JudgedEffect {
  const { document } = policy;
  const { kind, rehearsed, writes } = seeEffect(effect);
  const base = kind === 'exec' && allowedExec === 'allowed' ? document.tiers.auto + 1 : document.base[kind];
  const weight = KIND_PROPERTIES[kind].weighed ? weightOf(effect, policy.weights) : 0;
  const namespaceClass = classOf(effect, facts, policy);
  const points = multiply(base + weight, policy.tenths[namespaceClass ?? 'other']);
  return {
    effect,
    kind,
    rehearsed,
    writes,
    namespaceClass,
    base,
    weight,
    multiplied: points - base - weight,
    points,
  };
}
