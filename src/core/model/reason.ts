// Reasons are data: a code, whole points and what they are about. Sentences are made elsewhere, when someone reads them.

/** In the order in which reasons are listed (contract section 1): base, weight, multiplier, modifiers, evidence, floor, cap. */
export const REASON_CODES = [
  'hard-rule',
  'base',
  'weight',
  'multiplier',
  // modifiers (scoring section 4), by code
  'all',
  'all-namespaces',
  'effectful-annotation',
  'effectful-label',
  'emptydir',
  'finalizers',
  'force',
  'grace-zero',
  'many',
  'membership',
  'mutable-image',
  'orphan',
  'placement',
  'privileged',
  'prune',
  'scale-to-zero',
  'scale-up',
  'selector',
  'unseen-content',
  // evidence (scoring section 5), by code
  'autoscaled',
  'bare-pod',
  'budget',
  'capacity',
  'endpoints',
  'gitops',
  'history',
  'last-replica',
  'no-evidence',
  'no-way-back',
  'owned',
  'pdb',
  'replica-drop',
  'share',
  'stateful',
  'unschedulable',
  'floor',
  'cap',
  'calculation-failed',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** One line of the sum. `subject` names what it is about: a kind, a namespace class, a floor's cause, objects. */
export interface Reason {
  readonly code: ReasonCode;
  readonly points: number;
  readonly subject: string | null;
}
