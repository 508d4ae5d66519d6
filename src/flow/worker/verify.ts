// Watches what was written converge: one look, one verdict a tick.

import type { Direction } from '../../core/approval/permit.ts';
import { type Instant, secondsBetween } from '../../core/model/instant.ts';
import { lookOf, settledLook } from '../../core/remediation/look-of.ts';
import type { Attempt } from '../../core/remediation/remediation.ts';
import type { Look, Sample } from '../../core/remediation/sample.ts';
import { judgeLooks, type Verdict, type VerdictRule } from '../../core/remediation/verdict.ts';
import { changesOf } from '../../core/sealed-spec/declarative-spec.ts';
import { within } from '../deadline.ts';
import { nowOf } from '../transition.ts';
import type { Tick, TickResult } from './tick.ts';

export async function verify(tick: Tick, direction: Direction): Promise<TickResult> {
  return {
    events: [{ event: 'sampled', direction, ...(await lookNow(tick, direction)) }],
    onto: tick.remediation,
  };
}

/** One look at the targets and the verdict with it. A reader that fails has seen nothing. */
export async function lookNow(
  { gate, remediation, signal }: Tick,
  direction: Direction,
): Promise<{ readonly look: Look; readonly verdict: Verdict }> {
  const { spec } = remediation;
  const attempt = remediation[direction];
  if (attempt === null) throw new Error(`watching ${direction} without a write (this is a bug)`);
  const { at, before } = secondsOfWatch(attempt, remediation.looks, nowOf(gate));
  const effects = direction === 'forward' ? spec.effects : spec.rollbackPlan.steps;
  const { settleSeconds } = gate.verdictRule;
  const soakSeconds = Math.max(settleSeconds, spec.soakSeconds ?? 0);
  const look = settledLook(lookOf(before.at(-1) ?? null, at, await sample()), before, { settleSeconds, soakSeconds });
  const rule: VerdictRule = {
    ...gate.verdictRule,
    windowSeconds: spec.convergeWithinSeconds,
    settleSeconds: soakSeconds,
  };
  return { look, verdict: judgeLooks([...before, look], rule) };

  async function sample(): Promise<readonly Sample[]> {
    try {
      const ran = attempt?.ran;
      return await gate.reader.sample(
        {
          effects,
          targets: spec.facts,
          changes: changesOf(spec),
          ...(ran === undefined ? {} : { wasReady: ran.wasReady }),
        },
        within('sample', signal),
      );
    } catch (error) {
      const why = error instanceof Error ? error.message : 'the cluster could not be asked';
      return [{ seen: 'nothing', target: spec.target, why }];
    }
  }
}

/** Seconds without any look, after which nobody was watching: the gate was down. */
const GAP = 30;
/** So often watching may begin anew; a gate that keeps dying must not watch for ever. */
const WATCHES = 5;

/**
 * The window measures how long the workload had while somebody watched. After a gap it begins anew: what became healthy
 * unseen must not be taken back for having been seen late, nor be believed without its settle time.
 */
const secondsOfWatch = (
  { watchedSince, reachedAt, sentAt, watches }: Attempt,
  looks: readonly Look[],
  now: Instant,
): { readonly at: number; readonly before: readonly Look[] } => {
  const begun = watchedSince ?? reachedAt ?? sentAt;
  const at = secondsBetween(begun, now);
  const gap = at - (looks.at(-1)?.at ?? 0);
  return gap > GAP && watches < WATCHES ? { at: 0, before: [] } : { at, before: looks };
};
