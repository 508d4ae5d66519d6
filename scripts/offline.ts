// A release → one archive to carry into a network without the internet:
//   npm run offline -- --plugin FOLDER --pack blastgate-0.1.0.tgz --out FILE.tar.gz [--image SAVED.tar]
// FOLDER of --plugin is what `npm run krew` has made, for every platform; --pack is what `npm pack` has made; --image what `docker save` or
// `skopeo copy … oci-archive:` has made, left out where the image is built behind the gap. The chart is that of this checkout. All must be of
// one version. The same input gives the same bytes.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..');
const CHART = join(ROOT, 'deploy/helm/blastgate');
const SAME = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '--mode=u+rw,go-w'];

const tar = (...args: readonly string[]): string => {
  const { status, stdout, stderr, error } = spawnSync('tar', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`tar ${args.join(' ')} ended with ${status}\n${stderr}`);
  return stdout;
};
const pack = (archive: string, folder: string, name: string, ...more: readonly string[]): void => {
  mkdirSync(dirname(archive), { recursive: true });
  tar(...SAME, ...more, '--use-compress-program=gzip -n', '-cf', archive, '-C', folder, name);
};

const sumOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
};

interface Manifest {
  readonly spec: {
    readonly version: string;
    readonly platforms: readonly { readonly uri: string; readonly sha256: string }[];
  };
}

/** The manifest and its archives, which must be those that it names. */
const copyPlugin = async (from: string, to: string): Promise<string> => {
  const manifest = join(from, 'blastgate.yaml');
  if (!existsSync(manifest)) throw new Error(`${from} has no blastgate.yaml: run \`npm run krew\` without --only`);
  const { spec }: Manifest = parse(readFileSync(manifest, 'utf8'));
  mkdirSync(to);
  copyFileSync(manifest, join(to, 'blastgate.yaml'));
  for (const { uri, sha256 } of spec.platforms) {
    const name = basename(new URL(uri).pathname);
    if (!existsSync(join(from, name))) throw new Error(`${from} has no ${name}`);
    if ((await sumOf(join(from, name))) !== sha256) throw new Error(`${name} is not the one that blastgate.yaml names`);
    copyFileSync(join(from, name), join(to, name));
  }
  return spec.version.replace(/^v/, '');
};

const versionOfPack = (path: string): string => {
  // as: npm packs no package without a version.
  const { name, version } = JSON.parse(tar('-xzOf', path, 'package/package.json')) as Record<string, string>;
  if (name !== 'blastgate' || version === undefined) throw new Error(`${path} is a package of ${name}`);
  return version;
};

/** Of `docker save` there is a manifest.json in it, of OCI an index.json. */
const copyImage = (from: string, to: string): void => {
  const names = new Set(
    tar('-tf', from)
      .split('\n')
      .map((name) => name.replace(/^\.\//, '')),
  );
  if (!names.has('manifest.json') && !names.has('index.json'))
    throw new Error(`${from} is no image: make it with \`docker save\` or \`skopeo copy … oci-archive:FILE\``);
  mkdirSync(to);
  copyFileSync(from, join(to, 'blastgate.tar'));
};

/** Throws where versions differ. */
const oneVersion = (found: Readonly<Record<string, string>>): string => {
  const [version, ...others] = [...new Set(Object.values(found))];
  if (version === undefined || others.length > 0)
    throw new Error(
      `versions differ: ${Object.entries(found)
        .map(([what, which]) => `${what} ${which}`)
        .join(', ')}`,
    );
  return version;
};

/** As `helm package` packs it, which need not be at hand. */
export function packChart(archive: string): void {
  pack(archive, dirname(CHART), basename(CHART), `--exclude-from=${join(CHART, '.helmignore')}`);
}

/** A line for each file, by its path, as `sha256sum -c` reads them. */
const sumsOf = async (folder: string): Promise<string> => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
  const lines: string[] = [];
  for (const file of files) lines.push(`${await sumOf(join(folder, file))}  ${file}\n`);
  return lines.join('');
};

interface Wanted {
  readonly plugin: string;
  readonly pack: string;
  readonly out: string;
  readonly image: string | null;
}

const makeArchive = async (wanted: Wanted, scratch: string): Promise<string> => {
  const folder = join(scratch, 'content');
  mkdirSync(folder);
  const { version: chart }: { readonly version: string } = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8'));
  const plugin = await copyPlugin(wanted.plugin, join(folder, 'plugin'));
  const version = oneVersion({ chart, plugin, package: versionOfPack(wanted.pack) });
  packChart(join(folder, `chart/blastgate-${version}.tgz`));
  mkdirSync(join(folder, 'npm'));
  copyFileSync(wanted.pack, join(folder, `npm/blastgate-${version}.tgz`));
  if (wanted.image !== null) copyImage(wanted.image, join(folder, 'image'));
  copyFileSync(join(ROOT, 'docs/offline.md'), join(folder, 'README.md'));
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'SHA256SUMS'), await sumsOf(folder));
  const name = `blastgate-${version}-offline`;
  pack(wanted.out, folder, '.', `--transform=s,^\\.,${name},S`);
  return name;
};

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      plugin: { type: 'string' },
      pack: { type: 'string' },
      out: { type: 'string' },
      image: { type: 'string' },
    },
  });
  const { plugin, pack: packed, out, image = null } = values;
  if (plugin === undefined || packed === undefined || out === undefined)
    throw new Error('offline needs --plugin FOLDER, --pack FILE and --out FILE (the head of scripts/offline.ts)');
  const scratch = mkdtempSync(join(tmpdir(), 'blastgate-offline-'));
  try {
    const name = await makeArchive({ plugin, pack: packed, out, image }, scratch);
    process.stdout.write(`${await sumOf(out)}  ${out} (${name}${image === null ? ', without an image' : ''})\n`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
