// `audit prune` and `audit verify --archive` on a folder that a gate has left.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setStage } from '../../../../test/support/memory-gate.ts';
import { ranCli } from '../../../../test/support/run-cli.ts';
import { openSqliteStore } from '../../../adapters/store/sqlite/open.ts';
import type { AuditHead } from '../../../core/remediation/audit-line.ts';

interface Played {
  readonly folder: string;
  /** A line of what ended long ago, as a review issue printed it. */
  readonly old: AuditHead;
  readonly run: (
    ...words: readonly string[]
  ) => Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

/** One that ended in January, and one that waits for people. */
const onFolder = async (check: (played: Played) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-prune-'));
  try {
    const store = await openSqliteStore(folder);
    const stage = setStage(store);
    await stage.proposeText('scale dev/web 5', 'INC-old');
    await stage.pass(60);
    await stage.tell();
    const old = await store.trail.head(stage.never);
    assert.ok(old !== null);
    await stage.proposeText('scale production/web 0', 'INC-open');
    await store.close();
    const run: Played['run'] = async (...words) => {
      return ranCli(words, { env: { BLASTGATE_DATA: folder } });
    };
    await check({ folder, old, run });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const json = <T>({ out }: { readonly out: string }): T => JSON.parse(out) as T;

test('what is over is in the archive, the rest is whole, and both together are proven from the first line', () =>
  onFolder(async ({ folder, old, run }) => {
    const pruned = await run('audit', 'prune', '--before', '1d', '-o', 'json');
    assert.equal(pruned.code, 0, pruned.err);
    const done = json<{ archived: number; lines: number; remediations: number; folder: string }>(pruned);
    assert.equal(done.remediations, 1);
    assert.equal(done.folder, join(folder, 'archive'));
    assert.equal(readdirSync(done.folder).length, 1);
    const alone = await run('audit', 'verify', '-o', 'json');
    assert.equal(alone.code, 0, alone.out);
    assert.equal(json<{ archive: unknown }>(alone).archive, null);
    const both = await run('audit', 'verify', '--archive', done.folder);
    assert.equal(both.code, 0, both.out);
    assert.match(
      both.out,
      /^intact: .*\nlines up to \d+ were archived, as line \d+ says\nlines 1 to \d+ are in the archive\n$/,
    );
    const head = `${old.seq}:${old.hash.slice(0, 12)}`;
    const unproven = await run('audit', 'verify', '--head', head);
    assert.equal(unproven.code, 1);
    assert.match(unproven.out, /archived: .*--archive/);
    assert.equal((await run('audit', 'verify', '--head', head, '--archive', done.folder)).code, 0);
    const wrong = await run('audit', 'verify', '--head', `${old.seq}:${'a'.repeat(12)}`, '--archive', done.folder);
    assert.match(wrong.out, /tail-cut: the head a{12} is not in the chain/);
    assert.match((await run('audit', 'prune', '--before', '1d')).out, /^(archived|no line is older)/);
    assert.equal((await run('audit', 'verify', '--archive', done.folder)).code, 0, 'twice is one archive');
  }));

test('an archive that was changed, cut or lost is found', () =>
  onFolder(async ({ folder, run }) => {
    await run('audit', 'prune', '--before', '1d');
    const archive = join(folder, 'archive');
    const path = join(archive, readdirSync(archive)[0] ?? '');
    const whole = readFileSync(path, 'utf8');
    for (const [damage, found] of [
      [whole.replace('"healer"', '"heeler"'), /changed/],
      [whole.split('\n').slice(1).join('\n'), /^broken: 1 fault .*\n {2}line 2: removed: lines 1 to 1 are in no file/],
      [whole.split('\n').toSpliced(2, 1).join('\n'), /removed: lines 3 to 3 are missing/],
      [`${whole.trimEnd().split('\n').slice(0, -1).join('\n')}\n`, /the archive ends at line/],
    ] as const) {
      writeFileSync(path, damage);
      assert.match((await run('audit', 'verify', '--archive', archive)).out, found);
    }
    rmSync(path);
    assert.match((await run('audit', 'verify', '--archive', archive)).out, /there are no lines in/);
    const gone = await run('audit', 'verify', '--archive', join(folder, 'nowhere'));
    assert.equal(gone.code, 1);
    assert.match(gone.err, /nowhere cannot be used: ENOENT/);
  }));

test('whoever keeps the newest lines of the archive alone says from which on; fewer than that is a fault', () =>
  onFolder(async ({ folder, run }) => {
    await run('audit', 'prune', '--before', '1d');
    const archive = join(folder, 'archive');
    const path = join(archive, readdirSync(archive)[0] ?? '');
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, whole.split('\n').slice(2).join('\n'));
    for (const [from, code, says] of [
      ['3', 0, /^intact[\s\S]*lines 3 to \d+ are in the archive/],
      ['4', 0, /^intact/],
      ['2', 1, /removed: lines 2 to 2 are in no file/],
      ['1', 1, /removed: lines 1 to 2 are in no file/],
    ] as const) {
      const found = await run('audit', 'verify', '--archive', archive, '--archive-from', from);
      assert.equal(found.code, code, found.out);
      assert.match(found.out, says);
    }
    assert.match((await run('audit', 'verify', '--archive', archive)).out, /name with --archive-from/);
    writeFileSync(path, whole.replace('"prev":""', `"prev":"${'a'.repeat(64)}"`));
    assert.match((await run('audit', 'verify', '--archive', archive)).out, /line 1: /, 'nothing is before the first');
  }));

test('a broken trail is not archived', () =>
  onFolder(async ({ folder, run }) => {
    const file = new DatabaseSync(join(folder, 'blastgate.db'));
    file.exec("update audit set line = replace(line, 'healer', 'heeler') where seq = 1");
    file.close();
    const pruned = await run('audit', 'prune', '--before', '1d');
    assert.equal(pruned.code, 1);
    assert.match(pruned.err, /the trail is broken, so nothing is archived/);
    assert.equal(readdirSync(folder).includes('archive'), false);
  }));

for (const [words, says] of [
  [['audit', 'prune'], /--before is a time/],
  [['audit', 'prune', '--before', 'soon'], /--before is a time/],
  [['audit', 'prune', '--before', '1d', '--archive', ''], /--archive names a folder/],
  [['audit', 'prune', '--before', '1d', '--head', '1:abcdefabcdef'], /prune takes no --head/],
  [['audit', 'list', '--archive', 'x'], /list takes no --archive/],
  [['audit', 'verify', '--archive', 'x', '--archive-from', '0'], /--archive-from is the number/],
  [['audit', 'verify', '--archive-from', '3'], /--archive-from goes with --archive/],
] as const)
  test(`wrong usage: ${words.join(' ')}`, () =>
    onFolder(async ({ run }) => {
      const { code, err } = await run(...words);
      assert.equal(code, 2, err);
      assert.match(err, says);
    }));
