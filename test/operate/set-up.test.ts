// What docs/operate.md says beside its blocks agrees with what is there: the service, exit codes, the files that it names.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT } from '../../src/doors/terminal/command.ts';
import { blocksOf } from '../readme-blocks.ts';

const TEXT = readFileSync('docs/operate.md', 'utf8');
const UNIT = readFileSync('deploy/blastgate.service', 'utf8');
const SYSTEMD = '/usr/bin/systemd-analyze';
const BLOCKS = blocksOf('docs/operate.md', 'bash');
const unitValue = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(UNIT)?.[1] ?? '';

test('the service starts what the document starts by hand, with the same settings', () => {
  const byHand = BLOCKS.find((block) => block.includes('exec blastgate serve')) ?? '';
  const [, settings = '', command = ''] = /set -a; \. (\S+); exec (blastgate [^)]*?) \)/.exec(byHand) ?? [];
  assert.equal(unitValue('EnvironmentFile'), settings.replace('~', '%h'));
  const installed = BLOCKS.find((block) => block.includes('npm install --prefix ~/blastgate ')) ?? '';
  assert.ok(installed.includes('export PATH=~/blastgate/node_modules/.bin:$PATH'));
  assert.equal(unitValue('ExecStart'), `%h/blastgate/node_modules/.bin/${command}`);
  const [service] = blocksOf('docs/operate.md', 'bash systemd');
  assert.match(service ?? '', /cp ~\/blastgate-source\/deploy\/blastgate\.service ~\/\.config\/systemd\/user\//);
});

test('systemd reads the service without a complaint', (t) => {
  if (!existsSync(SYSTEMD)) return t.diagnostic('there is no systemd here');
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-unit-'));
  try {
    // The program itself is not installed here.
    const unit = join(folder, 'blastgate.service');
    writeFileSync(unit, UNIT.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true').replace(/^EnvironmentFile=.*$/m, ''));
    const run = spawnSync(SYSTEMD, ['verify', '--man=no', unit], { encoding: 'utf8' });
    const about = `${run.stdout}${run.stderr}`.split('\n').filter((line) => line.includes('blastgate.service'));
    assert.deepEqual(about, []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the exit codes are the ones of the program', () => {
  const table = TEXT.slice(TEXT.indexOf('## Exit codes'), TEXT.indexOf('## Inside the cluster'));
  const codes = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  assert.deepEqual(
    codes,
    Object.values(EXIT).toSorted((a, b) => a - b),
  );
});

test('nothing that is deployed names an image that nobody can pull', () => {
  const images = [...readFileSync('deploy/gate.yaml', 'utf8').matchAll(/image: *(\S+)/g)].map(([, image]) => image);
  assert.deepEqual([...new Set(images)], ['docker.io/library/node:24-slim']);
});
