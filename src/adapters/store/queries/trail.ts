// The audit trail in SQL: append-only lines, each hashed onto the one before.
import type { Kysely, Transaction } from 'kysely';
import { isObject, type JsonObject } from '../../../core/model/json.ts';
import {
  type AuditEntry,
  type AuditHead,
  type AuditLine,
  lineKeys,
  proposalOf,
} from '../../../core/remediation/audit-line.ts';
import type { Remediation } from '../../../core/remediation/remediation.ts';
import type { KeptState, Trail, TrailFilter, TrailPage } from '../../../ports/store.ts';
import { chain } from '../chain.ts';
import { derivedTables, type SnapshotAccess } from './derived-tables.ts';
import type { Write } from './group-commit.ts';
import { fitting } from './page-size.ts';
import { prepared } from './prepared.ts';
import { readRemediation } from './readable.ts';
import type { Tables } from './tables.ts';

/**
 * Within the transaction of what the entries are about, which are of one incident; null: of that of the proposal that each
 * names. Returns the head after the last one.
 */
export async function appendEntries(
  trx: Transaction<Tables>,
  entries: readonly AuditEntry[],
  incident: string | null,
): Promise<AuditHead> {
  let head = await readHead(trx);
  let latest = await latestOf(trx);
  for (const entry of entries) {
    const line = chain(head, entry);
    const { seq, prev, hash } = line;
    const known = incident ?? (await incidentOf(trx, proposalOf(entry)));
    const keys = lineKeys(entry, latest, () => known);
    const proposal = entry.kind === 'step' ? entry.proposal : null;
    await trx
      .insertInto('audit')
      .values({ seq, proposal, line: JSON.stringify(entry), prev, hash, ...keys })
      .execute();
    head = { seq, hash };
    latest = keys.latest;
  }
  if (head === null) throw new Error('no entry to write down (this is a bug)');
  const { seq: head_seq, hash: head_hash } = head;
  await trx
    .insertInto('gate')
    .values({ id: 1, paused: 0, head_seq, head_hash })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ head_seq, head_hash }))
    .execute();
  return head;
}

const latestOf = async (trx: Transaction<Tables>): Promise<string> =>
  (await trx.selectFrom('audit').select('latest').orderBy('seq', 'desc').limit(1).executeTakeFirst())?.latest ?? '';

const incidentOf = async (trx: Transaction<Tables>, proposal: string | null): Promise<string | null> => {
  if (proposal === null) return null;
  const row = await trx.selectFrom('remediations').select('incident').where('id', '=', proposal).executeTakeFirst();
  return row?.incident ?? null;
};

/** From the state row, not from the chain: a cut tail must not move it. */
const readHead = async (db: Kysely<Tables>): Promise<AuditHead | null> => {
  const row = await db.selectFrom('gate').select(['head_seq', 'head_hash']).executeTakeFirst();
  return row === undefined ? null : { seq: row.head_seq, hash: row.head_hash };
};

/** A remediation as its row says: what lists and claims go by must be what the body says, so it is compared as well. */
const keptOf = (
  row: {
    readonly [K in 'one' | 'body' | 'state' | 'incident' | 'own_hash']: string | null;
  } & { readonly [K in 'revision' | 'own_seq']: number | null },
): { readonly kept: KeptState } | { readonly unreadable: string } | null => {
  const { one, body, state, revision, incident, own_seq, own_hash } = row;
  if (one === null || body === null || own_seq === null || own_hash === null) return null;
  const columns = { id: one, state, revision, incident } as Pick<Remediation, 'id' | 'state' | 'revision' | 'incident'>;
  const remediation = readRemediation({ id: one, body });
  if (remediation === null) return { unreadable: one };
  return { kept: { remediation: { ...remediation, ...columns }, head: { seq: own_seq, hash: own_hash } } };
};

/** A line that is no entry any more is shown as one that says so; its hash then tells where the chain is broken. */
const entryOf = (line: string): AuditEntry => {
  try {
    const value: unknown = JSON.parse(line);
    // as: what this store wrote itself, or what the chain finds to be changed.
    if (isObject(value) && (isNote(value) || isStep(value))) return value as unknown as AuditEntry;
  } catch {
    // Said below.
  }
  return { kind: 'note', at: '', what: 'unreadable', who: null, about: 'this line is damaged' };
};

