// Every action × every fault on a real control plane: nothing lost, nothing applied twice, the end state right. A sample by the
// seed of the run; `npm run test:faults` plays all of it and, with WRITE_TABLE=1, writes it into docs/reliability.md.
import { after, before, describe, test } from 'node:test';
import { Stage } from '../differential/stage.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { sampled, seedOf } from '../support/sample.ts';
import { publish, stampOf } from '../support/written-table.ts';
import { COLUMN_NAMES, endOf, MATRIX } from './matrix.ts';
import { Gates, playCell } from './matrix-cell.ts';

const only = process.env['CELL_ONLY'];
const seed = seedOf(process.env);

let plane: ControlPlane;
let stage: Stage;
let gates: Gates;
before(async () => {
  plane = await startControlPlane();
  stage = await Stage.open(plane);
  gates = new Gates(stage);
});
after(async () => {
  await gates?.close();
  stage?.close();
  await plane?.stop();
});

const PLACE = {
  page: 'docs/reliability.md',
  begin: '<!-- matrix: written by `WRITE_TABLE=1 npm run test:faults` -->',
  end: '<!-- end of matrix -->',
};

const passed = new Set<string>();

/** A line an action: how each fault ended, "–" where it did not end as it must. */
const tableOf = (): string => {
  const nameOf = (action: string, column: string): string => `${action}: ${column}`;
  const lines = MATRIX.map((row) => {
    const ends = COLUMN_NAMES.map((column) => {
      const end = endOf(row, column);
      if (!passed.has(nameOf(row.action, column))) return '–';
      return end.is === 'done' ? `done, ${row.writes}` : `${WORDS[end.is]} ${end.written} of ${row.writes}`;
    });
    return `| ${[row.action, ...ends].join(' | ')} |`;
  });
  return [
    stampOf(`${passed.size} of ${MATRIX.length * COLUMN_NAMES.length} cells as they must be.`),
    '',
    `| ${['action', ...COLUMN_NAMES].join(' | ')} |`,
    `|${' --- |'.repeat(COLUMN_NAMES.length + 1)}`,
    ...lines,
  ].join('\n');
};

const WORDS = { back: 'rolled back after', 'handed-over': 'a person has it after' } as const;

describe('the matrix of faults', { concurrency: 3 }, () => {
  const cells = MATRIX.flatMap((row) =>
    COLUMN_NAMES.map((column) => ({ row, column, name: `${row.action}: ${column}` })),
  );
  const chosen = cells.filter(({ name }) => only === undefined || new RegExp(only).test(name));
  for (const { row, column, name } of sampled(chosen, 24, seed))
    test(name, { timeout: 240_000 }, async () => {
      await playCell(stage, gates, row, column);
      passed.add(name);
    });
});

if (seed === null && only === undefined) test('docs/reliability.md says the same', () => publish(PLACE, tableOf()));
