// The steps of deploy/Dockerfile, run by hand in a clean folder, since no image can be built everywhere: what they make runs from a folder that
// nobody writes, as the user of the image; and the plugin of kubectl that is made of the same.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { manifestOf } from '../../scripts/krew.ts';
import { readDockerfile } from './dockerfile.ts';

const ROOT = join(import.meta.dirname, '../..');
const IGNORE = join(ROOT, 'deploy/Dockerfile.dockerignore');
const [build] = readDockerfile().stages;
assert.ok(build);

/** Files of the checkout that a builder is sent: those that the ignore file names, without tests. */
const sendContext = (target: string): void => {
  const named = readFileSync(IGNORE, 'utf8')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  for (const name of named)
    cpSync(join(ROOT, name), join(target, name), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
};

describe('the image', () => {
  let root: string;
  let app: string;
  const scratch = (name: string): string => join(root, name);

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'blastgate-image-'));
    for (const name of ['src', 'app', 'tmp', 'context']) mkdirSync(scratch(name));
    chmodSync(root, 0o755);
    app = scratch('app');
    sendContext(scratch('context'));
    /** Paths of the builder, in our folder. */
    const placed = (text: string): string =>
      text.replaceAll(/(?<![\w.-])\/(src|app|tmp)\b/g, (_, name: string) => scratch(name));
    let folder = root;
    for (const { word, rest } of build.instructions) {
      if (word === 'WORKDIR') folder = placed(rest);
      else if (word === 'COPY') {
        const words = rest.split(' ');
        for (const name of words.slice(0, -1))
          cpSync(join(scratch('context'), name), name === '.' ? folder : join(folder, name), { recursive: true });
      } else if (word === 'RUN' && rest === 'npm ci --ignore-scripts') {
        // As `npm ci` has left them in this checkout: installing them again takes a minute and shows nothing.
        symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      } else if (word === 'RUN') {
        const ran = spawnSync('sh', ['-ec', placed(rest)], {
          cwd: folder,
          encoding: 'utf8',
          env: { ...process.env, SOURCE_DATE_EPOCH: '0' },
        });
        assert.equal(ran.status, 0, `${rest}\n${ran.stdout}${ran.stderr}`);
      }
    }
    const ran = spawnSync('chmod', ['-R', 'a-w', app]);
    assert.equal(ran.status, 0);
  });
  after(() => {
    spawnSync('chmod', ['-R', 'u+w', root]);
    rmSync(root, { recursive: true, force: true });
  });

  /** As the container runs it: user 65532 where the tests may become somebody else, and only /tmp to write to. */
  const runIt = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const home = scratch('home');
    mkdirSync(home, { recursive: true });
    chmodSync(home, 0o777);
    const user = process.getuid?.() === 0 ? { uid: 65_532, gid: 65_532 } : {};
    return spawnSync(process.execPath, [join(app, 'bin/blastgate.js'), ...args], {
      cwd: app,
      encoding: 'utf8',
      env: { NODE_ENV: 'production', NODE_COMPILE_CACHE: join(home, 'cache'), HOME: home, ...env },
      ...user,
    });
  };

  test('it scores, from a folder that nobody may write', () => {
    const { status, stdout, stderr } = runIt([
      'score',
      '-o',
      'json',
      '--',
      'kubectl',
      'delete',
      'deployment',
      'web',
      '-n',
      'production',
    ]);
    assert.equal(status, 20, stderr);
    const { score, tier } = JSON.parse(stdout);
    assert.deepEqual([score, tier], [68, 'dual']);
  });

  test('doctor runs and says what is missing; nothing of it is a package that is not there', () => {
    const { status, stdout, stderr } = runIt(['doctor', '-o', 'json'], {
      BLASTGATE_DATA: join(scratch('home'), 'data'),
    });
    assert.equal(status, 1, stderr);
    const findings: readonly { readonly check: string; readonly message: string }[] = JSON.parse(stdout);
    assert.ok(findings.some(({ check, message }) => check === 'people' && message.includes('BLASTGATE_PEOPLE')));
    assert.doesNotMatch(stdout, /Cannot find|ERR_MODULE_NOT_FOUND/);
  });

  test('serve loads all that it needs, and refuses to start for want of people alone', () => {
    const { status, stderr } = runIt(['serve'], { BLASTGATE_DATA: join(scratch('home'), 'data') });
    assert.equal(status, 1);
    assert.match(stderr, /BLASTGATE_PEOPLE is not set/);
  });

  test('it holds production packages alone, and those of the SBOM', () => {
    const sbom = spawnSync('npm', ['run', '--silent', 'sbom'], { cwd: ROOT, encoding: 'utf8' });
    assert.equal(sbom.status, 0, sbom.stderr);
    const { components }: { readonly components: readonly { readonly name: string; readonly version: string }[] } =
      JSON.parse(sbom.stdout);
    const installed = globSync(join(app, '**/node_modules/{*,@*/*}/package.json'))
      .filter((path) => /node_modules\/(?:@[^/]+\/)?[^/@]+\/package\.json$/.test(path))
      .map((path) => JSON.parse(readFileSync(path, 'utf8')))
      .map(({ name, version }) => `${name}@${version}`);
    assert.ok(installed.length > 20, `${installed.length} packages`);
    assert.deepEqual(
      [...new Set(components.map(({ name, version }) => `${name}@${version}`))].toSorted(),
      [...new Set(installed)].toSorted(),
    );
    for (const dev of ['typescript', 'vite', 'playwright-core', 'react'])
      assert.ok(!existsSync(join(app, 'node_modules', dev)), dev);
    // The base, with its Node, is some 150 MB; the whole is to stay below 200 MB.
    const bytes = readdirSync(app, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
    assert.ok(bytes < 70 * 1024 * 1024, `${Math.round(bytes / 1024 / 1024)} MB`);
  });

  test('the plugin of kubectl is made of it: licence inside, and it runs by a link', () => {
    const krew = (out: string): Buffer => {
      const ran = spawnSync(
        process.execPath,
        [
          join(ROOT, 'scripts/krew.ts'),
          '--app',
          app,
          '--out',
          out,
          '--url',
          'https://example.org/v1',
          '--only',
          'darwin',
        ],
        { cwd: ROOT, encoding: 'utf8' },
      );
      assert.equal(ran.status, 0, ran.stderr);
      const archive = readFileSync(join(out, 'kubectl-blastgate-darwin.tar.gz'));
      assert.ok(ran.stdout.includes(createHash('sha256').update(archive).digest('hex')), ran.stdout);
      return archive;
    };
    krew(scratch('once'));
    const folder = scratch('unpacked');
    mkdirSync(folder);
    const unpacked = spawnSync('tar', ['-xzf', join(scratch('once'), 'kubectl-blastgate-darwin.tar.gz'), '-C', folder]);
    assert.equal(unpacked.status, 0);
    assert.ok(existsSync(join(folder, 'LICENSE')));
    symlinkSync(join(folder, 'kubectl-blastgate'), scratch('kubectl-blastgate'));
    // The archive of macOS has no Node of its own: that of the PATH runs it.
    const path = `${join(process.execPath, '..')}:${process.env['PATH']}`;
    const ran = spawnSync(scratch('kubectl-blastgate'), ['score', '-o', 'json', '--', 'kubectl', 'get', 'pods'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: path },
    });
    assert.equal(ran.status, 0, ran.stderr);
    assert.equal(JSON.parse(ran.stdout).tier, 'auto');
  });
});

