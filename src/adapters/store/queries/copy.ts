// Everything that one store remembers → another, empty one, whatever the databases are.
import type { Kysely, Transaction } from 'kysely';
import type { Json } from '../../../core/model/json.ts';
import type { AuditHead } from '../../../core/remediation/audit-line.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { HiddenValues } from '../../../ports/store.ts';
import type { Tables } from './tables.ts';

/** A store as it is copied: its tables, and the values that only it can open. */
export interface CopyEnd {
  readonly db: Kysely<Tables>;
  readonly hidden: HiddenValues;
  /** After rows were put in with their numbers: the next gets a higher one. */
  readonly numberOn?: (trx: Transaction<Tables>) => Promise<void>;
}

export interface Copied {
  readonly rows: number;
  readonly head: AuditHead | null;
}

/** By what each table is read in order. `hidden` is not among them: each store has a key of its own. */
export const COPIED: readonly (readonly [
  table: Exclude<keyof Tables, 'hidden'>,
  columns: readonly string[],
  order: readonly string[],
])[] = [
  ['gate', ['id', 'paused', 'head_seq', 'head_hash'], ['id']],
  ['marks', ['name', 'value'], ['name']],
  [
    'remediations',
    [
      'created',
      'id',
      'incident',
      'digest',
      'state',
      'open',
      'revision',
      'body',
      'due',
      'place',
      'head_seq',
      'head_hash',
      'failed_at',
      'cluster',
    ],
    ['created'],
  ],
  ['holds', ['object', 'proposal'], ['object']],
  ['audit', ['seq', 'proposal', 'line', 'prev', 'hash', 'incident', 'event', 'latest'], ['seq']],
  [
    'outbox',
    [
      'id',
      'key',
      'proposal',
      'incident',
      'queue',
      'message',
      'head_seq',
      'head_hash',
      'created_at',
      'due',
      'tries',
      'settled',
      'first',
    ],
    ['id'],
  ],
  ['tallies', ['kind', 'label', 'count'], ['kind', 'label']],
  ['carried', ['kind', 'label', 'count'], ['kind', 'label']],
  [
    'summaries',
    ['action', 'target', 'runs', 'succeeded', 'rolled_back', 'asked', 'seconds', 'ended'],
    ['action', 'target'],
  ],
  [
    'outcomes',
    ['incident', 'digest', 'proposal', 'action', 'target', 'state', 'seconds', 'failed', 'ended', 'body'],
    ['rowid'],
  ],
  ['failed_objects', ['action', 'object', 'ended', 'incident', 'digest'], ['incident', 'digest', 'object', 'action']],
  ['logins', ['id', 'kind', 'ends', 'body'], ['id']],
  ['shadow_verdicts', ['seq', 'body'], ['seq']],
  ['shadow_counts', ['proposer', 'action', 'tier', 'became', 'count'], ['proposer', 'action', 'tier', 'became']],
];

/** Rows that are read and written at once: a body may have a megabyte. */
const AT_ONCE = 100;

/** Any table by the names above: kysely's types know each by itself only. */
type AnyTable = Record<string, Record<string, unknown>>;
const any = (db: Kysely<Tables>): Kysely<AnyTable> => db as unknown as Kysely<AnyTable>;

/**
 * All tables in one transaction of the target, or nothing. The source is read as it is at one moment (`from.db` is a snapshot).
 * Throws AdapterError where the target holds anything.
 */
export async function copyTables(from: CopyEnd, to: CopyEnd, signal: AbortSignal): Promise<Copied> {
  await needEmpty(to.db);
  const rows = await to.db.transaction().execute(async (trx) => {
    let copied = 0;
    for (const [table, columns, order] of COPIED)
      copied += await copyTable(from.db, trx, { table, columns, order }, signal);
    await to.numberOn?.(trx);
    return copied;
  });
  const hidden = await copyHidden(from, to, signal);
  const head = await to.db.selectFrom('gate').select(['head_seq', 'head_hash']).executeTakeFirst();
  return { rows: rows + hidden, head: head === undefined ? null : { seq: head.head_seq, hash: head.head_hash } };
}

const needEmpty = async (db: Kysely<Tables>): Promise<void> => {
  for (const [table] of COPIED) {
    const row = await any(db)
      .selectFrom(table)
      .select((all) => all.lit(1).as('one'))
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined)
      throw new AdapterError(
        'refused',
        `The target is not empty (${table} has rows): name an empty database or folder.`,
        {
          reason: 'not-empty',
        },
      );
  }
};

interface TableCopy {
  readonly table: string;
  readonly columns: readonly string[];
  readonly order: readonly string[];
}

const copyTable = async (
  from: Kysely<Tables>,
  trx: Transaction<Tables>,
  { table, columns, order }: TableCopy,
  signal: AbortSignal,
): Promise<number> => {
  const [key = ''] = order;
  // A long table has one key that rises; the others are short, and read from their beginning again for each page.
  const isLong = order.length === 1 && columns.includes(key);
  let [copied, last]: [number, unknown] = [0, null];
  for (;;) {
    signal.throwIfAborted();
    const behind = last;
    const rows = await order
      .reduce(
        (query, column) => query.orderBy(column),
        any(from)
          .selectFrom(table)
          .select([...columns]),
      )
      .limit(AT_ONCE)
      .$if(isLong && behind !== null, (query) => query.where(key, '>', behind))
      .$if(!isLong, (query) => query.offset(copied))
      .execute();
    if (rows.length > 0)
      await any(trx)
        .insertInto(table)
        .values(rows.map((row) => ({ ...row })))
        .execute();
    copied += rows.length;
    last = rows.at(-1)?.[key] ?? null;
    if (rows.length < AT_ONCE) return copied;
  }
};

/** Opened by the one, sealed by the other. Throws AdapterError where one cannot be opened. */
const copyHidden = async (from: CopyEnd, to: CopyEnd, signal: AbortSignal): Promise<number> => {
  let copied = 0;
  for (;;) {
    const rows = await from.db
      .selectFrom('hidden')
      .select('hash')
      .orderBy('hash')
      .limit(AT_ONCE)
      .offset(copied)
      .execute();
    if (rows.length === 0) return copied;
    const values: ReadonlyMap<string, Json> = await from.hidden.reveal(
      rows.map(({ hash }) => hash),
      signal,
    );
    if (values.size < rows.length)
      throw new AdapterError(
        'invalid-answer',
        `${rows.length - values.size} hidden values cannot be opened: the key in the source is not the one that they were sealed with. The target is not complete: empty it.`,
        { reason: 'corrupt' },
      );
    await to.hidden.keep(values, null, signal);
    copied += rows.length;
  }
};
