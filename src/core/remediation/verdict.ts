// Whether what was written has converged, judged from looks alone.
import type { Look, PodTrouble, Sample } from './sample.ts';

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
] as const;
export type VerdictCode = (typeof VERDICT_CODES)[number];

/**
 * `moving`: look again. The other three are final: `converged`; `failing`, for certain or because the window is over;
 * `unknown`, the window is over and the cluster could not be asked. Only `converged` is a success.
 */
export interface Verdict {
  readonly is: 'converged' | 'moving' | 'failing' | 'unknown';
  readonly code: VerdictCode;
  /** The object and what was seen of it: "deployment/web -n shop: pod/web-1 CrashLoopBackOff"; null where the code says all. */
  readonly subject: string | null;
}

/** What one sample says by itself. `lasting` fails only once it has lasted; `certain` fails at once. */
interface Finding {
  readonly is: 'healthy' | 'moving' | 'lasting' | 'certain' | 'unseen';
  readonly code: VerdictCode;
  readonly subject: string;
}

/** Reasons of a waiting container that every start passes through. */
const STARTING: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);
/** Reasons that no waiting cures. */
const INCURABLE: ReadonlySet<string> = new Set(['InvalidImageName', 'ErrImageNeverPull']);
/** Restarts from which a crash loop is no longer a slow start. */
const CERTAIN_RESTARTS = 3;

const isCertain = (trouble: PodTrouble): boolean =>
  INCURABLE.has(trouble.reason) || (trouble.reason === 'CrashLoopBackOff' && trouble.restarts >= CERTAIN_RESTARTS);

type WorkloadSample = Sample & { readonly seen: 'workload' };

/** What the cluster says of the pods that do not come; only the first is told. */
const hindranceOf = ({ rollout }: WorkloadSample): string => {
  const [first] = rollout?.hindrances ?? [];
  return first === undefined ? '' : `; ${first.object} ${first.reason}: ${first.message}`;
};

const counted = (sample: WorkloadSample): string => {
  const { target, desired, updated, ready, available } = sample;
  return `${target}: ${updated} updated, ${ready} ready, ${available} available of ${desired}${hindranceOf(sample)}`;
};

const troubled = (target: string, { pod, container, reason, message }: PodTrouble): string =>
  `${target}: pod/${pod} ${container} ${reason}${message === undefined ? '' : `: ${message}`}`;

/**
 * A deployment controller keeps the condition of the rollout before until this one moves. Where it is known to be of this
 * write it is Kubernetes' own verdict; where that cannot be told it must last; of an earlier rollout it says nothing.
 */
const exceeded = (sample: WorkloadSample): Finding['is'] | null => {
  if (!sample.deadlineExceeded) return null;
  const sinceWrite = sample.rollout?.exceededSinceWrite ?? null;
  if (sinceWrite === null) return 'lasting';
  return sinceWrite ? 'certain' : null;
};

const assessWorkload = (sample: WorkloadSample): Finding => {
  const { target, desired, updated, replicas, ready, available } = sample;
  if (sample.observedGeneration === null || sample.observedGeneration < sample.generation)
    return { is: 'moving', code: 'not-observed', subject: target };
  if (sample.paused && updated < desired) return { is: 'certain', code: 'paused', subject: target };
  const troubles = sample.troubles.filter(({ reason }) => !STARTING.has(reason));
  const worst = troubles.find(isCertain) ?? troubles[0];
  if (worst !== undefined) {
    return { is: isCertain(worst) ? 'certain' : 'lasting', code: 'trouble', subject: troubled(target, worst) };
  }
  if ([updated, replicas, ready, available].every((count) => count === desired))
    return { is: 'healthy', code: 'settling', subject: target };
  const passed = exceeded(sample);
  return passed === null
    ? { is: 'moving', code: 'rolling-out', subject: counted(sample) }
    : { is: passed, code: 'deadline-exceeded', subject: counted(sample) };
};

