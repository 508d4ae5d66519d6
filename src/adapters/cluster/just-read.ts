// A fact → the object that it was made from, for a moment: whoever tries a write at once need not read it a second time.
import { changesTemplate, type Effect } from '../../core/model/effect.ts';
import type { TargetFact } from '../../core/model/facts.ts';
import { textAt } from './json-at.ts';
import type { Live } from './live.ts';

/**
 * Milliseconds. What is sent is bound to the version that was read, so that an object that moved on meanwhile answers 409; a dry run
 * that was refused is believed only of an object that was read anew (rehearse.ts).
 */
const MOMENT_MS = 1_000;

interface Kept {
  readonly live: Live;
  readonly until: number;
}

/** By the fact itself: one that came from anywhere else than the reader has no object. */
const KEPT = new WeakMap<TargetFact, Kept>();

export function keepRead(fact: TargetFact, live: Live): void {
  KEPT.set(fact, { live, until: performance.now() + MOMENT_MS });
}

/** In a list the API server leaves both out of its own kinds: compared with the object itself they would seem to be new. */
const saysItsKind = ({ object }: Live): boolean =>
  textAt(object, 'kind') !== null && textAt(object, 'apiVersion') !== null;

/** null: read it. With its history where the effect is about its template. */
export function justRead(fact: TargetFact | null, effect: Effect): Live | null {
  const kept = fact === null ? undefined : KEPT.get(fact);
  if (kept === undefined || performance.now() >= kept.until) return null;
  const { live } = kept;
  // A program changes no object: nothing is compared with it.
  if (effect.change.to !== 'run' && !saysItsKind(live)) return null;
  return changesTemplate(effect) && live.history === null ? null : live;
}
