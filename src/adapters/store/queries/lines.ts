// The lines of the audit trail in SQL: append-only, each hashed onto the one before, read a page at a time.
import type { Kysely, Transaction } from 'kysely';
import { isObject, type JsonObject } from '../../../core/model/json.ts';
import {
  type AuditEntry,
  type AuditHead,
  type AuditLine,
  type Checkpoint,
  type LineSubject,
  lineKeys,
  lineSubject,
} from '../../../core/remediation/audit-line.ts';
import { latestCheckpoint } from '../../../core/remediation/checkpoint.ts';
import type { PageRequest, TrailFilter, TrailPage } from '../../../ports/store.ts';
import { canonicalEntry, linkOf } from '../chain.ts';
import { fitting } from './page-size.ts';
import { prepared } from './prepared.ts';
import type { Tables } from './tables.ts';

/** An entry as its row, but for its place in the chain. */
export interface EntryText extends LineSubject {
  readonly line: string;
  readonly canonical: string;
  /** Of a step. */
  readonly proposal: string | null;
}

export function entryText(entry: AuditEntry): EntryText {
  return {
    ...lineSubject(entry),
    line: JSON.stringify(entry),
    canonical: canonicalEntry(entry),
    proposal: entry.kind === 'step' ? entry.proposal : null,
  };
}

/**
 * Within the transaction of what the entries are about, which are of one incident; null: of that of the proposal that each
 * names. Returns the head after the last one.
 */
export async function appendEntries(
  trx: Transaction<Tables>,
  entries: readonly EntryText[],
  incident: string | null,
): Promise<AuditHead> {
  const {
    rows: [end],
  } = await endOf(trx, {});
  let head = end === undefined ? null : { seq: end.head_seq, hash: end.head_hash };
  let latest = end?.latest ?? '';
  for (const entry of entries) {
    const { line, canonical, proposal, about } = entry;
    const { seq, prev, hash } = linkOf(head, canonical);
    const keys = lineKeys(entry, latest, about === null ? null : (incident ?? (await incidentOf(trx, about))));
    await insertLine(trx, { seq, proposal, line, prev, hash, ...keys });
    head = { seq, hash };
    latest = keys.latest;
  }
  if (head === null) throw new Error('no entry to write down (this is a bug)');
  const { seq: head_seq, hash: head_hash } = head;
  await moveHead(trx, { head_seq, head_hash });
  return head;
}

/** The head, and the latest time of any line. */
const endOf = prepared((db) =>
  db
    .selectFrom('gate')
    .select(['head_seq', 'head_hash'])
    .select((gate) => gate.selectFrom('audit').select('latest').orderBy('seq', 'desc').limit(1).as('latest')),
);

const insertLine = prepared((db, line: Tables['audit']) => db.insertInto('audit').values(line));

const moveHead = prepared((db, { head_seq, head_hash }: Pick<Tables['gate'], 'head_seq' | 'head_hash'>) =>
  db
    .insertInto('gate')
    .values({ id: 1, paused: 0, head_seq, head_hash })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ head_seq, head_hash })),
);

const incidentOf = async (trx: Transaction<Tables>, proposal: string): Promise<string | null> => {
  const row = await trx.selectFrom('remediations').select('incident').where('id', '=', proposal).executeTakeFirst();
  return row?.incident ?? null;
};

/** From the state row, not from the chain: a cut tail must not move it. */
export async function readHead(db: Kysely<Tables>): Promise<AuditHead | null> {
  const row = await db.selectFrom('gate').select(['head_seq', 'head_hash']).executeTakeFirst();
  return row === undefined ? null : { seq: row.head_seq, hash: row.head_hash };
}

/** A line that is no entry any more is shown as one that says so; its hash then tells where the chain is broken. */
export function entryOf(line: string): AuditEntry {
  try {
    const value: unknown = JSON.parse(line);
    // as: what this store wrote itself, or what the chain finds to be changed.
    if (isObject(value) && (isNote(value) || isStep(value))) return value as unknown as AuditEntry;
  } catch {
    // Said below.
  }
  return { kind: 'note', at: '', what: 'unreadable', who: null, about: 'this line is damaged' };
}

