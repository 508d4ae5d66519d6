// What happened to a remediation in one step → how long what ended with it has taken.
import { type Instant, secondsBetween } from '../model/instant.ts';
import type { Tier } from '../model/tier.ts';
import type { EventRecord } from './event.ts';
import type { Remediation } from './remediation.ts';
import { isFinal, type State } from './state.ts';

/** A part of a remediation's life that has ended; `begun` and `ended` by the gate's clock. */
export type Phase = { readonly begun: Instant; readonly ended: Instant } & (
  | { readonly kind: 'approval'; readonly tier: Tier; readonly end: State }
  | { readonly kind: 'execution' | 'rollback'; readonly answer: string }
  | { readonly kind: 'verification'; readonly end: State }
);

/** The phases that end with these records, in their order; most steps end none. */
export function phasesEnding(after: Remediation, records: readonly EventRecord[]): readonly Phase[] {
  return records.flatMap(({ at, event, from, to }): readonly Phase[] => {
    const phases: Phase[] = [];
    if (from === 'awaiting-approval' && to !== from)
      phases.push({ kind: 'approval', begun: after.createdAt, ended: at, tier: after.spec.tier, end: to });
    if (event.event === 'write-answered') {
      const sent = (event.direction === 'forward' ? after.forward : after.back)?.sentAt;
      const kind = event.direction === 'forward' ? 'execution' : 'rollback';
      if (sent !== undefined) phases.push({ kind, begun: sent, ended: at, answer: event.answer.outcome });
    }
    const reached = (from === 'rolling-back' ? after.back : after.forward)?.reachedAt ?? null;
    const isVerified = from !== null && from !== to && (isFinal(to) || to === 'rolling-back');
    if (isVerified && reached !== null && reached <= at && event.event === 'sampled')
      phases.push({ kind: 'verification', begun: reached, ended: at, end: to });
    return phases;
  });
}

/** Whole and parts of a second from one end of a phase to the other; never below 0, whatever the clock did. */
export function phaseSeconds({ begun, ended }: Phase): number {
  return Math.max(0, secondsBetween(begun, ended));
}
