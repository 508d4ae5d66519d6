// A list of pinned Python packages comes in, a Python that has them comes out: a virtual environment in the cache of the servers.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheRoot } from '../servers/build.ts';
import { holdLock } from '../servers/lock.ts';

const run = promisify(execFile);

/**
 * The path of a Python with the packages of a requirements file, from PyPI where they are not at hand; two processes that ask at
 * once install once. Needs python3 with venv (Debian: python3-venv); rejects with what the failing command said.
 */
export async function pythonWith(requirements: string): Promise<string> {
  const key = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cacheRoot(), `python-${basename(dirname(requirements))}-${key}`);
  const python = join(folder, 'bin', 'python');
  const isThere = (): boolean => existsSync(join(folder, 'complete'));
  if (isThere()) return python;
  mkdirSync(cacheRoot(), { recursive: true });
  const release = await holdLock(join(cacheRoot(), 'python.lock.db'), () => undefined);
  try {
    if (isThere()) return python;
    // A virtual environment knows its own path, so that it is made in place and marked when it is whole.
    rmSync(folder, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    await run(python, pip, { maxBuffer: 2 ** 24 });
    writeFileSync(join(folder, 'complete'), '');
    return python;
  } finally {
    release();
  }
}
