// The audit trail in SQLite: append-only lines, each hashed onto the one before.
import type { Kysely, Transaction } from 'kysely';
import { isObject, type JsonObject } from '../../../core/model/json.ts';
import type { AuditEntry, AuditHead, AuditLine } from '../../../core/remediation/audit-line.ts';
import type { Remediation } from '../../../core/remediation/remediation.ts';
import type { KeptState, Trail } from '../../../ports/store.ts';
import { chain } from '../chain.ts';
import { atOneMoment, derivedTables } from './derived-tables.ts';
import type { Write } from './group-commit.ts';
import { readRemediation } from './readable.ts';
import type { Tables } from './schema.ts';

/** Within the transaction of what the entries are about. Returns the head after the last one. */
export async function appendEntries(trx: Transaction<Tables>, entries: readonly AuditEntry[]): Promise<AuditHead> {
  let head = await readHead(trx);
  for (const entry of entries) {
    const line = chain(head, entry);
    const { seq, prev, hash } = line;
    const proposal = entry.kind === 'step' ? entry.proposal : null;
    await trx
      .insertInto('audit')
      .values({ seq, proposal, line: JSON.stringify(entry), prev, hash })
      .execute();
    head = { seq, hash };
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

export function sqliteTrail(db: Kysely<Tables>, write: Write): Trail {
  return {
    lines: async (after, limit, signal) => {
      signal.throwIfAborted();
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(({ seq, line, prev, hash }): AuditLine => ({ seq, deed: entryOf(line), prev, hash }));
    },
    eventsOf: async (proposal, signal) => {
      signal.throwIfAborted();
      const rows = await db.selectFrom('audit').selectAll().where('proposal', '=', proposal).orderBy('seq').execute();
      return rows.flatMap(({ seq, line }) => {
        const entry = entryOf(line);
        return entry.kind === 'step' ? [{ ...entry.record, seq }] : [];
      });
    },
    append: async (entry, signal) => write((trx) => appendEntries(trx, [entry]), signal),
    head: (signal) => {
      signal.throwIfAborted();
      return readHead(db);
    },
    snapshot: (signal) => {
      signal.throwIfAborted();
      return atOneMoment(db, async (one) => {
        const rows = await statesWithHead(one);
        const [first, found] = [rows[0], rows.map(keptOf)];
        return {
          head: first?.seq == null || first.hash === null ? null : { seq: first.seq, hash: first.hash },
          kept: found.flatMap((row) => (row !== null && 'kept' in row ? [row.kept] : [])),
          unreadable: found.flatMap((row) => (row !== null && 'unreadable' in row ? [row.unreadable] : [])),
          derived: await derivedTables(one),
        };
      });
    },
  };
}
