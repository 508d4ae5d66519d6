// Several codes describe one outage: of these only the largest counts (scoring section 5). It must never drop any other code.
import type { ReasonCode } from '../../model/reason.ts';

/** At equal points the one that stands first is kept. */
const OUTAGE: readonly ReasonCode[] = ['scale-to-zero', 'endpoints', 'replica-drop', 'last-replica', 'share'];

/** The list with the largest of these codes and without the others, in the same order. */
export const oneOutage = <T extends { readonly code: ReasonCode; readonly points: number }>(
  reasons: readonly T[],
): readonly T[] => {
  let largest: T | null = null;
  for (const code of OUTAGE) {
    for (const reason of reasons) {
      if (reason.code === code && (largest === null || reason.points > largest.points)) largest = reason;
    }
  }
  return reasons.filter((reason) => reason === largest || !OUTAGE.includes(reason.code));
};
