// console/ → console/dist by Vite; `--if-stale` does nothing where it is newer than everything it is made of.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'console');
const built = join(folder, 'dist', 'index.html');

/** Milliseconds of the newest file under a path; 0 where there is none. What is built or brought is no source. */
const newestUnder = (path: string): number => {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 0;
  if (!status.isDirectory()) return status.mtimeMs;
  const inside = readdirSync(path).filter((name) => name !== 'dist' && name !== 'node_modules');
  return Math.max(0, ...inside.map((name) => newestUnder(join(path, name))));
};

/** The console bundles texts of core, and is typed by the schemas of the HTTP door. */
const SOURCES = ['console', 'src/core', 'src/doors/http/schemas.ts', 'package-lock.json'];

const isStale = (): boolean => {
  const made = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return SOURCES.some((source) => newestUnder(join(root, source)) > made);
};

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

if (!existsSync(join(folder, 'vite.config.ts'))) say('There is no console to build.');
else if (!process.argv.includes('--if-stale') || isStale()) {
  const began = performance.now();
  const { build } = await import('vite');
  await build({ root: folder, configFile: join(folder, 'vite.config.ts'), logLevel: 'warn' });
  say(`Console built in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
}
