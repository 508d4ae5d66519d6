// The archive for networks without the internet: what is in it, that its sums are right, and what is refused.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { manifestOf } from '../../scripts/krew.ts';
import { versionOfPackage } from '../../src/doors/version.ts';

const ROOT = join(import.meta.dirname, '../..');
const VERSION = versionOfPackage();
const PLATFORMS = ['linux-amd64', 'linux-arm64', 'darwin'];

const sh = (script: string, cwd: string): string => {
  const { status, stdout, stderr } = spawnSync('sh', ['-ec', script], { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${script}\n${stdout}${stderr}`);
  return stdout;
};

describe('the archive', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'blastgate-offline-test-'));
    writePlugin('plugin', VERSION);
    writePack('pack.tgz', { name: 'blastgate', version: VERSION });
    sh('mkdir image && cd image && echo [] > manifest.json && tar -cf ../image.tar manifest.json', folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const writePlugin = (name: string, version: string): void => {
    mkdirSync(join(folder, name));
    const sums = PLATFORMS.map((platform) => {
      const content = `archive of ${platform}`;
      writeFileSync(join(folder, name, `kubectl-blastgate-${platform}.tar.gz`), content);
      return [
        `SHA256_${platform.toUpperCase().replace('-', '_')}`,
        createHash('sha256').update(content).digest('hex'),
      ] as const;
    });
    const values = { VERSION: version, URL: 'https://example.org/v1', HOMEPAGE: 'https://example.org' };
    const template = readFileSync(join(ROOT, 'deploy/krew/blastgate.yaml'), 'utf8');
    writeFileSync(
      join(folder, name, 'blastgate.yaml'),
      manifestOf(template, { ...values, ...Object.fromEntries(sums) }),
    );
  };
  const writePack = (name: string, manifest: object): void => {
    mkdirSync(join(folder, 'package'), { recursive: true });
    writeFileSync(join(folder, 'package/package.json'), JSON.stringify(manifest));
    sh(`tar -czf ${name} package`, folder);
  };
  const make = (change: Readonly<Record<string, string>> = {}) => {
    const options = { plugin: 'plugin', pack: 'pack.tgz', out: 'made.tar.gz', ...change };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, join(folder, value)]);
    return spawnSync(process.execPath, [join(ROOT, 'scripts/offline.ts'), ...args], { cwd: ROOT, encoding: 'utf8' });
  };

  test('it has everything under one folder, whose sums are right, and the same bytes a second time', () => {
    for (const out of ['made.tar.gz', 'again.tar.gz']) {
      const { status, stderr, stdout } = make({ image: 'image.tar', out });
      assert.equal(status, 0, stderr);
      const own = createHash('sha256')
        .update(readFileSync(join(folder, out)))
        .digest('hex');
      assert.ok(stdout.startsWith(`${own}  `), stdout);
    }
    assert.deepEqual(readFileSync(join(folder, 'made.tar.gz')), readFileSync(join(folder, 'again.tar.gz')));
    sh('tar -xzf made.tar.gz', folder);
    const root = join(folder, `blastgate-${VERSION}-offline`);
    assert.deepEqual(
      readdirSync(root, { recursive: true })
        .map(String)
        .filter((path) => path.includes('.') || /^[A-Z0-9]+$/.test(path))
        .toSorted(),
      [
        'LICENSE',
        'README.md',
        'SHA256SUMS',
        `chart/blastgate-${VERSION}.tgz`,
        'image/blastgate.tar',
        `npm/blastgate-${VERSION}.tgz`,
        'plugin/blastgate.yaml',
        ...PLATFORMS.map((platform) => `plugin/kubectl-blastgate-${platform}.tar.gz`).toSorted(),
      ],
    );
    const checked = sh('sha256sum -c --strict SHA256SUMS', root);
    assert.equal(checked.trim().split('\n').length, 9, checked);
    writeFileSync(join(root, 'plugin/blastgate.yaml'), 'other');
    assert.notEqual(spawnSync('sha256sum', ['-c', '--status', 'SHA256SUMS'], { cwd: root }).status, 0);
    // The chart is the folder of the checkout, but for what helm leaves out too.
    sh(`mkdir chart && tar -xzf ${root}/chart/*.tgz -C chart`, folder);
    cpSync(join(ROOT, 'deploy/helm/blastgate'), join(folder, 'chart/expected'), { recursive: true });
    sh('diff -r --exclude=.helmignore chart/expected chart/blastgate', folder);
    assert.equal(parse(readFileSync(join(folder, 'chart/blastgate/Chart.yaml'), 'utf8')).version, VERSION);
  });

  test('without an image there is none, and it says so', () => {
    const { status, stdout } = make({ out: 'bare.tar.gz' });
    assert.equal(status, 0);
    assert.match(stdout, /without an image/);
    assert.doesNotMatch(sh('tar -tzf bare.tar.gz', folder), /image/);
  });

  test('what does not fit together is refused, and nothing is left', () => {
    writePlugin('other', '9.9.9');
    writePack('other.tgz', { name: 'blastgate', version: '9.9.9' });
    writePack('foreign.tgz', { name: 'left-pad', version: VERSION });
    cpSync(join(folder, 'plugin'), join(folder, 'changed'), { recursive: true });
    writeFileSync(join(folder, 'changed/kubectl-blastgate-darwin.tar.gz'), 'other bytes');
    cpSync(join(folder, 'plugin'), join(folder, 'short'), { recursive: true });
    rmSync(join(folder, 'short/kubectl-blastgate-linux-arm64.tar.gz'));
    cpSync(join(folder, 'plugin'), join(folder, 'unnamed'), { recursive: true });
    rmSync(join(folder, 'unnamed/blastgate.yaml'));
    const REFUSED: readonly (readonly [change: Readonly<Record<string, string>>, says: RegExp])[] = [
      [{ plugin: 'other' }, /versions differ: chart \S+, plugin 9\.9\.9, package/],
      [{ pack: 'other.tgz' }, /versions differ: .* package 9\.9\.9/],
      [{ pack: 'foreign.tgz' }, /is a package of left-pad/],
      [{ pack: 'nothing.tgz' }, /tar .* ended with/],
      [{ plugin: 'changed' }, /kubectl-blastgate-darwin\.tar\.gz is not the one that blastgate\.yaml names/],
      [{ plugin: 'short' }, /has no kubectl-blastgate-linux-arm64\.tar\.gz/],
      [{ plugin: 'unnamed' }, /has no blastgate\.yaml: run `npm run krew` without --only/],
      [{ image: 'pack.tgz' }, /is no image: make it with `docker save`/],
    ];
    for (const [change, says] of REFUSED) {
      const { status, stderr } = make({ ...change, out: 'refused.tar.gz' });
      assert.notEqual(status, 0, JSON.stringify(change));
      assert.match(stderr, says);
      assert.ok(!readdirSync(folder).includes('refused.tar.gz'));
    }
  });
});
