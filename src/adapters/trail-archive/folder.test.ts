// The archive in a folder: nothing written over, nothing read twice, a crash told from damage.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { AuditLine } from '../../core/remediation/audit-line.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { chain } from '../store/chain.ts';
import { archiveFolder } from './folder.ts';

const top = mkdtempSync(join(tmpdir(), 'blastgate-archive-'));
after(() => rmSync(top, { recursive: true, force: true }));
const fresh = (): string => join(mkdtempSync(join(top, 'data-')), 'archive');

const LINES: AuditLine[] = [];
for (let i = 0; i < 9; i += 1) {
  const about = `${i}\u2028"`;
  LINES.push(
    chain(LINES.at(-1) ?? null, { kind: 'note', at: '2026-01-01T00:00:00.000Z', what: 'paused', who: 'ana', about }),
  );
}

const read = async (folder: string): Promise<readonly AuditLine[]> => {
  const lines: AuditLine[] = [];
  for await (const line of archiveFolder(folder).lines()) lines.push(line);
  return lines;
};

test('lines are read as they were put in, over several files, for the owner alone', async () => {
  const folder = fresh();
  const first = archiveFolder(folder);
  await first.append(LINES.slice(0, 3));
  await first.append(LINES.slice(3, 5));
  await archiveFolder(folder).append(LINES.slice(5));
  assert.deepEqual(await read(folder), LINES);
  assert.equal(readdirSync(folder).length, 2);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
});

test('what was put in again after a crash is read once', async () => {
  const folder = fresh();
  await archiveFolder(folder).append(LINES.slice(0, 3));
  await new Promise((done) => setTimeout(done, 5));
  await archiveFolder(folder).append(LINES.slice(0, 6));
  assert.deepEqual(await read(folder), LINES.slice(0, 6));
});

test('half a line at the end of a file is what a crash left; in the middle it is damage', async () => {
  const folder = fresh();
  await archiveFolder(folder).append(LINES.slice(0, 3));
  const path = join(folder, readdirSync(folder)[0] ?? '');
  const whole = readFileSync(path, 'utf8');
  appendFileSync(path, JSON.stringify(LINES[3]).slice(0, 40));
  assert.deepEqual(await read(folder), LINES.slice(0, 3));
  writeFileSync(path, whole.replace('{', ''));
  await assert.rejects(
    read(folder),
    (error) => error instanceof AdapterError && /line 1 of .* is damaged/.test(error.message),
  );
});

test('other files of the folder are let alone', async () => {
  const folder = fresh();
  await archiveFolder(folder).append(LINES);
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  writeFileSync(join(folder, 'audit-1.jsonl'), 'mine');
  assert.deepEqual(await read(folder), LINES);
});

test('a folder that is none, or is not there, is named', async () => {
  const folder = fresh();
  await assert.rejects(read(folder), /the archive .*ENOENT/);
  await archiveFolder(folder).append(LINES);
  const file = join(folder, readdirSync(folder)[0] ?? '');
  await assert.rejects(archiveFolder(join(file, 'x')).append(LINES), /the archive .*(ENOTDIR|EEXIST)/);
});

test('what a power loss could take is on the disk: the file, its name, and each folder that was made for it', async (t) => {
  const top = mkdtempSync(join(tmpdir(), 'blastgate-archive-'));
  t.after(() => rmSync(top, { recursive: true, force: true }));
  const synced: string[] = [];
  const { open } = fsPromises;
  fsPromises.open = async (path, ...rest) => {
    const handle = await open(path, ...rest);
    const sync = handle.sync.bind(handle);
    handle.sync = () => {
      synced.push(String(path));
      return sync();
    };
    return handle;
  };
  syncBuiltinESMExports();
  t.after(() => {
    fsPromises.open = open;
    syncBuiltinESMExports();
  });
  const folder = join(top, 'data', 'archive');
  await archiveFolder(folder).append(LINES.slice(0, 3));
  assert.deepEqual(synced, [folder, join(top, 'data'), top]);
  synced.length = 0;
  await new Promise((done) => setTimeout(done, 5));
  await archiveFolder(folder).append(LINES.slice(3));
  assert.deepEqual(synced, [folder], 'the folders stand by now');
});
