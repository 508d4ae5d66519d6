// A package of npm with a program comes in, the path of that program comes out: installed into the cache of the servers.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheRoot } from '../servers/build.ts';
import { holdLock } from '../servers/lock.ts';

const run = promisify(execFile);

/** For what the project's own node_modules should not carry. Two processes that ask at once install once. */
export async function npmTool(name: string, version: string): Promise<string> {
  const folder = join(cacheRoot(), `npm-${name.replace(/^@/, '').replaceAll('/', '-')}-${version}`);
  const program = (): string => {
    const place = join(folder, 'node_modules', name);
    // as: a manifest of npm.
    const { bin } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as { bin: Record<string, string> };
    return join(place, Object.values(bin)[0] ?? '');
  };
  const isThere = (): boolean => existsSync(join(folder, 'complete'));
  if (isThere()) return program();
  mkdirSync(cacheRoot(), { recursive: true });
  const release = await holdLock(join(cacheRoot(), 'npm.lock.db'), () => undefined);
  try {
    if (isThere()) return program();
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    await run('npm', ['install', ...options, `${name}@${version}`], { cwd: folder, maxBuffer: 2 ** 24 });
    writeFileSync(join(folder, 'complete'), '');
    return program();
  } finally {
    release();
  }
}
