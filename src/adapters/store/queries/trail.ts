// The audit trail in SQL: its lines, and with the states of one moment what verifying it needs.
import type { Kysely } from 'kysely';
import type { Remediation } from '../../../core/remediation/remediation.ts';
import type { KeptState, Trail } from '../../../ports/store.ts';
import { derivedTables, type SnapshotAccess } from './derived-tables.ts';
import type { Write } from './group-commit.ts';
import { ALL_LINES, appendEntries, checkpointIn, entryOf, entryText, newestOf, pageOf, readHead } from './lines.ts';
import { prepared } from './prepared.ts';
import { pruneLines } from './prune.ts';
import { readRemediation } from './readable.ts';
import type { Tables } from './tables.ts';

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

type StepLine = Pick<Tables['audit'], 'seq' | 'line'>;

/** The lines of a proposal's steps as they are stored. */
export async function stepLines(
  db: Kysely<Tables>,
  proposal: string,
  signal: AbortSignal,
): Promise<readonly StepLine[]> {
  signal.throwIfAborted();
  return (await linesOf(db, { proposal })).rows;
}

/** What happened in them, each with its line. */
export function eventsIn(lines: readonly StepLine[]): Awaited<ReturnType<Trail['eventsOf']>> {
  return lines.flatMap(({ seq, line }) => {
    const entry = entryOf(line);
    return entry.kind === 'step' ? [{ ...entry.record, seq }] : [];
  });
}

const linesOf = prepared((db, { proposal }: { readonly proposal: string }) =>
  db.selectFrom('audit').select(['seq', 'line']).where('proposal', '=', proposal).orderBy('seq'),
);

export function sqlTrail(db: Kysely<Tables>, write: Write, access: SnapshotAccess): Trail {
  return {
    lines: async (after, limit, signal) => {
      signal.throwIfAborted();
      return (await pageOf(db, ALL_LINES, { after, limit })).lines;
    },
    page: async (filter, page, signal) => {
      signal.throwIfAborted();
      return pageOf(db, filter, page);
    },
    newest: async (page, signal) => {
      signal.throwIfAborted();
      return newestOf(db, page);
    },
    checkpoint: (signal) => {
      signal.throwIfAborted();
      return checkpointIn(db);
    },
    prune: (order, signal) => write((trx) => pruneLines(trx, order), signal),
    eventsOf: async (proposal, signal) => eventsIn(await stepLines(db, proposal, signal)),
    append: async (entry, signal) => write((trx) => appendEntries(trx, [entryText(entry)], null), signal),
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