const isNote = ({ kind, at, what, about }: JsonObject): boolean =>
  kind === 'note' && [at, what, about].every((text) => typeof text === 'string');

const isStep = ({ kind, record, proposal }: JsonObject): boolean => {
  if (kind !== 'step' || typeof proposal !== 'string' || record === undefined || !isObject(record)) return false;
  const { at, to, event } = record;
  return typeof at === 'string' && typeof to === 'string' && event !== undefined && isObject(event);
};

export const ALL_LINES: TrailFilter = { incident: null, event: null, since: null };

/** A page of the lines that fit, the oldest first. */
export async function pageOf(
  db: Kysely<Tables>,
  filter: TrailFilter,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<TrailPage> {
  return fittingPage(chosen(db, filter, Math.max(after, await startOf(db, filter.since, after))).orderBy('seq'), limit);
}

/** Sizes first, so that no more text is read than a page may hold. */
const fittingPage = async (behind: ReturnType<typeof chosen>, limit: number): Promise<TrailPage> => {
  const sizes = await behind
    .select(({ fn }) => ['seq', fn<number>('octet_length', ['line']).as('bytes')])
    .limit(limit + 1)
    .execute();
  const many = Math.min(limit, fitting(sizes.map(({ bytes }) => bytes)));
  const [first, last] = [sizes[0], sizes[many - 1]];
  if (first === undefined || last === undefined) return { lines: [], next: null };
  // By their places: by their number a line added meanwhile would push the last one off a page of the newest, and off every page.
  const [from, to] = [Math.min(first.seq, last.seq), Math.max(first.seq, last.seq)];
  const rows = await behind.select(LINE).where('seq', '>=', from).where('seq', '<=', to).execute();
  return { lines: rows.map(lineOf), next: sizes.length > many ? last.seq : null };
};

/** All of these incidents, ascending; what a line is of no proposal is none of them. */
export async function linesOfSteps(db: Kysely<Tables>, incidents: readonly string[]): Promise<readonly AuditLine[]> {
  const all = db.selectFrom('audit').select(LINE).where('incident', 'in', incidents).where('proposal', 'is not', null);
  return (await all.orderBy('seq').execute()).map(lineOf);
}

const LINE = ['seq', 'line', 'prev', 'hash'] as const;

const lineOf = ({ seq, line, prev, hash }: Pick<Tables['audit'], (typeof LINE)[number]>): AuditLine => ({
  seq,
  deed: entryOf(line),
  prev,
  hash,
});

/** All of these events up to a line, ascending. */
export async function linesOfEvents(
  db: Kysely<Tables>,
  events: readonly string[],
  through: number,
): Promise<readonly AuditLine[]> {
  const all = db
    .selectFrom('audit')
    .select(LINE)
    .where('event', 'in', [...events]);
  return (await all.where('seq', '<=', through).orderBy('seq').execute()).map(lineOf);
}

/** By the newest line that is one. */
export async function checkpointIn(db: Kysely<Tables>): Promise<Checkpoint | null> {
  const all = db.selectFrom('audit').select(LINE).where('event', '=', 'pruned');
  const newest = await all.orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return newest === undefined ? null : (latestCheckpoint([lineOf(newest)])?.checkpoint ?? null);
}

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
    .$if(event !== null, (query) => query.where('event', '=', event ?? ''));

/** The newest lines before this one, the newest first. */
export async function newestOf(db: Kysely<Tables>, { limit, before }: PageRequest): Promise<TrailPage> {
  const older = chosen(db, ALL_LINES, 0).$if(before !== null, (query) => query.where('seq', '<', before ?? 0));
  return fittingPage(older.orderBy('seq', 'desc'), limit);
}
