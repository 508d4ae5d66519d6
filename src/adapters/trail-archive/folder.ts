// The archive of the audit trail as files in a folder, one JSON text a line, as `audit export` writes them.
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isObject } from '../../core/model/json.ts';
import type { AuditLine } from '../../core/remediation/audit-line.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { TrailArchive } from '../../ports/trail-archive.ts';
import { cutLines } from '../audit-log/records.ts';

/** By its first line, so that names are in the order of the chain, and the moment. */
const FILE = /^audit-(\d{12})-[\dT]+Z\.jsonl$/;

const nameOf = (first: AuditLine, now: Date): string =>
  `audit-${String(first.seq).padStart(12, '0')}-${now.toISOString().replaceAll(/[-:.]/g, '')}.jsonl`;

/** The folder is made by the first line that is put in; a file of it is begun anew by each who opens it. */
export function archiveFolder(given: string): TrailArchive {
  // Without "..": what is made on the way to it is then above it.
  const folder = resolve(given);
  let path: string | null = null;
  return {
    append: async (lines) => {
      const [first] = lines;
      if (first === undefined) return;
      const own = path ?? (await begin(folder, nameOf(first, new Date())));
      // Half a line may be left of one that fails: nothing may stand behind it.
      path = null;
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      await trying(own, () => appendFile(own, text, { flush: true }));
      path = own;
    },
    lines: () => linesIn(folder),
  };
}

const begin = (folder: string, name: string): Promise<string> => {
  const path = join(folder, name);
  return trying(path, async () => {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    await (await open(path, 'ax', 0o600)).close();
    // The names must outlive a crash like what the file says: its own, and those of the folders that are new.
    for (const place of placesUpTo(folder, made ?? null)) await syncPlace(place);
    return path;
  });
};

/** The folder, and where it is new all above it down from the one that holds the first that was made. */
const placesUpTo = (folder: string, made: string | null): readonly string[] => {
  const places = [folder];
  for (let at = folder; made !== null && at !== dirname(made); at = dirname(at)) places.push(dirname(at));
  return places;
};

/** What says that folders cannot be synced there, or not by us (as PostgreSQL takes it, fsync_fname): on a share of the network, say. */
const CANNOT_SYNC: ReadonlySet<unknown> = new Set(['EBADF', 'EINVAL', 'EISDIR', 'EACCES']);

const syncPlace = async (path: string): Promise<void> => {
  try {
    const place = await open(path, 'r');
    try {
      await place.sync();
    } finally {
      await place.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && CANNOT_SYNC.has(error.code))) throw error;
  }
};

async function* linesIn(folder: string): AsyncGenerator<AuditLine> {
  const names = await trying(folder, () => readdir(folder));
  let last = 0;
  for (const name of names.filter((one) => FILE.test(one)).toSorted()) {
    for await (const line of linesOf(join(folder, name))) {
      // Put in again after a crash, or by one that began before another was done.
      if (line.seq <= last) continue;
      last = line.seq;
      yield line;
    }
  }
}

async function* linesOf(path: string): AsyncGenerator<AuditLine> {
  let records: (Buffer | null)[] = [];
  const cutter = cutLines((record) => records.push(record));
  let number = 0;
  try {
    for await (const chunk of createReadStream(path)) {
      cutter.push(chunk);
      for (const record of records) {
        number += 1;
        const line = record === null ? null : lineIn(record.toString());
        if (line === null) throw new AdapterError('invalid-answer', `line ${number} of ${path} is damaged`);
        yield line;
      }
      records = [];
    }
  } catch (error) {
    throw error instanceof AdapterError ? error : cannot(path, error);
  }
  // What has no end is what a crash left: it was put in again elsewhere.
}

const lineIn = (text: string): AuditLine | null => {
  try {
    const line: unknown = JSON.parse(text);
    const isLine =
      isObject(line) &&
      typeof line['seq'] === 'number' &&
      [line['prev'], line['hash']].every((one) => typeof one === 'string') &&
      line['deed'] !== undefined &&
      isObject(line['deed']);
    // as: what the chain will find to be changed, if it is not so.
    return isLine ? (line as unknown as AuditLine) : null;
  } catch {
    return null;
  }
};

const trying = async <T>(path: string, act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    throw cannot(path, error);
  }
};

const cannot = (path: string, error: unknown): AdapterError =>
  new AdapterError(
    'refused',
    `the archive ${path} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    { reason: 'archive' },
  );
