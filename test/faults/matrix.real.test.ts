// Every action × every fault on a real control plane: nothing lost, nothing applied twice, the end state right. A sample by the
// seed of the run; `npm run test:faults` plays all of it and, with WRITE_TABLE=1, writes it into docs/reliability.md.
import { after, before, describe, test } from 'node:test';
import { Stage } from '../differential/stage.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { sampled, seedOf } from '../support/sample.ts';
import { COLUMN_NAMES, MATRIX } from './matrix.ts';
import { Gates, playCell } from './matrix-cell.ts';

const only = process.env['CELL_ONLY'];

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

describe('the matrix of faults', { concurrency: 3 }, () => {
  const cells = MATRIX.flatMap((row) =>
    COLUMN_NAMES.map((column) => ({ row, column, name: `${row.action}: ${column}` })),
  );
  const chosen = cells.filter(({ name }) => only === undefined || new RegExp(only).test(name));
  for (const { row, column, name } of sampled(chosen, 24, seedOf(process.env)))
    test(name, { timeout: 240_000 }, () => playCell(stage, gates, row, column));
});
