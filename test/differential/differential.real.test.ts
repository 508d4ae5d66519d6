// Every action beside kubectl on a real control plane: equal objects afterwards, and the audit log shows the same writes. A sample
// of the table by the seed of the run; `npm run test:long -- differential` plays all of it and, with WRITE_TABLE=1, writes it into
// docs/parity.md. KUBECTL_ALSO names other kubectls, with ":" between them: each plays a sample of its own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { sampled, seedOf } from '../support/sample.ts';
import { publish, stampOf } from '../support/written-table.ts';
import { type Command, commandsOf, ROWS } from './commands.ts';
import { Stage } from './stage.ts';
import { lineOf, playTwins } from './twins.ts';

const PLACE = {
  page: 'docs/parity.md',
  begin: '<!-- differential: written by `WRITE_TABLE=1 npm run test:long -- differential` -->',
  end: '<!-- end of differential -->',
};

const seed = seedOf(process.env);
const only = process.env['ROW_ONLY'];
const table = commandsOf(seed ?? 1).filter(({ row }) => only === undefined || row === only);

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

const equal: Command[] = [];

describe('beside kubectl', { concurrency: 6 }, () => {
  for (const [at, command] of sampled(table, 60, seed).entries())
    test(`${command.row} ${at}: ${lineOf(command)}`, async () => {
      assert.deepEqual(await playTwins(stage, command), []);
      equal.push(command);
    });
});

const others = (process.env['KUBECTL_ALSO'] ?? '').split(':').filter((path) => path !== '');
/** "v1.33.4" of each other kubectl, and how many of its commands left the same. */
const byVersion = new Map<string, { readonly played: number; equal: number }>();

for (const [at, path] of others.entries()) {
  const version = /v[0-9.]+/.exec(execFileSync(path, ['version', '--client'], { encoding: 'utf8' }))?.[0] ?? path;
  describe(`beside kubectl ${version}`, { concurrency: 6 }, () => {
    const chosen = sampled(table, 60, 1000 + at);
    const count = { played: chosen.length, equal: 0 };
    byVersion.set(version, count);
    for (const command of chosen)
      test(`${command.row}: ${lineOf(command)}`, async () => {
        assert.deepEqual(await playTwins(stage, command, path), []);
        count.equal += 1;
      });
  });
}

const share = (part: number, whole: number): string => `${((100 * part) / Math.max(whole, 1)).toFixed(2)} %`;

const tableOf = (): string => {
  const of = (commands: readonly Command[], name: string): readonly Command[] =>
    commands.filter(({ row }) => row === name);
  const failing = (commands: readonly Command[]): number => commands.filter(({ wants }) => wants === 'fails').length;
  const lines = ROWS.map(({ name }) => {
    const [all, same] = [of(table, name), of(equal, name)];
    return `| ${name} | ${all.length} | ${failing(all)} | ${share(same.length, all.length)} |`;
  });
  return [
    stampOf(`kubectl ${plane.version}: ${equal.length} of ${table.length} commands equal.`),
    '',
    '| action | commands | of which kubectl refuses | equal |',
    '| --- | --- | --- | --- |',
    ...lines,
    `| all | ${table.length} | ${failing(table)} | ${share(equal.length, table.length)} |`,
    ...[...byVersion].map(
      ([version, { played, equal: same }]) => `\nCommit as above, kubectl ${version}: ${same} of ${played} equal.`,
    ),
  ].join('\n');
};

if (seed === null && only === undefined) test('docs/parity.md says the same', () => publish(PLACE, tableOf()));
