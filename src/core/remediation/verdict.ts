// Whether what was written has converged, judged from looks alone.
import { findingBeside, isNoWorse } from './baseline.ts';
import type { SampleFinding } from './finding.ts';
import type { Look, Sample } from './sample.ts';

/** Seconds, all of them. */
export interface VerdictRule {
  /** How long nothing may move before it counts as failed, at least (the spec's convergeWithinSeconds); see patienceWith. */
  readonly windowSeconds: number;
  /** How long everything must have looked healthy, without a gap, before it counts. */
  readonly settleSeconds: number;
  /** How long a trouble that may pass (a crash loop, a pull that backs off) must last before it is certain. */
  readonly certainAfterSeconds: number;
}

export const DEFAULT_VERDICT_RULE: VerdictRule = { windowSeconds: 120, settleSeconds: 10, certainAfterSeconds: 10 };

/** No workload is waited for longer than this without any progress. */
export const LONGEST_WINDOW_SECONDS = 3600;

export const VERDICT_CODES = [
  'converged',
  'as-approved',
  'rollout-held',
  'left-over',
  'settling',
  'not-observed',
  'rolling-out',
  'leaving',
  'not-seen',
  'gone',
  'overwritten',
  'autoscaled',
  'paused',
  'deadline-exceeded',
  'trouble',
  'window-over',
  'never-seen',
  'exit-code',
  'container-lost',
  'unready',
  'nothing-to-wait-for',
  'still-unhealthy',
  'not-ready',
  'running',
  'run-failed',
  'suspended',
  'no-endpoints',
  'cannot-scale',
  'resizing',
  'resize-pending',
  'resize-failed',
  'check-failed',
  'check-unseen',
] as const;
export type VerdictCode = (typeof VERDICT_CODES)[number];

/**
 * `moving`: look again. The others are final: `converged`; `failing`, for certain or because the window is over; `as-before`,
 * the window is over and it is as unhealthy as it was before the write, and no worse; `unknown`, the window is over and the
 * cluster (or a check) could not be asked. Only `converged` is a success.
 */
export interface Verdict {
  readonly is: 'converged' | 'moving' | 'failing' | 'as-before' | 'unknown';
  readonly code: VerdictCode;
  /** The object and what was seen of it: "deployment/web -n shop: pod/web-1 CrashLoopBackOff"; null where the code says all. */
  readonly subject: string | null;
}

/** A look with one finding per target; a target that this look leaves out was not seen. */
interface Assessed {
  readonly at: number;
  readonly findings: ReadonlyMap<string, SampleFinding>;
}

const assessAll = (looks: readonly Look[], before: readonly Sample[]): readonly Assessed[] => {
  const then = new Map(before.map((sample) => [sample.target, sample]));
  // A look that failed as a whole may name its target otherwise; only what was once seen must be seen again.
  const seenOnce = looks.flatMap(({ samples }) => samples.filter(({ seen }) => seen !== 'nothing'));
  const targets = new Set(seenOnce.map(({ target }) => target));
  return looks.map(({ at, samples }) => {
    const seen = new Map(samples.map((sample) => [sample.target, findingBeside(then.get(sample.target), sample)]));
    const unseen: readonly (readonly [string, SampleFinding])[] = [...targets]
      .filter((target) => !seen.has(target))
      .map((target) => [target, { is: 'unseen', code: 'not-seen', subject: target }]);
    return { at, findings: new Map([...seen, ...unseen]) };
  });
};

const isHealthy = ({ findings }: Assessed): boolean =>
  findings.size > 0 && [...findings.values()].every(({ is }) => is === 'healthy');

/** Since when, going back from the last look, `holds` was true without a gap; null when the last look breaks it. */
const unbrokenSince = (
  assessed: readonly Assessed[],
  holds: (look: Assessed) => 'yes' | 'no' | 'cannot tell',
): number | null => {
  let since: number | null = null;
  for (const look of assessed.toReversed()) {
    const answer = holds(look);
    if (answer === 'no') break;
    if (answer === 'yes') since = look.at;
  }
  return since;
};

/**
 * Seconds of the first look since which everything has looked healthy without a gap; null: it does not, as of the last one.
 * `before`: how the objects were before the write.
 */
export function healthySince(looks: readonly Look[], before: readonly Sample[] = []): number | null {
  return unbrokenHealth(assessAll(looks, before));
}

const unbrokenHealth = (assessed: readonly Assessed[]): number | null =>
  unbrokenSince(assessed, (look) => (isHealthy(look) ? 'yes' : 'no'));

/** A failure that is certain now, or has lasted long enough to be. */
const failureOf = (assessed: readonly Assessed[], last: Assessed, rule: VerdictRule): SampleFinding | null => {
  for (const [target, finding] of last.findings) {
    if (finding.is === 'certain') return finding;
    if (finding.is !== 'lasting') continue;
    const since = unbrokenSince(assessed, ({ findings }) => {
      const then = findings.get(target)?.is;
      return then === 'lasting' ? 'yes' : then === 'unseen' ? 'cannot tell' : 'no';
    });
    if (since !== null && last.at - since >= rule.certainAfterSeconds) return finding;
  }
  return null;
};

