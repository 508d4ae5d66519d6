// How fast an audit log of 1 GB is replayed, and in how much memory: in a process of its own, as people call it.
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { writeAuditLog } from './audit-log.ts';
import { benchFolder, endsWithBench } from './leftovers.ts';
import { rounded, table } from './timing.ts';

const GIGABYTE = 1e9;

/** What the issue asks for (issue 12, 6). */
const LIMITS = { seconds: 60, megabytes: 300 } as const;

interface Run {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

/** Runs the command with its answer thrown away; the process itself says what it took. */
const replayed = async (path: string): Promise<Run> => {
  const script = `
    const { runCli } = await import(${JSON.stringify(new URL('../src/doors/cli/main.ts', import.meta.url).href)});
    const began = performance.now();
    const code = await runCli(['replay', '-o', 'json', ${JSON.stringify(path)}], {
      out: () => {}, err: (text) => process.stderr.write(text), readIn: async function* () {}, env: {}, colour: false });
    const { user, system } = process.cpuUsage();
    console.log(JSON.stringify({
      code, wallSeconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6,
      megabytes: process.resourceUsage().maxRSS / 1000 }));`;
  const child = endsWithBench(
    spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  const run = JSON.parse(text) as Run & { readonly code: number };
  if (run.code !== 0) throw new Error(`the replay ended with ${run.code}`);
  return run;
};

export async function run(): Promise<void> {
  const { folder, done } = benchFolder('replay');
  try {
    const path = join(folder, 'audit.log');
    const records = writeAuditLog(path, GIGABYTE);
    const bytes = statSync(path).size;
    const { wallSeconds, cpuSeconds, megabytes } = await replayed(path);
    const rows = [
      ['records', rounded(records), ''],
      ['size, MB', rounded(bytes / 1e6), ''],
      ['seconds by the clock', wallSeconds.toFixed(1), `< ${LIMITS.seconds}`],
      ['seconds of processor', cpuSeconds.toFixed(1), `< ${LIMITS.seconds}`],
      ['memory at most, MB', rounded(megabytes), `< ${LIMITS.megabytes}`],
    ];
    process.stdout.write(`${table(['replay of 1 GB of audit log', '', 'limit'], rows)}\n`);
    if (cpuSeconds > LIMITS.seconds || megabytes > LIMITS.megabytes) process.exitCode = 1;
  } finally {
    done();
  }
}
