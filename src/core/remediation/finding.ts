// One sample → what it says by itself: healthy, on its way, failed, or not seen.
import type { PodTrouble, Sample } from './sample.ts';
import type { VerdictCode } from './verdict.ts';

/**
 * `lasting` fails only once it has lasted; `certain` fails at once; `running` is as good as healthy when the window ends;
 * `as-before` is unhealthy, and was so before the write (baseline.ts).
 */
export interface SampleFinding {
  readonly is: 'healthy' | 'running' | 'as-before' | 'moving' | 'lasting' | 'certain' | 'unseen';
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

/** The trouble that a reader must see first, and whether waiting may cure it; null: every pod runs, or only starts. */
export function worstTrouble(
  troubles: readonly PodTrouble[],
): { readonly is: 'lasting' | 'certain'; readonly says: string } | null {
  const real = troubles.filter(({ reason }) => !STARTING.has(reason));
  const worst = real.find(isCertain) ?? real[0];
  if (worst === undefined) return null;
  const { pod, container, reason, message } = worst;
  const says = `pod/${pod} ${container} ${reason}${message === undefined ? '' : `: ${message}`}`;
  return { is: isCertain(worst) ? 'certain' : 'lasting', says };
}

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

/**
 * A deployment controller keeps the condition of the rollout before until this one moves. Where it is known to be of this
 * write it is Kubernetes' own verdict; where that cannot be told it must last; of an earlier rollout it says nothing.
 */
const exceeded = (sample: WorkloadSample): SampleFinding['is'] | null => {
  if (!sample.deadlineExceeded) return null;
  const sinceWrite = sample.rollout?.exceededSinceWrite ?? null;
  if (sinceWrite === null) return 'lasting';
  return sinceWrite ? 'certain' : null;
};

const ofWorkload = (sample: WorkloadSample): SampleFinding => {
  const { target, desired, updated, replicas, ready, available } = sample;
  if (sample.observedGeneration === null || sample.observedGeneration < sample.generation)
    return { is: 'moving', code: 'not-observed', subject: target };
  if (sample.paused && updated < desired) return { is: 'certain', code: 'paused', subject: target };
  const worst = worstTrouble(sample.troubles);
  if (worst !== null) return { is: worst.is, code: 'trouble', subject: `${target}: ${worst.says}` };
  if ([updated, replicas, ready, available].every((count) => count === desired))
    return { is: 'healthy', code: 'settling', subject: target };
  const passed = exceeded(sample);
  return passed === null
    ? { is: 'moving', code: 'rolling-out', subject: counted(sample) }
    : { is: passed, code: 'deadline-exceeded', subject: counted(sample) };
};

const told = (target: string, says: string | null): string => (says === null ? target : `${target}: ${says}`);

/** What one sample says, whatever was seen before. */
export function findingOf(sample: Sample): SampleFinding {
  const { target } = sample;
  switch (sample.seen) {
    case 'nothing':
      return {
        is: 'unseen',
        code: sample.of === 'check' ? 'check-unseen' : 'not-seen',
        subject: told(target, sample.why),
      };
    case 'gone':
      return { is: 'certain', code: 'gone', subject: target };
    case 'overwritten':
      return { is: 'certain', code: 'overwritten', subject: told(target, sample.by ?? null) };
    case 'autoscaled':
      return { is: 'certain', code: 'autoscaled', subject: told(target, sample.autoscaler) };
    case 'held':
    case 'written':
    case 'intact':
    case 'removed':
      return { is: 'healthy', code: 'settling', subject: target };
    case 'leaving':
      return { is: 'moving', code: 'leaving', subject: target };
    case 'object': {
      const { is, code, says } = sample.health;
      return { is, code: code === 'healthy' ? 'settling' : code, subject: told(target, says) };
    }
    case 'check':
      return sample.is === 'passed'
        ? { is: 'healthy', code: 'settling', subject: target }
        : { is: 'moving', code: 'check-failed', subject: told(target, sample.says) };
    case 'container-lost':
      return { is: 'certain', code: 'container-lost', subject: `${target}: ${sample.container}` };
    case 'unready':
      return { is: 'moving', code: 'unready', subject: target };
    case 'workload':
      return ofWorkload(sample);
    default:
      return sample satisfies never;
  }
}
