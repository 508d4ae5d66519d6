// Opens the database of a data folder: for the one gate that writes, or for reading beside it.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { OpenedTrail, Store } from '../../../ports/store.ts';
import { sqlControls } from '../queries/controls.ts';
import { groupCommit } from '../queries/group-commit.ts';
import { sqlHidden } from '../queries/hidden.ts';
import { sqlHistory } from '../queries/history.ts';
import { sqlSessions } from '../queries/sessions.ts';
import { sqlShadow } from '../queries/shadow.ts';
import type { Tables } from '../queries/tables.ts';
import { sqlTrail, stepLines } from '../queries/trail.ts';
import { NodeSqliteDialect } from './dialect.ts';
import { sqliteFateOf, storeError } from './errors.ts';
import { hiddenKey } from './hidden-key.ts';
import { sqliteOutbox } from './outbox.ts';
import { makePrivate } from './private-file.ts';
import { sqliteRemediations } from './remediations.ts';
import { migrate } from './schema.ts';
import { SQLITE_SNAPSHOT } from './snapshot.ts';

const FILE = 'blastgate.db';
const LOCK = 'gate.lock';
/** Milliseconds that opening waits for another program's transaction; a store that is open never stops the thread for one. */
const PATIENCE = 5000;

/**
 * The store of a running gate. Takes the folder for this process alone: the lock is the operating system's and dies with
 * the process, so that whatever a dead gate had claimed is free again at once. Throws AdapterError, saying what to do.
 */
export async function openSqliteStore(folder: string): Promise<SqliteStore> {
  return (await openSqliteTables(folder)).store;
}

/** What is large can be had as text, for another thread to read. */
export interface SqliteStore extends Store {
  readonly remediations: ReturnType<typeof sqliteRemediations>;
  readonly trail: Store['trail'] & {
    stepLines(proposal: string, signal: AbortSignal): ReturnType<typeof stepLines>;
  };
}

/** The same with its tables, for copying them. */
export async function openSqliteTables(
  folder: string,
): Promise<{ readonly store: SqliteStore; readonly db: Kysely<Tables> }> {
  const lock = trying(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return holdAlone(folder);
  });
  try {
    const db = trying(() => openDatabase(folder));
    await migrate(db);
    await sql`pragma busy_timeout = 0`.execute(db);
    const write = groupCommit(db, { fateOf: sqliteFateOf });
    const store: SqliteStore = {
      remediations: sqliteRemediations(db, write),
      outbox: sqliteOutbox(db, write),
      history: sqlHistory(db, write),
      controls: sqlControls(db, write),
      trail: {
        ...sqlTrail(db, write, SQLITE_SNAPSHOT),
        stepLines: (proposal, signal) => stepLines(db, proposal, signal),
      },
      hidden: sqlHidden(
        db,
        write,
        trying(() => hiddenKey(folder)),
      ),
      shadow: sqlShadow(db, write),
      sessions: sqlSessions(db, write),
      close: async () => {
        await db.destroy();
        lock.close();
      },
    };
    return { store, db };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** The trail alone, read-only, also while a gate runs on the folder (`audit verify`, `audit export`, `doctor`). */
export function openSqliteTrail(folder: string): OpenedTrail {
  const path = join(folder, FILE);
  if (!existsSync(path))
    throw new AdapterError('refused', `There is no database in ${folder}: set BLASTGATE_DATA to the gate's folder.`, {
      reason: 'cannot-open',
    });
  const database = trying(() => {
    const opened = new DatabaseSync(path, { readOnly: true, timeout: PATIENCE });
    if (opened.prepare("select 1 from sqlite_master where name = 'audit'").get() !== undefined) return opened;
    opened.close();
    throw new AdapterError(
      'invalid-answer',
      `The database in ${folder} holds no audit trail: no gate ever ran on it, or it was emptied. Restore a backup if one did.`,
      { reason: 'corrupt' },
    );
  });
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) });
  const write = groupCommit(db, { fateOf: sqliteFateOf });
  return { trail: sqlTrail(db, write, SQLITE_SNAPSHOT), controls: sqlControls(db, write), close: () => db.destroy() };
}

/** What making the folder or a file in it meets; a read-only file system says ENOENT for a folder within a folder. */
const NO_FOLDER: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'EEXIST',
  'EISDIR',
]);

const trying = <T>(act: () => T): T => {
  try {
    return act();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ELOOP')
      throw new AdapterError(
        'refused',
        `A file of the data folder is a symbolic link, which is not followed: put the file itself there.`,
        { reason: 'cannot-open' },
      );
    if (typeof code === 'string' && NO_FOLDER.has(code))
      throw new AdapterError(
        'refused',
        `The data folder, or a file in it, cannot be made or written (${code}): set BLASTGATE_DATA to a folder of the gate's own.`,
        {
          reason: 'cannot-open',
        },
      );
    throw storeError(error);
  }
};

const holdAlone = (folder: string): DatabaseSync => {
  makePrivate(join(folder, LOCK));
  const lock = new DatabaseSync(join(folder, LOCK), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    const trouble = storeError(error);
    if (trouble instanceof AdapterError && trouble.reason === 'locked')
      throw new AdapterError(
        'refused',
        `Another gate runs on ${folder}: stop it, or set BLASTGATE_DATA to another folder.`,
        {
          reason: 'locked',
        },
      );
    throw trouble;
  }
};

/**
 * A commit is on the disk before it is told. The log is moved into the database every 16 MB instead of 4: pages that each step writes
 * (heads, counts, ends of indexes) are then moved once for many steps. So much is read again after a crash, in well under a second.
 */
const PRAGMAS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma wal_autocheckpoint = 4000;
  pragma cache_size = -32000;`;

const openDatabase = (folder: string): Kysely<Tables> => {
  const path = join(folder, FILE);
  makePrivate(path);
  const database = new DatabaseSync(path, { timeout: PATIENCE });
  try {
    database.exec(PRAGMAS);
  } catch (error) {
    database.close();
    throw error;
  }
  return new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) });
};
