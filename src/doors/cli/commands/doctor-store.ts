// Settings → what doctor says of the store: the folder of the gate, and the database in it or beside it.
import { accessSync, constants, existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { OPEN } from '../../open-peers.ts';
import type { StorePlace } from '../../settings/store.ts';
import type { Settings } from '../../settings.ts';
import { databaseFindings } from './doctor-database.ts';
import { type Finding, finding } from './finding.ts';

const PATIENCE_MS = 10_000;
const MIN_FREE_BYTES = 64 * 1024 * 1024;

/** Of a PostgreSQL the folder is looked at besides: keys, certificates and links of this gate lie there. */
export async function storeFindings(settings: Settings): Promise<readonly Finding[]> {
  const { dataDir, storeUrl } = settings;
  const folder = folderFindings(dataDir);
  if (storeUrl !== null) return [...folder, ...(await sharedFindings(settings))];
  if (folder.length > 0) return folder;
  if (!existsSync(join(dataDir, 'blastgate.db')))
    return [finding('store', 'ok', `${dataDir} (empty: the first start fills it)`)];
  try {
    const damaged = await damagedRows(settings);
    return damaged.length > 0 ? damaged : [finding('store', 'ok', dataDir)];
  } catch (error) {
    return [finding('store', 'fail', `${dataDir}: ${messageOf(error)}`, 'set BLASTGATE_DATA, or restore a backup')];
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** None: the gate may write there, and has room. */
const folderFindings = (dataDir: string): readonly Finding[] => {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK);
    const probe = join(dataDir, `.doctor-${process.pid}`);
    writeFileSync(probe, 'x');
    rmSync(probe);
    const { bavail, bsize } = statfsSync(dataDir);
    if (bavail * bsize >= MIN_FREE_BYTES) return [];
    const left = `${dataDir} has ${Math.round((bavail * bsize) / 1048576)} MiB left`;
    return [finding('store', 'warn', left, 'free some space: a full disk stops every decision')];
  } catch (error) {
    const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
    const remedy = isFull ? 'free some space on its disk' : 'let the gate write there, or set BLASTGATE_DATA';
    return [finding('store', 'fail', `${dataDir}: ${messageOf(error)}`, remedy)];
  }
};

const sharedFindings = async (settings: Settings): Promise<readonly Finding[]> => {
  const said = await databaseFindings(settings);
  if (said.some(({ state }) => state === 'fail')) return said;
  try {
    return [...said, ...(await damagedRows(settings))];
  } catch (error) {
    if (error instanceof AdapterError && error.reason === 'empty')
      return [...said, finding('store', 'ok', 'the database is empty: the first start fills it')];
    return [...said, finding('store', 'fail', messageOf(error), 'correct BLASTGATE_STORE, or the database')];
  }
};

/** Rows that cannot be read; `audit verify` compares the rest. */
const damagedRows = async (place: StorePlace): Promise<readonly Finding[]> => {
  const opened = await OPEN.trail(place);
  try {
    const { unreadable } = await opened.trail.snapshot(AbortSignal.timeout(PATIENCE_MS));
    return unreadable.map((id) =>
      finding('store', 'fail', `the row of ${id} is damaged`, '`blastgate audit verify` says more; restore a backup'),
    );
  } finally {
    await opened.close();
  }
};
