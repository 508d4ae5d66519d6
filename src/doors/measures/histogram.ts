// Seconds by labels → a Prometheus histogram or counter as text (exposition format 0.0.4).
import { labelValue } from './label-value.ts';

/** Values of the labels, in the order of their names. */
export type LabelValues = readonly string[];

export interface Histogram {
  /** Seconds. What is no number, or below 0, is not counted. */
  observe(labels: LabelValues, seconds: number): void;
  text(): string;
}

export interface Counter {
  add(labels: LabelValues, by?: number): void;
  text(): string;
}

interface Named {
  /** With its prefix and unit: "blastgate_approval_seconds". */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** More series than this no metric has: what comes later is counted under "other", so that nobody can make rows without end. */
const MOST_SERIES = 300;

/** Milliseconds to minutes: requests, dry runs, writes. */
export const SHORT_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;
/** Seconds to a day: people and rollouts. */
export const LONG_SECONDS = [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14_400, 86_400] as const;

/** `labels` as they stand behind a name: `{route="/v1/score"}`, '' for none. */
const shown = (names: readonly string[], values: LabelValues): string =>
  names.length === 0 ? '' : `{${names.map((name, at) => `${name}="${labelValue(values[at] ?? '')}"`).join(',')}}`;

const heading = ({ name, help }: Named, type: 'counter' | 'histogram'): readonly string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

/** One value for each set of labels, made when it is first asked for. */
const createSeries = <T>(names: readonly string[], make: () => T) => {
  const known = new Map<string, { readonly labels: LabelValues; readonly value: T }>();
  const other = names.map(() => 'other');
  const find = (labels: LabelValues): T => {
    const key = JSON.stringify(labels);
    const found = known.get(key);
    if (found !== undefined) return found.value;
    if (known.size >= MOST_SERIES && labels !== other) return find(other);
    const value = make();
    known.set(key, { labels, value });
    return value;
  };
  return { find, all: () => [...known.values()] };
};

/** `known`: sets of labels that stand at 0 from the start, so that a first increase is seen. */
export function createCounter(named: Named, known: readonly LabelValues[] = []): Counter {
  const series = createSeries(named.labels, () => ({ count: 0 }));
  for (const labels of known) series.find(labels);
  return {
    add: (labels, by = 1) => {
      series.find(labels).count += by;
    },
    text: () =>
      [
        ...heading(named, 'counter'),
        ...series.all().map(({ labels, value }) => `${named.name}${shown(named.labels, labels)} ${value.count}`),
        '',
      ].join('\n'),
  };
}

/** `bounds` rise; a last one without a bound is always there. */
export function createHistogram(
  named: Named & { readonly bounds: readonly number[] },
  known: readonly LabelValues[] = [],
): Histogram {
  const { name, labels: names, bounds } = named;
  const series = createSeries(names, () => ({ counts: bounds.map(() => 0), all: 0, sum: 0 }));
  for (const labels of known) series.find(labels);
  return {
    observe: (labels, seconds) => {
      if (!(seconds >= 0)) return;
      const one = series.find(labels);
      one.all += 1;
      one.sum += seconds;
      const at = bounds.findIndex((bound) => seconds <= bound);
      if (at !== -1) one.counts[at] = (one.counts[at] ?? 0) + 1;
    },
    text: () => {
      const lines = series.all().flatMap(({ labels, value: { counts, all, sum } }) => {
        let below = 0;
        const buckets = bounds.map((bound, at) => {
          below += counts[at] ?? 0;
          return `${name}_bucket${shown([...names, 'le'], [...labels, String(bound)])} ${below}`;
        });
        return [
          ...buckets,
          `${name}_bucket${shown([...names, 'le'], [...labels, '+Inf'])} ${all}`,
          `${name}_sum${shown(names, labels)} ${sum}`,
          `${name}_count${shown(names, labels)} ${all}`,
        ];
      });
      return [...heading(named, 'histogram'), ...lines, ''].join('\n');
    },
  };
}
