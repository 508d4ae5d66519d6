// Builds the publishable dist, packs it, installs the pack into an empty folder and runs it under every Node at hand;
// `--only-emit` stops after the dist (`npm pack` asks for that).
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compactCode } from './compact-code.ts';

const root = resolve(import.meta.dirname, '..');
const say = (text: string) => process.stdout.write(`${text}\n`);

const run = (program: string, args: readonly string[], cwd: string, allowed: readonly number[] = [0]): string => {
  const done = spawnSync(program, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (done.error !== undefined) throw done.error;
  if (!allowed.includes(done.status ?? -1)) {
    throw new Error(
      `${program} ${args.join(' ')} ended with ${done.status ?? done.signal}\n${done.stdout}${done.stderr}`,
    );
  }
  return done.stdout;
};

const compact = (folder: string): void => {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.js')) continue;
    const path = join(entry.parentPath, entry.name);
    writeFileSync(path, compactCode(readFileSync(path, 'utf8'), path));
  }
};

const emit = (): void => {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.build.json'], root);
  compact(join(root, 'dist'));
  for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
    // JSON that code loads at run time is not emitted by tsc
    if (!entry.isFile() || !entry.name.endsWith('.json') || entry.name === 'tsconfig.json') continue;
    const from = join(entry.parentPath, entry.name);
    const to = from.replace(join(root, 'src'), join(root, 'dist'));
    if (!existsSync(to)) cpSync(from, to);
  }
  run(process.execPath, [join(root, 'scripts/build-console.ts')], root);
};

/** Every Node that the pack must run under: the one that runs this script and the system's, if it is another. */
const nodes = (): readonly string[] => {
  const others = ['/usr/bin/node', '/usr/local/bin/node', '/opt/homebrew/bin/node'].filter((path) => existsSync(path));
  const versions = new Map<string, string>();
  for (const path of [process.execPath, ...others]) {
    const version = run(path, ['-p', 'process.versions.node'], root).trim();
    if (!versions.has(version)) versions.set(version, path);
  }
  return [...versions.values()];
};

const prove = (pack: string): void => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-pack-'));
  try {
    run('npm', ['init', '-y'], folder);
    run('npm', ['install', '--no-audit', '--no-fund', pack], folder);
    const bin = join(folder, 'node_modules/blastgate/bin/blastgate.js');
    for (const node of nodes()) {
      const version = run(node, ['-p', 'process.versions.node'], folder).trim();
      const text = run(
        node,
        [bin, 'score', '-o', 'json', '--', 'kubectl', 'delete', 'deployment', 'web', '-n', 'production'],
        folder,
        [20],
      );
      const answer = JSON.parse(text) as { score: number; tier: string };
      if (answer.score !== 68 || answer.tier !== 'dual')
        throw new Error(`under Node ${version} the pack answered ${text}`);
      run(node, [bin, 'doctor', '--help'], folder);
      const plugin = join(folder, 'node_modules/.bin/kubectl_complete-blastgate');
      const completed = run(node, [realpathSync(plugin), 'sco'], folder);
      if (!completed.startsWith('score\t')) throw new Error(`under Node ${version} the plugin completed ${completed}`);
      run(node, [bin, 'mcp'], folder);
      say(`installed pack runs under Node ${version}: score 68, tier dual`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const packAndProve = (): void => {
  // Without the script `prepack`, which would emit once more.
  const options = ['pack', '--json', '--ignore-scripts', '--pack-destination', tmpdir()];
  const [packed] = JSON.parse(run('npm', options, root)) as readonly { filename: string; size: number }[];
  if (packed === undefined) throw new Error('npm pack made nothing');
  // docs/operate.md carries it into a cluster in a ConfigMap, which takes no more.
  if (packed.size > 1024 * 1024) throw new Error(`the pack has ${packed.size} bytes; a ConfigMap takes 1 MiB`);
  const pack = join(tmpdir(), packed.filename);
  say(`dist built; pack ${packed.filename}, ${(statSync(pack).size / 1024).toFixed(0)} KiB`);
  try {
    prove(pack);
  } finally {
    rmSync(pack, { force: true });
  }
};

emit();
if (!process.argv.includes('--only-emit')) packAndProve();
