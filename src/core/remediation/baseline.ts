// How an object was before the write, beside how it is now → whether the write is to blame.
import { findingOf, type SampleFinding } from './finding.ts';
import type { Sample } from './sample.ts';

/** How many of what the object counts are ready; of a workload never more than are wanted now. null: it counts nothing. */
const readyOf = (sample: Sample): number | null => {
  switch (sample.seen) {
    case 'workload':
      return sample.ready;
    case 'object':
      return sample.health.ready;
    case 'nothing':
    case 'gone':
    case 'overwritten':
    case 'autoscaled':
    case 'held':
    case 'written':
    case 'leaving':
    case 'removed':
    case 'check':
    case 'intact':
    case 'container-lost':
    case 'unready':
      return null;
    default:
      return sample satisfies never;
  }
};

/** Codes that say how something runs; the others say what became of the write itself. */
const OF_HEALTH: ReadonlySet<SampleFinding['code']> = new Set<SampleFinding['code']>([
  'trouble',
  'rolling-out',
  'deadline-exceeded',
  'not-ready',
  'run-failed',
  'no-endpoints',
  'cannot-scale',
  'resize-failed',
  'check-failed',
]);

/** All pods are of the newest revision, and too few of them are ready: no rollout under way explains it. */
const lacksReady = (sample: Sample): boolean => {
  if (sample.seen !== 'workload') return false;
  const { desired, updated, replicas, ready, observedGeneration, generation } = sample;
  const isSeen = observedGeneration !== null && observedGeneration >= generation;
  return isSeen && updated === desired && replicas === desired && ready < desired;
};

/** Whether this sample, taken before a write, shows something that is broken; a rollout under way is not. */
export function isUnhealthy(sample: Sample): boolean {
  const { code } = findingOf(sample);
  return OF_HEALTH.has(code) && (code !== 'rolling-out' || lacksReady(sample));
}

/**
 * Whether what is found now is no more than what was wrong before the write: it was unhealthy then, and no fewer are ready now.
 * `before` undefined: nobody could look, so the write is to blame.
 */
export function isNoWorse(before: Sample | undefined, now: Sample): boolean {
  if (before === undefined || !isUnhealthy(before) || !OF_HEALTH.has(findingOf(now).code)) return false;
  const [then, ready] = [readyOf(before), readyOf(now)];
  if (then === null || ready === null) return true;
  const wanted = now.seen === 'workload' ? Math.min(then, now.desired) : then;
  return ready >= wanted;
}

/**
 * What a sample says once it is known how its object was before the write. What no write heals or breaks (a node's kubelet) and
 * was so before is as it should be.
 */
export function findingBeside(before: Sample | undefined, now: Sample): SampleFinding {
  const finding = findingOf(now);
  if (!isNoWorse(before, now)) return finding;
  const isBystander = now.seen === 'object' && now.health.isBystander === true;
  return { ...finding, is: isBystander ? 'healthy' : 'as-before' };
}
