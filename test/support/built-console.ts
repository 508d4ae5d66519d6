// Builds the console into console/dist when that is older than its sources, for tests of the page.
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const CONSOLE = join(ROOT, 'console');

/** What it is made from: its own files, and the pure files of the gate that it bundles. */
const SOURCES = [
  'console/src',
  'console/index.html',
  'console/vite.config.ts',
  'src/core/text',
  'src/core/model/json.ts',
];

const newestOf = (path: string): number => {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Math.max(...names.map((name) => statSync(join(path, name)).mtimeMs));
};

/** Milliseconds since 1970 of the newest source. */
const newestSource = (): number => Math.max(...SOURCES.map((path) => newestOf(join(ROOT, path))));

/** Whether there is a build that is as new as its sources. */
export function isConsoleFresh(): boolean {
  const built = join(CONSOLE, 'dist/index.html');
  return existsSync(built) && statSync(built).mtimeMs >= newestSource();
}

/** Builds beside the old one and takes its place at once, so that two who build at a time do not meet. */
export async function buildConsole(): Promise<'built' | 'fresh'> {
  if (isConsoleFresh()) return 'fresh';
  const { build } = await import('vite');
  const outDir = mkdtempSync(join(CONSOLE, 'dist-'));
  const old = `${outDir}-old`;
  try {
    await build({
      configFile: join(CONSOLE, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir, emptyOutDir: true },
    });
    const dist = join(CONSOLE, 'dist');
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(outDir, dist);
  } finally {
    for (const path of [outDir, old]) rmSync(path, { recursive: true, force: true });
  }
  return 'built';
}
