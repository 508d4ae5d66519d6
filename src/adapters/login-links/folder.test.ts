// Links in a folder: taken once, for the user of the gate alone, nothing but hashes.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { AdapterError } from '../../ports/adapter-error.ts';
import { loginLinkFolder } from './folder.ts';

const top = mkdtempSync(join(tmpdir(), 'blastgate-links-'));
after(() => rmSync(top, { recursive: true, force: true }));
const fresh = (): string => mkdtempSync(join(top, 'data-'));

const id = (digit: string): string => `sha256:${digit.repeat(64)}`;
const link = (digit: string, ends = '2026-01-01T00:05:00.000Z') => ({ id: id(digit), person: 'ben', ends });
const NOW = '2026-01-01T00:00:00.000Z';

test('of many who ask for a link one gets it', async () => {
  const folder = loginLinkFolder(fresh());
  await folder.keep(link('a'), NOW);
  const taken = await Promise.all(Array.from({ length: 9 }, () => folder.take(id('a'))));
  assert.deepEqual(
    taken.filter((one) => one !== null),
    [link('a')],
  );
});

test('what is no hash reaches no file', async () => {
  const dataDir = fresh();
  writeFileSync(join(dataDir, 'x.json'), JSON.stringify(link('a')));
  const folder = loginLinkFolder(dataDir);
  for (const asked of ['', '../x', `sha256:../${'a'.repeat(61)}`, id('a').toUpperCase(), id('b')])
    assert.equal(await folder.take(asked), null, asked);
});

test('the folder is private, links that ended are removed, and damaged ones count for nothing', async () => {
  const dataDir = fresh();
  const folder = loginLinkFolder(dataDir);
  await folder.keep(link('a', '2025-12-31T23:00:00.000Z'), NOW);
  writeFileSync(join(dataDir, 'login-links', `${'c'.repeat(64)}.json`), '{"id":');
  assert.equal(await folder.take(id('c')), null);
  await folder.keep(link('b'), NOW);
  const names = readdirSync(join(dataDir, 'login-links'));
  assert.deepEqual(names, [`${'b'.repeat(64)}.json`]);
  const path = join(dataDir, 'login-links', names[0] ?? '');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(dataDir, 'login-links')).mode & 0o777, 0o700);
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), link('b'));
});

test('a link of another hash than its name counts for nothing', async () => {
  const dataDir = fresh();
  const folder = loginLinkFolder(dataDir);
  await folder.keep(link('a'), NOW);
  writeFileSync(join(dataDir, 'login-links', `${'d'.repeat(64)}.json`), JSON.stringify(link('a')));
  assert.equal(await folder.take(id('d')), null);
});

test('a folder that cannot be written says so', async () => {
  const dataDir = fresh();
  writeFileSync(join(dataDir, 'login-links'), 'a file in its place');
  await assert.rejects(
    loginLinkFolder(dataDir).keep(link('a'), NOW),
    (error) => error instanceof AdapterError && /cannot be written/.test(error.message),
  );
});
