// Every action beside kubectl on a real control plane: equal objects afterwards, and the audit log shows the same writes. A sample
// of the table by the seed of the run; `npm run test:long` plays all of it and prints it into docs/parity.md.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { sampled, seedOf } from '../support/sample.ts';
import { commandsOf } from './commands.ts';
import { Stage } from './stage.ts';
import { lineOf, playTwins } from './twins.ts';

const seed = seedOf(process.env);
const only = process.env['ROW_ONLY'];

let plane: ControlPlane;
let stage: Stage;
before(async () => {
  plane = await startControlPlane();
  stage = await Stage.open(plane);
});
after(async () => {
  stage?.close();
  await plane?.stop();
});

describe('beside kubectl', { concurrency: 6 }, () => {
  const table = commandsOf(seed ?? 1).filter(({ row }) => only === undefined || row === only);
  for (const [at, command] of sampled(table, 60, seed).entries())
    test(`${command.row} ${at}: ${lineOf(command)}`, async () => {
      assert.deepEqual(await playTwins(stage, command), []);
    });
});
