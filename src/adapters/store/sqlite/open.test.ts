import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { following, proposed, START } from '../../../../test/support/a-remediation.ts';
import type { AuditEntry } from '../../../core/remediation/audit-line.ts';
import { proposalPlace } from '../../../core/remediation/remediation.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { storeError } from './errors.ts';
import { openSqliteStore, openSqliteTrail } from './open.ts';

const never = new AbortController().signal;
const note = (about: string): AuditEntry => ({
  kind: 'note',
  at: '2026-01-01T00:00:00.000Z',
  what: 'x',
  who: null,
  about,
});

const inFolder = (says: string, check: (folder: string) => Promise<void>): void => {
  test(says, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'blastgate-sqlite-'));
    try {
      await check(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
};

const saying = (pattern: RegExp, reason: string) => (error: unknown) => {
  assert.ok(error instanceof AdapterError, String(error));
  assert.match(error.message, pattern);
  assert.equal(error.reason, reason);
  return true;
};

inFolder('what was written is there after closing and opening again, for nobody but the owner', async (folder) => {
  const first = await openSqliteStore(folder);
  await first.trail.append(note('one'), never);
  await first.close();
  const second = await openSqliteStore(folder);
  await second.trail.append(note('two'), never);
  assert.equal((await second.trail.lines(0, 10, never)).length, 2);
  await second.close();
  assert.equal(statSync(join(folder, 'blastgate.db')).mode & 0o077, 0);
});

inFolder(
  'whatever the umask and however they were, folder and files are for the owner alone while a gate runs',
  async (folder) => {
    const before = process.umask(0);
    try {
      const [fresh, old] = [join(folder, 'fresh'), join(folder, 'old')];
      mkdirSync(old, { mode: 0o755 });
      for (const file of ['blastgate.db', 'gate.lock']) writeFileSync(join(old, file), '', { mode: 0o666 });
      for (const data of [fresh, old]) {
        const store = await openSqliteStore(data);
        await store.trail.append(note('one'), never);
        const files = readdirSync(data);
        assert.ok(files.includes('gate.lock') && files.includes('blastgate.db-wal'), files.join());
        for (const file of files) assert.equal(statSync(join(data, file)).mode & 0o777, 0o600, file);
        await store.close();
      }
      assert.equal(statSync(fresh).mode & 0o777, 0o700);
    } finally {
      process.umask(before);
    }
  },
);

inFolder('a symbolic link in place of a file is not followed: what it points to stays as it was', async (folder) => {
  for (const file of ['gate.lock', 'blastgate.db', 'blastgate.db-wal']) {
    const [data, victim] = [join(folder, `data-${file}`), join(folder, `victim-${file}`)];
    mkdirSync(data);
    writeFileSync(victim, 'mine', { mode: 0o644 });
    symlinkSync(victim, join(data, file));
    // SQLite removes the link of a write-ahead log that is none of its own; the others hold what must not be passed over.
    if (file.endsWith('-wal')) await (await openSqliteStore(data)).close();
    else await assert.rejects(openSqliteStore(data), (error) => error instanceof AdapterError, file);
    assert.equal(readFileSync(victim, 'utf8'), 'mine');
    assert.equal(statSync(victim).mode & 0o777, 0o644);
  }
});

inFolder('a transaction is durable: WAL with a full sync', async (folder) => {
  const store = await openSqliteStore(folder);
  await store.close();
  const raw = new DatabaseSync(join(folder, 'blastgate.db'));
  assert.deepEqual({ ...raw.prepare('pragma journal_mode').get() }, { journal_mode: 'wal' });
  raw.close();
});

inFolder('a second gate on the same folder is refused, and let in after the first', async (folder) => {
  const first = await openSqliteStore(folder);
  await assert.rejects(openSqliteStore(folder), saying(/Another gate runs on/, 'locked'));
  await first.close();
  await (await openSqliteStore(folder)).close();
});

inFolder('the trail is read beside a running gate, and nothing can be written there', async (folder) => {
  assert.throws(() => openSqliteTrail(folder), saying(/BLASTGATE_DATA/, 'cannot-open'));
  const store = await openSqliteStore(folder);
  await store.trail.append(note('one'), never);
  const beside = openSqliteTrail(folder);
  assert.equal((await beside.trail.lines(0, 10, never)).length, 1);
  await store.trail.append(note('two'), never);
  assert.equal((await beside.trail.lines(0, 10, never)).length, 2);
  await assert.rejects(beside.trail.append(note('three'), never), saying(/read-only/, 'read-only'));
  await beside.close();
  await store.close();
});

inFolder('another file in its place is named, not overwritten', async (folder) => {
  const path = join(folder, 'blastgate.db');
  writeFileSync(path, 'these are my holiday notes, please do not lose them '.repeat(100));
  await assert.rejects(openSqliteStore(folder), saying(/not a database/, 'corrupt'));
  assert.match(readFileSync(path, 'utf8'), /^these are my holiday notes/);
});

inFolder('a damaged database is named', async (folder) => {
  const store = await openSqliteStore(folder);
  for (let i = 0; i < 200; i += 1) await store.trail.append(note('x'.repeat(500)), never);
  await store.close();
  const path = join(folder, 'blastgate.db');
  const bytes = readFileSync(path);
  bytes.fill(0xff, 4096);
  writeFileSync(path, bytes);
  await assert.rejects(
    async () => {
      const broken = await openSqliteStore(folder);
      try {
        await broken.trail.lines(0, 1000, never);
      } finally {
        await broken.close();
      }
    },
    saying(/damaged|cannot be read/, 'corrupt'),
  );
});

inFolder('a line of the trail that is no JSON any more is shown as such, and hides no other', async (folder) => {
  const store = await openSqliteStore(folder);
  for (const about of ['one', 'two']) await store.trail.append(note(about), never);
  await store.close();
  const raw = new DatabaseSync(join(folder, 'blastgate.db'));
  raw.exec(`update audit set line = '{"kind":' where seq = 1`);
  raw.close();
  const again = openSqliteTrail(folder);
  const lines = await again.trail.lines(0, 10, never);
  assert.deepEqual(
    lines.map(({ deed }) => (deed.kind === 'note' ? [deed.what, deed.about] : [])),
    [
      ['unreadable', 'this line is damaged'],
      ['x', 'two'],
    ],
  );
  await again.close();
});

inFolder('an emptied database is named, not taken for a whole trail', async (folder) => {
  writeFileSync(join(folder, 'blastgate.db'), '');
  assert.throws(() => openSqliteTrail(folder), saying(/holds no audit trail/, 'corrupt'));
});

inFolder('a full disk refuses the whole step, and later ones succeed again', async (folder) => {
  const store = await openSqliteStore(folder);
  await store.trail.append(note('before'), never);
  await store.close();
  const path = join(folder, 'blastgate.db');
  const raw = new DatabaseSync(path);
  const { page_count: pages } = { ...raw.prepare('pragma page_count').get() };
  // The same refusal as of a full disk: the database may not grow.
  raw.exec(`pragma max_page_count = ${Number(pages)}`);
  assert.throws(
    () => {
      try {
        raw.exec(`begin immediate; insert into marks values ('big', '${'x'.repeat(100_000)}'); commit`);
      } catch (error) {
        throw storeError(error);
      }
    },
    saying(/disk is full.*nothing was saved/, 'disk-full'),
  );
  raw.close();
  const again = await openSqliteStore(folder);
  assert.equal(await again.controls.readCursor('big', never), null);
  await again.trail.append(note('after'), never);
  assert.equal((await again.trail.lines(0, 10, never)).length, 2);
  await again.close();
});

inFolder('a lock that another program holds is named, and what waited can be done again', async (folder) => {
  const store = await openSqliteStore(folder);
  await store.close();
  const path = join(folder, 'blastgate.db');
  const [other, impatient] = [new DatabaseSync(path), new DatabaseSync(path, { timeout: 0 })];
  other.exec('begin immediate');
  assert.throws(
    () => {
      try {
        impatient.exec('begin immediate');
      } catch (error) {
        throw storeError(error);
      }
    },
    (error: unknown) => error instanceof AdapterError && error.kind === 'no-answer' && error.reason === 'locked',
  );
  other.exec('rollback');
  impatient.exec('begin immediate; rollback');
  other.close();
  impatient.close();
});

inFolder('a folder that cannot be made is named with the setting', async (folder) => {
  writeFileSync(join(folder, 'file'), '');
  await assert.rejects(openSqliteStore(join(folder, 'file', 'data')), saying(/BLASTGATE_DATA/, 'cannot-open'));
  if (process.getuid?.() === 0) return;
  chmodSync(folder, 0o500);
  await assert.rejects(openSqliteStore(join(folder, 'data')), saying(/BLASTGATE_DATA/, 'cannot-open'));
  chmodSync(folder, 0o700);
  assert.equal(existsSync(join(folder, 'data')), false);
});

inFolder('many writers at once: every step is one of the chain, none is lost', async (folder) => {
  const store = await openSqliteStore(folder);
  await Promise.all(Array.from({ length: 50 }, (_, i) => store.trail.append(note(String(i)), never)));
  const lines = await store.trail.lines(0, 100, never);
  assert.deepEqual(
    lines.map(({ seq }) => seq),
    Array.from({ length: 50 }, (_, i) => i + 1),
  );
  assert.equal(new Set(lines.map(({ deed }) => (deed.kind === 'note' ? deed.about : ''))).size, 50);
  await store.close();
});

/** The folder as migration 007 left it: what came later goes. */
const takeBackKeys = (db: DatabaseSync): void => {
  db.exec("delete from kysely_migration where name >= '008'");
  for (const table of ['shadow_verdicts', 'shadow_counts', 'logins', 'carried', 'summaries'])
    db.exec(`drop table ${table}`);
  for (const index of ['open_of', 'place']) db.exec(`drop index remediations_${index}`);
  db.exec('drop index remediations_cluster; alter table remediations drop column cluster');
  db.exec('alter table remediations drop column place');
  for (const index of ['incident', 'event', 'latest']) db.exec(`drop index audit_${index}`);
  for (const column of ['incident', 'event', 'latest']) db.exec(`alter table audit drop column ${column}`);
};

inFolder('lines of before are found by incident, event and time after an upgrade', async (folder) => {
  const store = await openSqliteStore(folder);
  const change = proposed('scale production/web 0');
  assert.ok((await store.remediations.save([change], never)).ok);
  const { id } = change.after;
  const older = {
    kind: 'note',
    at: START,
    what: 'vote-not-counted',
    who: 'eve',
    about: `approve ${id}: not-open`,
  } as const;
  await store.trail.append(older, never);
  await store.trail.append(note('something else'), never);
  await store.close();
  const raw = new DatabaseSync(join(folder, 'blastgate.db'));
  takeBackKeys(raw);
  raw.exec("update audit set line = 'damaged' where seq = 4");
  raw.close();
  const beside = openSqliteTrail(folder);
  assert.equal((await beside.trail.snapshot(never)).derived?.lines, null, 'an older database is read as it is');
  await beside.close();
  const again = await openSqliteStore(folder);
  const place = proposalPlace(change.after);
  assert.deepEqual(
    (await again.remediations.waitingAt(change.after.incident, place, never)).map((one) => one.id),
    [id],
  );
  const all = { incident: null, event: null, since: null };
  for (const [filter, seqs] of [
    [{ incident: change.after.incident }, [1, 2, 3]],
    [{ event: 'vote-not-counted' }, [3]],
    [{ since: START }, [1, 2, 3, 4]],
  ] as const) {
    const { lines } = await again.trail.page({ ...all, ...filter }, { limit: 9, after: 0 }, never);
    assert.deepEqual(
      lines.map(({ seq }) => seq),
      seqs,
    );
  }
  await again.close();
});

inFolder('failures of a folder from before they were filed by object are found', async (folder) => {
  const first = await openSqliteStore(folder);
  const change = proposed('scale dev/web 5', 'INC-1');
  const lost = { event: 'way-back-lost', refusal: { code: 'uid-changed', about: null } } as const;
  const failing = { is: 'failing', code: 'window-over', subject: null } as const;
  const failed = [
    { event: 'write-intended', direction: 'forward' },
    { event: 'write-answered', direction: 'forward', answer: { outcome: 'written', objects: [] } },
    { event: 'sampled', direction: 'forward', look: { at: 2, samples: [] }, verdict: failing },
    lost,
  ] as const;
  await first.remediations.save([change], never);
  await first.remediations.save([following(change.after, failed, START)], never);
  await first.close();
  const db = new DatabaseSync(join(folder, 'blastgate.db'));
  // The folder as migration 005 left it: what came with 006 and 007 goes.
  takeBackKeys(db);
  db.exec("drop table failed_objects; delete from kysely_migration where name >= '006'");
  db.exec('drop index remediations_failed; alter table remediations drop column failed_at');
  db.exec('create index outcomes_failed on outcomes (action, ended) where failed = 1');
  db.close();
  const second = await openSqliteStore(folder);
  const found = await second.history.failures(['scale'], ['deployments.apps dev/web'], START, never);
  assert.deepEqual(
    found.map(({ incident }) => incident),
    ['INC-1'],
  );
  await second.close();
});

inFolder('a database of a newer version is named, and left as it is', async (folder) => {
  await (await openSqliteStore(folder)).close();
  const raw = new DatabaseSync(join(folder, 'blastgate.db'));
  raw.exec("insert into kysely_migration values ('999-later', '2030-01-01T00:00:00.000Z')");
  raw.close();
  await assert.rejects(openSqliteStore(folder), saying(/written by a newer version.*restore the backup/, 'newer'));
});