test('the manifest of krew is filled in whole, as its own reader demands it', () => {
  const template = readFileSync(join(ROOT, 'deploy/krew/blastgate.yaml'), 'utf8');
  const sum = 'a'.repeat(64);
  const values = {
    VERSION: '1.2.3',
    URL: 'https://example.org/v1.2.3',
    HOMEPAGE: 'https://example.org',
    SHA256_LINUX_AMD64: sum,
    SHA256_LINUX_ARM64: sum,
    SHA256_DARWIN: sum,
  };
  const plugin = parse(manifestOf(template, values));
  assert.deepEqual([plugin.metadata.name, plugin.spec.version], ['blastgate', 'v1.2.3']);
  assert.ok(plugin.spec.shortDescription.length <= 80);
  for (const { selector, uri, sha256, bin } of plugin.spec.platforms) {
    assert.ok(selector.matchLabels?.os || selector.matchExpressions);
    assert.match(uri, /^https:\/\/example\.org\/v1\.2\.3\/kubectl-blastgate-[\w-]+\.tar\.gz$/);
    assert.deepEqual([sha256, bin], [sum, 'kubectl-blastgate']);
  }
  const { URL: _, ...lacking } = values;
  assert.throws(() => manifestOf(template, lacking), /no value for URL/);
});
