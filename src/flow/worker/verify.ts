// Watches what was written converge: one look, one verdict a tick; and looks once before it is written.

import type { Direction } from '../../core/approval/permit.ts';
import { verificationSettings } from '../../core/evaluation/verification-settings.ts';
import { checkName, type HealthCheck, sameCheck } from '../../core/model/health-check.ts';
import { type Instant, plusSeconds, secondsBetween } from '../../core/model/instant.ts';
import { isUnhealthy } from '../../core/remediation/baseline.ts';
import { lookOf, settledLook } from '../../core/remediation/look-of.ts';
import { isRepeat } from '../../core/remediation/look-window.ts';
import type { Attempt } from '../../core/remediation/remediation.ts';
import type { Look, Sample } from '../../core/remediation/sample.ts';
import { RHYTHM } from '../../core/remediation/todo.ts';
import { judgeLooks, type Verdict, type VerdictRule } from '../../core/remediation/verdict.ts';
import { changesOf } from '../../core/sealed-spec/declarative-spec.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { within } from '../deadline.ts';
import { nowOf } from '../transition.ts';
import type { Tick, TickResult } from './tick.ts';

/** One look; where it shows what the last kept one showed, nothing is recorded, and it is looked again at the usual beat. */
export async function verify(tick: Tick, direction: Direction): Promise<TickResult> {
  const { gate, remediation } = tick;
  const now = await lookNow(tick, direction);
  const { looks, verdict, backVerdict } = remediation;
  if (isRepeat(now, { looks, verdict: direction === 'forward' ? verdict : backVerdict }))
    return { later: plusSeconds(nowOf(gate), RHYTHM.sample) };
  return { events: [{ event: 'sampled', direction, ...now }], onto: remediation };
}

/** One look at the targets and the verdict with it. A reader that fails has seen nothing. */
export async function lookNow(
  tick: Tick,
  direction: Direction,
): Promise<{ readonly look: Look; readonly verdict: Verdict }> {
  const { gate, remediation } = tick;
  const { spec, baseline = [] } = remediation;
  const attempt = remediation[direction];
  if (attempt === null) throw new Error(`watching ${direction} without a write (this is a bug)`);
  const { at, before } = secondsOfWatch(attempt, remediation.looks, nowOf(gate));
  const { settleSeconds } = gate.verdictRule;
  const soakSeconds = Math.max(settleSeconds, spec.soakSeconds ?? 0);
  const seen = lookOf(before.at(-1) ?? null, at, await samplesNow(tick, direction, true));
  const look = settledLook(seen, before, { settleSeconds, soakSeconds, baseline });
  const rule: VerdictRule = {
    ...gate.verdictRule,
    windowSeconds: spec.convergeWithinSeconds,
    settleSeconds: soakSeconds,
  };
  return { look, verdict: judgeLooks([...before, look], rule, baseline) };
}

/** What of the objects and the checks is unhealthy before anything is written; the rest excuses nothing, and is not kept. */
export async function baselineOf(tick: Tick): Promise<readonly Sample[]> {
  return (await samplesNow(tick, 'forward', false)).filter(isUnhealthy);
}

/** The objects of one direction; with the checks on the way forward: what a rollback restores are the objects. */
const samplesNow = async (tick: Tick, direction: Direction, isWritten: boolean): Promise<readonly Sample[]> => {
  const checks = direction === 'forward' ? checksNow(tick) : [];
  const asked = checks.map((check) => askCheck(tick, check));
  return [...(await objectsNow(tick, direction, isWritten)), ...(await Promise.all(asked))];
};

const objectsNow = async (
  { gate, remediation: { spec, forward }, signal }: Tick,
  direction: Direction,
  isWritten: boolean,
): Promise<readonly Sample[]> => {
  const ran = forward?.ran;
  const effects = direction === 'forward' ? spec.effects : spec.rollbackPlan.steps;
  try {
    const watched = { effects, targets: spec.facts, changes: changesOf(spec), made: spec, isWritten };
    const pod = ran === undefined ? {} : { wasReady: ran.wasReady };
    return await gate.reader.sample({ ...watched, ...pod }, within('sample', signal));
  } catch (error) {
    const why = error instanceof Error ? error.message : 'the cluster could not be asked';
    return [{ seen: 'nothing', target: spec.target, why }];
  }
};

/** Those that were sealed and that the policy still names: no address is asked that stands in no policy. */
const checksNow = ({ gate: { policy }, remediation: { spec } }: Tick): readonly HealthCheck[] => {
  if (spec.checks === undefined) return [];
  const { checks } = verificationSettings(policy, spec.effects, { windowSeconds: null, otherwise: 0 });
  return spec.checks.filter((sealed) => checks.some((one) => sameCheck(one, sealed)));
};

const askCheck = async ({ gate, signal }: Tick, check: HealthCheck): Promise<Sample> => {
  const target = checkName(check);
  try {
    return { seen: 'check', target, ...(await gate.checks.ask(check, within('check', signal))) };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return { seen: 'nothing', of: 'check', target, why: error.message };
  }
};

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