/** What there is to say of objects that all are as they should be. */
const convergedAs = (samples: readonly Sample[], before: readonly Sample[]): Verdict => {
  const is = 'converged';
  const held = samples.find(({ seen }) => seen === 'held');
  if (held !== undefined) return { is, code: 'rollout-held', subject: held.target };
  const workloads = samples.filter((sample) => sample.seen === 'workload');
  const left = workloads.flatMap(({ leftOver }) => leftOver ?? []);
  if (left.length > 0) return { is, code: 'left-over', subject: left.join(', ') };
  const then = new Map(before.map((sample) => [sample.target, sample]));
  const ill = samples.find((sample) => isNoWorse(then.get(sample.target), sample));
  if (ill !== undefined)
    return { is, code: 'still-unhealthy', subject: findingBeside(then.get(ill.target), ill).subject };
  const objects = samples.filter((sample) => sample.seen === 'object');
  const special = objects.find(({ health }) => health.code !== 'healthy' && health.code !== 'nothing-to-wait-for');
  if (special !== undefined) {
    const { code, subject } = findingBeside(undefined, special);
    return { is, code, subject };
  }
  // An order for nothing is as approved, and nobody calls it healthy.
  const runs = workloads.some(({ desired }) => desired > 0) || objects.some(({ health }) => health.code === 'healthy');
  if (runs) return { is, code: 'converged', subject: null };
  return { is, code: objects.length > 0 ? 'nothing-to-wait-for' : 'as-approved', subject: null };
};

/** Which of several findings names the verdict: the one that a reader must see first. */
const foremost = (look: Assessed): SampleFinding | null => {
  const order = ['certain', 'lasting', 'unseen', 'moving', 'as-before', 'running', 'healthy'];
  const sorted = [...look.findings.values()].toSorted((a, b) => order.indexOf(a.is) - order.indexOf(b.is));
  return sorted[0] ?? null;
};

/**
 * Seconds that one workload may go without progress: at least the window, at least its own progress deadline, at most an hour.
 * Kubernetes is given time to say first that its deadline has passed. A kind without one needs its pods to stay ready
 * (minReadySeconds) on top. Where pods cannot even be created no deadline runs in Kubernetes, and the window holds.
 */
const patienceWith = (sample: Sample, { windowSeconds, certainAfterSeconds }: VerdictRule): number => {
  if (sample.seen !== 'workload' || sample.rollout === undefined || sample.rollout.refusesPods) return windowSeconds;
  const { progressDeadlineSeconds, minReadySeconds } = sample.rollout;
  const own =
    progressDeadlineSeconds === null ? windowSeconds + minReadySeconds : progressDeadlineSeconds + certainAfterSeconds;
  return Math.max(windowSeconds, Math.min(own, LONGEST_WINDOW_SECONDS));
};

/** When patience ends if nothing moves any more, in the seconds of the looks. */
const endOf = (looks: readonly Look[], rule: VerdictRule): number => {
  const seen = looks.findLast(({ samples }) => samples.some(({ seen: what }) => what === 'workload'));
  const patience = Math.max(rule.windowSeconds, ...(seen?.samples ?? []).map((one) => patienceWith(one, rule)));
  return (looks.at(-1)?.progress?.since ?? 0) + patience;
};

/** What is left to say once patience is over. */
const atTheEnd = (looks: readonly Look[], last: Assessed, before: readonly Sample[]): Verdict => {
  const shown = foremost(last);
  if (shown === null) return { is: 'unknown', code: 'never-seen', subject: null };
  const { is, code, subject } = shown;
  if (is === 'running' || is === 'healthy') return convergedAs(looks.at(-1)?.samples ?? [], before);
  if (is === 'as-before') return { is, code: 'still-unhealthy', subject };
  const unseen = [...last.findings.values()].find((one) => one.is === 'unseen');
  if (unseen !== undefined)
    return { is: 'unknown', code: unseen.code === 'check-unseen' ? 'check-unseen' : 'never-seen', subject };
  return { is: 'failing', code: code === 'check-failed' ? 'check-failed' : 'window-over', subject };
};

/**
 * Judges the looks since the write, oldest first. Looks older than both the settle and the certainty time may be left
 * out. No look at all is `moving`: the caller looks again, and hands in a look that saw nothing as such. `before` are the
 * samples just before the write: what was broken then, and is no worse, is not held against it; [] where nobody could look.
 *
 * Healthy means what `kubectl rollout status` waits for (1.36: observed generation, all updated, none old, all
 * available) and besides no pod in trouble, for the settle time without a gap: "success, then CrashLoopBackOff" is none.
 * Unhealthy is what lasts, what Kubernetes calls so, or what has not moved for as long as it may: a rollout that moves is neither.
 */
export function judgeLooks(looks: readonly Look[], rule: VerdictRule, before: readonly Sample[] = []): Verdict {
  const assessed = assessAll(looks, before);
  const last = assessed.at(-1);
  if (last === undefined) return { is: 'moving', code: 'not-seen', subject: null };

  const failure = failureOf(assessed, last, rule);
  if (failure !== null) return { is: 'failing', code: failure.code, subject: failure.subject };

  const since = unbrokenHealth(assessed);
  if (since !== null) {
    const settled = last.at > since && last.at - since >= rule.settleSeconds;
    if (settled) return convergedAs(looks.at(-1)?.samples ?? [], before);
    if (since <= endOf(looks, rule)) return { is: 'moving', code: 'settling', subject: null };
  }

  if (last.at >= endOf(looks, rule)) return atTheEnd(looks, last, before);
  const shown = foremost(last);
  return { is: 'moving', code: shown?.code ?? 'not-seen', subject: shown?.subject ?? null };
}
