// Cold start of the command line beside `kubectl version --client`, in turn, whole processes.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { median, rounded, table } from './timing.ts';

const RUNS = 15;
const bin = resolve(import.meta.dirname, '../bin/blastgate.js');

const OURS = [
  process.execPath,
  bin,
  'score',
  '--',
  'kubectl',
  'delete',
  'deployment',
  'web',
  '-n',
  'production',
] as const;
const THEIRS = ['kubectl', 'version', '--client'] as const;

const once = ([program, ...args]: readonly [string, ...string[]]): number => {
  const start = performance.now();
  const done = spawnSync(program, args, { stdio: 'ignore' });
  if (done.error !== undefined) throw new Error(`${program} cannot be started: ${done.error.message}`);
  return performance.now() - start;
};

export const run = async (): Promise<void> => {
  once(OURS);
  once(THEIRS);
  const pairs = Array.from({ length: RUNS }, () => ({ ours: once(OURS), theirs: once(THEIRS) }));
  const rows = [
    ['blastgate score', rounded(median(pairs.map(({ ours }) => ours)))],
    ['kubectl version --client', rounded(median(pairs.map(({ theirs }) => theirs)))],
  ];
  process.stdout.write(`${table(['whole process', 'median ms'], rows)}\n\n`);
  process.stdout.write(
    `ratio pair by pair, median of ${RUNS}: ${rounded(median(pairs.map(({ ours, theirs }) => ours / theirs)))}\n`,
  );
};
