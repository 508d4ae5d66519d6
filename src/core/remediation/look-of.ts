// A look at what converges and the look before it → whether everything has come further than ever before.
import type { Look, Sample } from './sample.ts';
import { healthySince, LONGEST_WINDOW_SECONDS } from './verdict.ts';

/**
 * How far one object has come: updated pods, ready ones among them, old ones gone. Each only rises while a rollout moves,
 * whatever its strategy; a pod that flaps lowers it and is no progress when it is back. null: its controller has not seen the
 * write, or nobody has seen the object.
 */
const markOf = (sample: Sample): number | null => {
  switch (sample.seen) {
    case 'workload': {
      const { observedGeneration, generation, updated, replicas, rollout } = sample;
      if (observedGeneration === null || observedGeneration < generation) return null;
      return updated + (rollout?.updatedReady ?? 0) - Math.max(0, replicas - updated);
    }
    case 'object':
      return sample.health.ready ?? (sample.health.is === 'healthy' ? 1 : 0);
    case 'removed':
    case 'held':
    case 'written':
    case 'intact':
      return 1;
    // A check tells nothing of how far the objects have come, and must not hide it.
    case 'check':
      return 0;
    case 'container-lost':
    case 'unready':
    case 'autoscaled':
    case 'leaving':
    case 'overwritten':
    case 'gone':
      return 0;
    case 'nothing':
      return sample.of === 'check' ? 0 : null;
    default:
      return sample satisfies never;
  }
};

/** The look of these samples, `at` seconds after watching began; `before` is the last one of the same watch, null for the first. */
export function lookOf(before: Look | null, at: number, samples: readonly Sample[]): Look {
  const marks = samples.map(markOf);
  const mark = marks.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
  const best = before?.progress ?? { since: 0, mark: null };
  const further = mark !== null && (best.mark === null || mark > best.mark);
  return { at, samples, progress: further ? { since: before === null ? 0 : at, mark } : best };
}

/**
 * During a soak, having been healthy for the settle time is progress: what then moves again (an autoscaler, a pod that is
 * replaced) gets its patience anew, for an hour beside the soak in all. `before` are the looks of the same watch, `baseline` the
 * samples before the write.
 */
export function settledLook(
  look: Look,
  before: readonly Look[],
  {
    settleSeconds,
    soakSeconds,
    baseline,
  }: { readonly settleSeconds: number; readonly soakSeconds: number; readonly baseline: readonly Sample[] },
): Look {
  const since = healthySince([...before, look], baseline);
  const isSettled = since !== null && look.at - since >= settleSeconds;
  if (!isSettled || look.at > LONGEST_WINDOW_SECONDS + soakSeconds) return look;
  return { ...look, progress: { since: look.at, mark: look.progress?.mark ?? null } };
}
