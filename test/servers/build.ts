// Compiles the real servers that are missing into a cache outside the checkout (`npm run servers:build`). Never runs
// them, never writes into the repository, and starts no shell.
import { spawn } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Recipe, recipe, type ServerName, serverNames, usualServers } from './inventory.ts';
import { holdLock } from './lock.ts';

/** Where a compiled program lies: its executable, and the folder of the files that it reads while it runs. */
export type BuiltServer = { readonly executable: string; readonly folder: string; readonly version: string };

/** Where what the tests build or install is kept. */
export const cacheRoot = (): string =>
  process.env['BLASTGATE_SERVERS_CACHE'] ||
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'blastgate-servers');

const say = (line: string): void => {
  process.stderr.write(`servers: ${line}\n`);
};

/**
 * Makes sure that the named programs are compiled and answers where each lies. What is in the cache is taken as it is;
 * two processes that ask at once build once. Throws an error that says what to install when Go or a C compiler is
 * missing, and the end of the compiler's output when a build fails.
 */
export async function ensureBuilt<N extends ServerName>(
  names: readonly N[],
): Promise<Readonly<Record<N, BuiltServer>>> {
  const root = cacheRoot();
  const recipes = names.map(recipe);
  const missing = (): readonly Recipe[] => recipes.filter((one) => !existsSync(place(root, one).executable));
  if (missing().length > 0) {
    mkdirSync(root, { recursive: true });
    const wait = (): void => say(`another process builds in ${root}; waiting for it`);
    const release = await holdLock(join(root, 'lock.db'), wait);
    try {
      for (const one of missing()) await build(root, one);
    } finally {
      release();
    }
  }
  // as: fromEntries forgets that the keys are exactly `names`.
  return Object.fromEntries(recipes.map((one) => [one.name, place(root, one)])) as Record<N, BuiltServer>;
}

/** A program that lies in the cache already, for those who do without it rather than build; null when it does not. */
export function findBuilt(name: ServerName): BuiltServer | null {
  const built = place(cacheRoot(), recipe(name));
  return existsSync(built.executable) ? built : null;
}

/** Whether all of them lie in the cache already; nothing is built. */
export const areBuilt = (names: readonly ServerName[]): boolean =>
  names.map(recipe).every((one) => existsSync(place(cacheRoot(), one).executable));

function place(root: string, one: Recipe): BuiltServer {
  const folder = join(root, `${one.name}-${one.version}-${one.key}`);
  return { executable: join(folder, one.name), folder, version: one.version };
}

async function build(root: string, one: Recipe): Promise<void> {
  await requireTools(one);
  const { folder } = place(root, one);
  const partial = `${folder}.partial`;
  const log = `${folder}.log`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  say(`${one.name} ${one.version}: building`);
  const start = performance.now();
  const seconds = (): string => `${Math.round((performance.now() - start) / 1000)} s`;
  const heartbeat = setInterval(() => say(`${one.name} ${one.version}: still building, ${seconds()}`), 30_000);
  try {
    const output = join(partial, one.name);
    const ran = await go(['build', ...one.flags, '-o', output, one.package], one, log);
    if (ran !== 0) throw new Error(`go build of ${one.name} failed; the end of ${log}:\n${tail(log)}`);
    await copyAssets(one, partial, log);
    renameSync(partial, folder);
    rmSync(log);
  } finally {
    clearInterval(heartbeat);
  }
  say(`${one.name} ${one.version}: built in ${seconds()}`);
}

async function copyAssets(one: Recipe, target: string, log: string): Promise<void> {
  if (one.assets.length === 0) return;
  const listing = join(target, 'module-folder');
  if ((await go(['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', one.module], one, listing)) !== 0) {
    throw new Error(`go list of ${one.module} failed; see ${log}:\n${tail(listing)}`);
  }
  const source = readFileSync(listing, 'utf8').trim();
  for (const asset of one.assets) cpSync(join(source, asset), join(target, asset), { recursive: true });
  rmSync(listing);
}

async function requireTools(one: Recipe): Promise<void> {
  if ((await run('go', ['version'], {}, '/dev/null')) !== 0) {
    throw new Error(
      `${one.name} is compiled with Go 1.26 or newer, and no \`go\` is on the PATH: install it from https://go.dev/dl/`,
    );
  }
  const compiler = process.env['CC'] || 'gcc';
  if (one.cgo && (await run(compiler, ['--version'], {}, '/dev/null')) !== 0) {
    throw new Error(
      `${one.name} needs a C compiler, and \`${compiler}\` does not run: install it (Debian: apt-get install gcc libc6-dev)`,
    );
  }
}

const go = (argv: readonly string[], one: Recipe, output: string): Promise<number> =>
  run(
    'go',
    argv,
    { cwd: one.folder, env: { ...process.env, ...(one.cgo && { CGO_ENABLED: '1' }), GOWORK: 'off' } },
    output,
  );

/** Runs a program with its output in a file; answers its exit code, 127 when it cannot be started. */
function run(
  command: string,
  argv: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv },
  output: string,
): Promise<number> {
  const file = openSync(output, 'w');
  return new Promise((resolve) => {
    const child = spawn(command, argv, { ...options, stdio: ['ignore', file, file] });
    closeSync(file);
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

const tail = (file: string): string => readFileSync(file, 'utf8').split('\n').slice(-25).join('\n');

if (import.meta.main) {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !serverNames.some((known) => known === name));
  if (unknown.length > 0) {
    say(`unknown: ${unknown.join(', ')}; known are ${serverNames.join(', ')}`);
    process.exitCode = 2;
  } else {
    const names = asked.length === 0 ? usualServers : serverNames.filter((name) => asked.includes(name));
    try {
      for (const built of Object.values(await ensureBuilt(names))) say(`ready: ${built.executable}`);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  }
}
