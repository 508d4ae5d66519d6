// The policy's freezes, what is about to be written and the time → the freeze that holds it, if any.
import { globs } from '../blast-radius/glob.ts';
import type { FreezeRule } from '../blast-radius/policy.ts';
import { type Effect, writesOf } from '../model/effect.ts';
import type { FreezeWindow } from '../model/freeze-times.ts';
import type { Instant } from '../model/instant.ts';
import { namespaceOf } from './approval-rules.ts';
import { nextWindow, windowAt } from './freeze-window.ts';

/** A forward write waits until `until`; the way back is never held. */
export interface Frozen {
  /** The freeze's name in the policy. */
  readonly name: string;
  readonly until: Instant;
}

/** Of all freezes that hold these writes at `now`, the one that ends last; null: none does. */
export function frozenBy(freezes: readonly FreezeRule[], effects: readonly Effect[], now: Instant): Frozen | null {
  return freezes
    .flatMap((freeze): readonly Frozen[] => {
      if (!holds(freeze, effects)) return [];
      const window = windowAt(freeze, now);
      return window === null ? [] : [{ name: freeze.name, until: window.until }];
    })
    .reduce<Frozen | null>((one, other) => (one === null || other.until > one.until ? other : one), null);
}

/** A freeze of the policy that holds these writes in this time. */
export interface FreezeAhead extends FreezeWindow {
  readonly name: string;
}

/** Of each freeze that would hold these writes the window that is on at `now`, or the next that begins before `until`; the first to begin first. */
export function freezesAhead(
  freezes: readonly FreezeRule[],
  effects: readonly Effect[],
  now: Instant,
  until: Instant,
): readonly FreezeAhead[] {
  return freezes
    .flatMap((freeze): readonly FreezeAhead[] => {
      const window = holds(freeze, effects) ? (windowAt(freeze, now) ?? nextWindow(freeze, now)) : null;
      return window === null || window.from >= until ? [] : [{ name: freeze.name, ...window }];
    })
    .toSorted((one, other) => (one.from < other.from ? -1 : 1));
}

/** What a freeze is doing: on until then, next on from then, or over for good. */
export type FreezeStatus =
  | { readonly name: string; readonly kind: 'on'; readonly until: Instant }
  | { readonly name: string; readonly kind: 'next'; readonly from: Instant; readonly until: Instant }
  | { readonly name: string; readonly kind: 'over' };

/** Each freeze of the policy as it stands at `now`, in the policy's order. */
export function freezeStatusOf(freezes: readonly FreezeRule[], now: Instant): readonly FreezeStatus[] {
  return freezes.map((freeze): FreezeStatus => {
    const { name } = freeze;
    const on = windowAt(freeze, now);
    if (on !== null) return { name, kind: 'on', until: on.until };
    const next = nextWindow(freeze, now);
    return next === null ? { name, kind: 'over' } : { name, kind: 'next', ...next };
  });
}

/** One write that it is for and does not allow is enough. */
const holds = ({ namespaces, allow = [] }: FreezeRule, effects: readonly Effect[]): boolean => {
  const names = namespaces === undefined ? null : globs(namespaces);
  const allowed = new Set<string>(allow);
  return writesOf(effects).some((effect) => !allowed.has(effect.kind) && isIn(effect, names));
};

/** What may be in any namespace, or stands in none and so may touch any, is in those of the freeze too. */
const isIn = (effect: Effect, names: RegExp | null): boolean => {
  if (names === null) return true;
  const namespace = namespaceOf(effect);
  return namespace === null || namespace === '*' || names.test(namespace);
};
