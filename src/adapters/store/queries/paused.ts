// Where the pause switches stand, in SQL: the one of the whole gate, and one for each of its clusters.
import type { Kysely, Transaction } from 'kysely';
import type { AuditEntry } from '../../../core/remediation/audit-line.ts';
import { readMark, writeMark } from './marks.ts';
import { prepared } from './prepared.ts';
import type { Tables } from './tables.ts';

const PAUSED = 'paused:';
/** The next of all names that begin otherwise. */
const BEHIND_PAUSED = 'paused;';

/** The cluster that an entry is about alone; null: the whole gate. */
export function clusterOf(entry: AuditEntry): string | null {
  return entry.kind === 'note' ? (entry.cluster ?? null) : null;
}

/** Whether its own switch is off. */
export async function isSwitchedOff(db: Kysely<Tables>, cluster: string | null): Promise<boolean> {
  if (cluster !== null) return (await readMark(db, `${PAUSED}${cluster}`)) === '1';
  const {
    rows: [row],
  } = await pausedOf(db, {});
  return row?.paused === 1;
}

const pausedOf = prepared((db) => db.selectFrom('gate').select('paused'));

export async function setSwitch(trx: Transaction<Tables>, cluster: string | null, paused: boolean): Promise<void> {
  if (cluster !== null) return writeMark(trx, `${PAUSED}${cluster}`, paused ? '1' : '0');
  await trx
    .updateTable('gate')
    .set({ paused: paused ? 1 : 0 })
    .execute();
}

/** False: it is paused already. */
export async function pauseOnce(trx: Transaction<Tables>, cluster: string | null): Promise<boolean> {
  if (await isSwitchedOff(trx, cluster)) return false;
  await setSwitch(trx, cluster, true);
  return true;
}

/** Names of the clusters that are paused by themselves, sorted. */
export async function pausedClusters(db: Kysely<Tables>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('marks')
    .select('name')
    // By the index; names of other marks are many.
    .where('name', '>=', PAUSED)
    .where('name', '<', BEHIND_PAUSED)
    .where('value', '=', '1')
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name.slice(PAUSED.length));
}