const isNote = ({ kind, at, what, about }: JsonObject): boolean =>
  kind === 'note' && [at, what, about].every((text) => typeof text === 'string');

const isStep = ({ kind, record, proposal }: JsonObject): boolean => {
  if (kind !== 'step' || typeof proposal !== 'string' || record === undefined || !isObject(record)) return false;
  const { at, to, event } = record;
  return typeof at === 'string' && typeof to === 'string' && event !== undefined && isObject(event);
};

/** A state row that is gone must not hide the others. */
const statesWithHead = (db: Kysely<Tables>) =>
  db
    .selectFrom('gate')
    .fullJoin('remediations', (join) => join.onTrue())
    .select([
      'gate.head_seq as seq',
      'gate.head_hash as hash',
      'remediations.id as one',
      'body',
      'state',
      'revision',
      'incident',
    ])
    .select(['remediations.head_seq as own_seq', 'remediations.head_hash as own_hash'])
    .execute();

const ALL: TrailFilter = { incident: null, event: null, since: null };

/** Sizes first, so that no more text is read than a page may hold. */
const pageOf = async (
  db: Kysely<Tables>,
  filter: TrailFilter,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<TrailPage> => {
  const behind = chosen(db, filter, Math.max(after, await startOf(db, filter.since, after)));
  const sizes = await behind
    .select(({ fn }) => ['seq', fn<number>('octet_length', ['line']).as('bytes')])
    .limit(limit + 1)
    .execute();
  const many = Math.min(limit, fitting(sizes.map(({ bytes }) => bytes)));
  const rows = await behind.select(['seq', 'line', 'prev', 'hash']).limit(many).execute();
  const lines = rows.map(({ seq, line, prev, hash }): AuditLine => ({ seq, deed: entryOf(line), prev, hash }));
  return { lines, next: sizes.length > many ? (lines.at(-1)?.seq ?? null) : null };
};

/** The line before the first of that time or later. A page that is not the first begins behind it anyway. */
const startOf = async (db: Kysely<Tables>, since: string | null, after: number): Promise<number> => {
  if (since === null) return after;
  const first = await db
    .selectFrom('audit')
    .select('seq')
    .where('latest', '>=', since)
    .orderBy('latest')
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return first === undefined ? Number.MAX_SAFE_INTEGER : first.seq - 1;
};

const chosen = (db: Kysely<Tables>, { incident, event }: TrailFilter, after: number) =>
  db
    .selectFrom('audit')
    .where('seq', '>', after)
    .$if(incident !== null, (query) => query.where('incident', '=', incident ?? ''))
    .$if(event !== null, (query) => query.where('event', '=', event ?? ''))
    .orderBy('seq');

const linesOf = prepared((db, { proposal }: { readonly proposal: string }) =>
  db.selectFrom('audit').select(['seq', 'line']).where('proposal', '=', proposal).orderBy('seq'),
);

export function sqlTrail(db: Kysely<Tables>, write: Write, access: SnapshotAccess): Trail {
  return {
    lines: async (after, limit, signal) => {
      signal.throwIfAborted();
      return (await pageOf(db, ALL, { after, limit })).lines;
    },
    page: async (filter, page, signal) => {
      signal.throwIfAborted();
      return pageOf(db, filter, page);
    },
    eventsOf: async (proposal, signal) => {
      signal.throwIfAborted();
      const { rows } = await linesOf(db, { proposal });
      return rows.flatMap(({ seq, line }) => {
        const entry = entryOf(line);
        return entry.kind === 'step' ? [{ ...entry.record, seq }] : [];
      });
    },
    append: async (entry, signal) => write((trx) => appendEntries(trx, [entry], null), signal),
    head: (signal) => {
      signal.throwIfAborted();
      return readHead(db);
    },
    snapshot: (signal) => {
      signal.throwIfAborted();
      return access.atOneMoment(db, async (one) => {
        const rows = await statesWithHead(one);
        const [first, found] = [rows[0], rows.map(keptOf)];
        return {
          head: first?.seq == null || first.hash === null ? null : { seq: first.seq, hash: first.hash },
          kept: found.flatMap((row) => (row !== null && 'kept' in row ? [row.kept] : [])),
          unreadable: found.flatMap((row) => (row !== null && 'unreadable' in row ? [row.unreadable] : [])),
          derived: await derivedTables(one, access),
        };
      });
    },
  };
}
