// The samples of a remediation → a line per object and direction, for small charts. Pure.
import type { Sample } from '../../../src/core/remediation/sample.ts';
import type { SampledEvent, ShownEvent } from '../api/types.ts';

export interface Point {
  /** Seconds since the write. */
  readonly at: number;
  readonly ready: number;
  readonly desired: number;
}

export interface Series {
  readonly target: string;
  readonly direction: 'forward' | 'back';
  readonly points: readonly Point[];
  /** What holds it back as of the latest look; [] once all has converged. */
  readonly troubles: readonly string[];
  /** What was seen on the way and has passed: a container that was being created is no fault of a pod that runs. */
  readonly passed: readonly string[];
}

export function isSampled(event: ShownEvent): event is SampledEvent {
  return event.event === 'sampled' && typeof event['look'] === 'object' && event['look'] !== null;
}

const countsOf = (sample: Sample): { ready: number; desired: number } | null => {
  if (sample.seen === 'workload') return { ready: sample.ready, desired: sample.desired };
  if (sample.seen === 'object' && sample.health.ready !== null)
    return { ready: sample.health.ready, desired: sample.health.ready };
  return null;
};

const troublesOf = (sample: Sample): readonly string[] =>
  sample.seen === 'workload'
    ? [
        ...sample.troubles.map(({ reason }) => reason),
        ...(sample.rollout?.hindrances ?? []).map(({ reason }) => reason),
      ]
    : [];

/** One line for each object that counts something, forward before back, as they first appear. */
export function seriesOf(events: readonly ShownEvent[]): readonly Series[] {
  const lines = new Map<
    string,
    { target: string; direction: 'forward' | 'back'; points: Point[]; troubles: readonly string[]; seen: Set<string> }
  >();
  for (const { direction, look, verdict } of events.filter(isSampled)) {
    for (const sample of look.samples) {
      const counts = countsOf(sample);
      if (counts === null) continue;
      const key = `${direction} ${sample.target}`;
      const line = lines.get(key) ?? {
        target: sample.target,
        direction,
        points: [],
        troubles: [],
        seen: new Set<string>(),
      };
      lines.set(key, line);
      line.points.push({ at: look.at, ...counts });
      const troubles = troublesOf(sample);
      for (const trouble of troubles) line.seen.add(trouble);
      line.troubles = verdict.is === 'converged' ? [] : [...new Set(troubles)];
    }
  }
  return [...lines.values()].map(({ seen, ...line }) => ({
    ...line,
    passed: [...seen].filter((trouble) => !line.troubles.includes(trouble)),
  }));
}
