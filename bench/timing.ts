// Rates and medians for the benchmarks.

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
};

/** The value below which the share of `values` lies. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

/** How fast calls are: by the clock, and in microseconds of processor each, which neighbours on the machine disturb less. */
export interface Pace {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

/** The pace of `work` (which makes `calls` calls), repeated for at least `ms` milliseconds. */
export const paceOf = async (ms: number, calls: number, work: () => void | Promise<void>): Promise<Pace> => {
  const start = performance.now();
  const before = process.cpuUsage();
  let rounds = 0;
  do {
    const pending = work();
    if (pending instanceof Promise) await pending;
    rounds += 1;
  } while (performance.now() - start < ms);
  const perSecond = (rounds * calls * 1000) / (performance.now() - start);
  const { user, system } = process.cpuUsage(before);
  return { perSecond, cpuMicros: (user + system) / (rounds * calls) };
};

export const rounded = (value: number): string =>
  (value >= 10 ? Math.round(value) : Number(value.toPrecision(2))).toLocaleString('en');

/** A plain Markdown table. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
