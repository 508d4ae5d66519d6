// console/ → console/dist by Vite; `--if-stale`, as `npm start` calls it, does nothing where that is newer than what it is made of.
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const CONSOLE = join(ROOT, 'console');
const DIST = join(CONSOLE, 'dist');

/** Its own files, and of the gate what it bundles (test/layers/console.test.ts). */
const SOURCES = [
  'console/src',
  'console/index.html',
  'console/vite.config.ts',
  'src/core/text',
  'src/core/model/json.ts',
];

/** Milliseconds of the newest file at or under a path. */
const newestOf = (path: string): number => {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestOf(join(path, name))));
};

const isStale = (): boolean => {
  const made = statSync(join(DIST, 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return SOURCES.some((source) => newestOf(join(ROOT, source)) > made);
};

/** Builds beside the old one and takes its place at once: two who build at a time do not meet, nor who serves it meanwhile. */
export async function buildConsole({ ifStale = false } = {}): Promise<'built' | 'fresh'> {
  if (ifStale && !isStale()) return 'fresh';
  const { build } = await import('vite');
  const outDir = mkdtempSync(join(CONSOLE, 'dist-'));
  const old = `${outDir}-old`;
  try {
    await build({
      configFile: join(CONSOLE, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir, emptyOutDir: true },
    });
    if (existsSync(DIST)) renameSync(DIST, old);
    renameSync(outDir, DIST);
  } finally {
    for (const path of [outDir, old]) rmSync(path, { recursive: true, force: true });
  }
  return 'built';
}

if (import.meta.main) {
  const began = performance.now();
  const ifStale = process.argv.includes('--if-stale');
  if ((await buildConsole({ ifStale })) === 'built')
    process.stdout.write(`Console built in ${((performance.now() - began) / 1000).toFixed(1)} s.\n`);
}
