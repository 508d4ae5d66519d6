// Watches what was written converge: one look, one verdict a tick. It must never call a look that saw nothing healthy.
import type { Direction } from '../core/approval/permit.ts';
import { secondsBetween } from '../core/instant.ts';
import type { Remediation } from '../core/remediation/remediation.ts';
import type { Look, Sample } from '../core/remediation/sample.ts';
import { judge, type Verdict } from '../core/remediation/verdict.ts';
import { within } from './deadline.ts';
import { nowOf } from './step.ts';
import type { Done, Tick } from './tick.ts';

export const verify = async (tick: Tick, direction: Direction): Promise<Done> => ({
  events: [{ event: 'sampled', direction, ...(await lookNow(tick, direction)) }],
  onto: tick.remediation,
});

/** One look at the targets and the verdict with it. A reader that fails has seen nothing. */
export const lookNow = async (
  { gate, remediation, signal }: Tick,
  direction: Direction,
): Promise<{ readonly look: Look; readonly verdict: Verdict }> => {
  const { spec } = remediation;
  const at = secondsBetween(writtenAt(remediation, direction), nowOf(gate));
  const effects = direction === 'forward' ? spec.effects : spec.rollbackPlan.steps;
  const samples = await sample();
  const look: Look = { at, samples };
  const rule = { ...gate.verdictRule, windowSeconds: spec.convergeWithinSeconds };
  return { look, verdict: judge([...remediation.looks, look], rule) };

  async function sample(): Promise<readonly Sample[]> {
    try {
      return await gate.reader.sample(effects, spec.facts, within('sample', signal));
    } catch (error) {
      const why = error instanceof Error ? error.message : 'the cluster could not be asked';
      return [{ seen: 'nothing', target: spec.target, why }];
    }
  }
};

const writtenAt = (remediation: Remediation, direction: Direction): string => {
  const attempt = remediation[direction];
  if (attempt === null) throw new Error(`verifying ${direction} without a write (this is a bug)`);
  return attempt.reachedAt ?? attempt.sentAt;
};
