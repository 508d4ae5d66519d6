// Another program holds the database: nothing stops the thread, reads go on, writes wait and are then done, or not at all.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditEntry } from '../../../core/remediation/audit-line.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { Store } from '../../../ports/store.ts';
import { openSqliteStore } from './open.ts';
import { openSqliteThread } from './thread.ts';

const never = new AbortController().signal;
const note = (about: string): AuditEntry => ({
  kind: 'note',
  at: '2026-01-01T00:00:00.000Z',
  what: 'x',
  who: null,
  about,
});

const locked = async (
  open: (folder: string) => Promise<Store>,
  check: (store: Store, release: () => void) => Promise<void>,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-locked-'));
  const store = await open(folder);
  await store.trail.append(note('before'), never);
  const other = new DatabaseSync(join(folder, 'blastgate.db'));
  other.exec('begin immediate');
  try {
    await check(store, () => other.exec('rollback'));
  } finally {
    if (other.isTransaction) other.exec('rollback');
    other.close();
    await store.close();
    rmSync(folder, { recursive: true });
  }
};

const abouts = async (store: Store): Promise<readonly string[]> =>
  (await store.trail.lines(0, 100, never)).map(({ deed }) => (deed.kind === 'note' ? deed.about : ''));

for (const [name, open] of [
  ['in this thread', openSqliteStore],
  ['on its own thread', openSqliteThread],
] as const)
  describe(`a database that another program holds, ${name}`, () => {
    test('reads are answered, writes wait and are done in their order when it is free', () =>
      locked(open, async (store, release) => {
        const ended: string[] = [];
        const writes = ['one', 'two', 'three'].map(async (about) => {
          await store.trail.append(note(about), never);
          ended.push(about);
        });
        assert.equal((await store.trail.head(never))?.seq, 1);
        // Some pauses of the back-off pass; a thread that is stopped would not come back from this sleep.
        await sleep(30);
        assert.deepEqual(ended, []);
        assert.deepEqual(await abouts(store), ['before']);
        release();
        await Promise.all(writes);
        assert.deepEqual(await abouts(store), ['before', 'one', 'two', 'three']);
      }));

    test('who waits no longer is told why, and nothing of it is done later', () =>
      locked(open, async (store, release) => {
        const impatient = new AbortController();
        const late = store.trail.append(note('late'), impatient.signal);
        const patient = store.trail.append(note('patient'), never);
        await sleep(20);
        impatient.abort();
        await assert.rejects(
          late,
          (error: unknown) => error instanceof AdapterError && error.kind === 'no-answer' && error.reason === 'locked',
        );
        release();
        await patient;
        assert.deepEqual(await abouts(store), ['before', 'patient']);
      }));
  });

test('a folder that cannot be opened says so through the thread too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-locked-'));
  const first = await openSqliteThread(folder);
  await assert.rejects(
    openSqliteThread(folder),
    (error: unknown) => error instanceof AdapterError && /Another gate runs on/.test(error.message),
  );
  await first.close();
  await assert.rejects(first.trail.head(never), /closed/);
  await (await openSqliteThread(folder)).close();
  rmSync(folder, { recursive: true });
});