const assess = (sample: Sample): Finding => {
  const { target } = sample;
  switch (sample.seen) {
    case 'nothing':
      return { is: 'unseen', code: 'not-seen', subject: `${target}: ${sample.why}` };
    case 'gone':
      return { is: 'certain', code: 'gone', subject: target };
    case 'overwritten':
      return { is: 'certain', code: 'overwritten', subject: sample.by == null ? target : `${target}: ${sample.by}` };
    case 'autoscaled':
      return { is: 'certain', code: 'autoscaled', subject: `${target}: ${sample.autoscaler}` };
    case 'held':
    case 'written':
      return { is: 'healthy', code: 'settling', subject: target };
    case 'leaving':
      return { is: 'moving', code: 'leaving', subject: target };
    case 'removed':
    case 'intact':
      return { is: 'healthy', code: 'settling', subject: target };
    case 'container-lost':
      return { is: 'certain', code: 'container-lost', subject: `${target}: ${sample.container}` };
    case 'unready':
      return { is: 'moving', code: 'unready', subject: target };
    case 'workload':
      return assessWorkload(sample);
    default: {
      const never: never = sample;
      return never;
    }
  }
};

/** A look with one finding per target; a target that this look leaves out was not seen. */
interface Assessed {
  readonly at: number;
  readonly findings: ReadonlyMap<string, Finding>;
}

const assessAll = (looks: readonly Look[]): readonly Assessed[] => {
  // A look that failed as a whole may name its target otherwise; only what was once seen must be seen again.
  const seenOnce = looks.flatMap(({ samples }) => samples.filter(({ seen }) => seen !== 'nothing'));
  const targets = new Set(seenOnce.map(({ target }) => target));
  return looks.map(({ at, samples }) => {
    const seen = new Map(samples.map((sample) => [sample.target, assess(sample)]));
    const unseen: readonly (readonly [string, Finding])[] = [...targets]
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

/** Seconds of the first look since which everything has looked healthy without a gap; null: it does not, as of the last one. */
export function healthySince(looks: readonly Look[]): number | null {
  return unbrokenHealth(assessAll(looks));
}

const unbrokenHealth = (assessed: readonly Assessed[]): number | null =>
  unbrokenSince(assessed, (look) => (isHealthy(look) ? 'yes' : 'no'));

/** A failure that is certain now, or has lasted long enough to be. */
const failureOf = (assessed: readonly Assessed[], last: Assessed, rule: VerdictRule): Finding | null => {
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
const convergedAs = (samples: readonly Sample[]): Verdict => {
  const is = 'converged';
  const held = samples.find(({ seen }) => seen === 'held');
  if (held !== undefined) return { is, code: 'rollout-held', subject: held.target };
  const workloads = samples.filter((sample) => sample.seen === 'workload');
  const left = workloads.flatMap(({ leftOver }) => leftOver ?? []);
  if (left.length > 0) return { is, code: 'left-over', subject: left.join(', ') };
  // An order for nothing is as approved, and nobody calls it healthy.
  const runs = workloads.some(({ desired }) => desired > 0);
  return { is, code: runs ? 'converged' : 'as-approved', subject: null };
};

/** Which of several findings names the verdict: the one that a reader must see first. */
const foremost = (look: Assessed): Finding | null => {
  const order = ['lasting', 'unseen', 'moving', 'healthy'];
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

/**
 * Judges the looks since the write, oldest first. Looks older than both the settle and the certainty time may be left
 * out. No look at all is `moving`: the caller looks again, and hands in a look that saw nothing as such.
 *
 * Healthy means what `kubectl rollout status` waits for (1.36: observed generation, all updated, none old, all
 * available) and besides no pod in trouble, for the settle time without a gap: "success, then CrashLoopBackOff" is none.
 * Unhealthy is what lasts, what Kubernetes calls so, or what has not moved for as long as it may: a rollout that moves is neither.
 */
export function judgeLooks(looks: readonly Look[], rule: VerdictRule): Verdict {
  const assessed = assessAll(looks);
  const last = assessed.at(-1);
  if (last === undefined) return { is: 'moving', code: 'not-seen', subject: null };

  const failure = failureOf(assessed, last, rule);
  if (failure !== null) return { is: 'failing', code: failure.code, subject: failure.subject };

  const since = unbrokenHealth(assessed);
  if (since !== null) {
    const settled = last.at > since && last.at - since >= rule.settleSeconds;
    if (settled) return convergedAs(looks.at(-1)?.samples ?? []);
    if (since <= endOf(looks, rule)) return { is: 'moving', code: 'settling', subject: null };
  }

  const shown = foremost(last);
  const subject = shown?.subject ?? null;
  if (last.at < endOf(looks, rule)) return { is: 'moving', code: shown?.code ?? 'not-seen', subject };
  const blind = shown === null || [...last.findings.values()].some(({ is }) => is === 'unseen');
  return blind ? { is: 'unknown', code: 'never-seen', subject } : { is: 'failing', code: 'window-over', subject };
}
