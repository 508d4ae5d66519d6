// Runs the tests against real servers: first those that share one control plane and one Gitea, three files at a time, then
// those with servers of their own, one after the other. `--all` leaves out no case of a matrix; words are parts of paths.
import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { SEED } from '../support/sample.ts';
import { ensureBuilt } from './build.ts';
import { describeGitea, SHARED_GITEA, startGitea } from './gitea.ts';
import { serverNames, usualServers } from './inventory.ts';
import { SHARED_CONTROL_PLANE, startControlPlane } from './kubernetes.ts';

/** A file shares when it asks for a shared server (shared…) and starts none itself. */
export function sharesServers(text: string): boolean {
  return /\bshared(?:ControlPlane|Gitea)\(/.test(text) && !/\bstart(?:ControlPlane|Gitea)\(/.test(text);
}

/** Resolves with node's exit code. */
const runFiles = (files: readonly string[], concurrency: number, env: NodeJS.ProcessEnv): Promise<number> =>
  new Promise((done, fail) => {
    if (files.length === 0) return done(0);
    const reporters = ['spec', './test/seconds.ts'].flatMap((one) => [
      `--test-reporter=${one}`,
      '--test-reporter-destination=stdout',
    ]);
    // What a failed test left running would hold up all that come after it: a file ends with its last test.
    const flags = ['--test', '--test-force-exit', `--test-concurrency=${concurrency}`];
    const child = spawn(process.execPath, [...flags, ...reporters, ...files], {
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    const end = (): void => void child.kill('SIGTERM');
    process.once('SIGTERM', end);
    child.once('error', fail);
    child.once('exit', (code) => {
      process.off('SIGTERM', end);
      done(code ?? 1);
    });
  });

const runShared = async (files: readonly string[], env: NodeJS.ProcessEnv): Promise<number> => {
  if (files.length === 0) return 0;
  const [plane, gitea] = await Promise.all([startControlPlane(), startGitea()]);
  try {
    return await runFiles(files, 3, {
      ...env,
      [SHARED_CONTROL_PLANE]: plane.folder,
      [SHARED_GITEA]: describeGitea(gitea),
    });
  } finally {
    await Promise.all([plane.stop(), gitea.stop()]);
  }
};

const main = async (): Promise<void> => {
  const words = process.argv.slice(2).filter((word) => word !== '--all');
  const files = globSync('test/**/*.real.test.ts')
    .toSorted()
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  const seed = process.argv.includes('--all') ? '' : (process.env[SEED] ?? String(Math.floor(Math.random() * 1e9)));
  process.stdout.write(
    seed === '' ? 'every case of every matrix\n' : `a sample of each matrix; ${SEED}=${seed} repeats it\n`,
  );
  await ensureBuilt(seed === '' ? serverNames : usualServers);
  const { shared = [], own = [] } = Object.groupBy(files, (file) =>
    sharesServers(readFileSync(file, 'utf8')) ? 'shared' : 'own',
  );
  const codes = [await runShared(shared, { [SEED]: seed }), await runFiles(own, 1, { [SEED]: seed })];
  process.exitCode = Math.max(...codes);
};

if (import.meta.main) await main();
