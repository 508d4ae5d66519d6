// Adds comparisons up by command and prints them.
import { parseKubectl } from '../../src/core/command/kubectl/parse.ts';
import { type Comparison, compare, type Reason, type Run } from './compare.ts';

interface Row {
  compared: number;
  agreed: number;
  under: number;
}

/** The sums of a set of runs. */
export interface Tally {
  readonly byCommand: ReadonlyMap<string, Row>;
  readonly notComparable: ReadonlyMap<Reason, number>;
  readonly compared: number;
  readonly agreed: number;
  readonly under: number;
  /** What kubectl refuses, and how much of it we refuse as well. */
  readonly refused: number;
  readonly refusedByBoth: number;
  readonly disagreements: readonly Disagreement[];
}

interface Disagreement {
  readonly argv: readonly string[];
  readonly exit: Run['exit'];
  readonly lines: readonly string[];
}

const linesOf = (comparison: Comparison): readonly string[] =>
  comparison.outcome === 'compared'
    ? [
        ...comparison.under.map((one) => `sent, not predicted: ${one}`),
        ...comparison.over.map((one) => `predicted, not sent: ${one}`),
      ]
    : [];

/** Compares every run and adds up. */
export const tally = (runs: Iterable<Run>): Tally => {
  const byCommand = new Map<string, Row>();
  const notComparable = new Map<Reason, number>();
  const disagreements: Disagreement[] = [];
  let [refused, refusedByBoth] = [0, 0];
  for (const run of runs) {
    const comparison = compare(run);
    if (comparison.outcome === 'not-comparable')
      notComparable.set(comparison.reason, (notComparable.get(comparison.reason) ?? 0) + 1);
    else if (comparison.outcome === 'refused') {
      refused++;
      if (comparison.weRefuse) refusedByBoth++;
      else if (process.env['PARITY_REFUSED'] !== undefined)
        disagreements.push({ argv: run.argv, exit: run.exit, lines: [`refused: ${run.stderr.slice(0, 160)}`] });
    } else {
      const key = parseKubectl(run.argv).path.join(' ');
      const row = byCommand.get(key) ?? { compared: 0, agreed: 0, under: 0 };
      byCommand.set(key, row);
      row.compared++;
      if (comparison.under.length > 0) row.under++;
      const lines = linesOf(comparison);
      if (lines.length === 0) row.agreed++;
      else disagreements.push({ argv: run.argv, exit: run.exit, lines });
    }
  }
  const sum = (pick: (row: Row) => number): number => [...byCommand.values()].reduce((all, row) => all + pick(row), 0);
  return {
    byCommand,
    notComparable,
    compared: sum(({ compared }) => compared),
    agreed: sum(({ agreed }) => agreed),
    under: sum(({ under }) => under),
    refused,
    refusedByBoth,
    disagreements,
  };
};

const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(2)} %`);

/** The figures in two lines. */
export const summary = (title: string, result: Tally): string => {
  const { compared, agreed, under, refused, refusedByBoth, notComparable } = result;
  const not = [...notComparable.values()].reduce((all, one) => all + one, 0);
  const reasons = [...notComparable].map(([reason, count]) => `${reason} ${count}`).join(', ');
  return [
    `${title}: ${agreed} of ${compared} agree (${percent(agreed, compared)}), ${under} under-predicted`,
    `  not comparable: ${not} (${percent(not, not + compared)})${reasons === '' ? '' : `: ${reasons}`}; ` +
      `refused by kubectl: ${refused}, by us as well: ${refusedByBoth}`,
  ].join('\n');
};

/** Everything, by command and disagreement by disagreement. */
export const print = (title: string, result: Tally, most: number): void => {
  for (const { argv, exit, lines } of result.disagreements.slice(0, most)) {
    process.stdout.write(`${JSON.stringify(argv).slice(0, 400)} exit ${exit}\n`);
    for (const line of lines.slice(0, 6)) process.stdout.write(`    ${line}\n`);
  }
  const hidden = result.disagreements.length - most;
  if (hidden > 0) process.stdout.write(`… and ${hidden} disagreements more: --all prints them\n`);
  const rows = [...result.byCommand].sort(([, a], [, b]) => b.compared - a.compared);
  for (const [command, { compared, agreed, under }] of rows)
    process.stdout.write(
      `  ${(command === '' ? 'kubectl' : command).padEnd(28)} ${agreed} of ${compared}${under > 0 ? `, ${under} under-predicted` : ''}\n`,
    );
  process.stdout.write(`${summary(title, result)}\n\n`);
};
