// Reads the tables that follow from states and trail, for verifying them.
import type { Kysely } from 'kysely';
import type { Json } from '../../../core/model/json.ts';
import type { DerivedTables } from '../../../core/remediation/derived.ts';
import { pausedClusters } from './paused.ts';
import { summariesOf } from './summaries.ts';
import type { Tables } from './tables.ts';

/** What each database says in words of its own. */
export interface SnapshotAccess {
  /** All that `read` asks sees one moment; on a read-only connection too. */
  atOneMoment<T>(db: Kysely<Tables>, read: (one: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** A database that this version only reads is as its own gate left it. */
  hasColumn(db: Kysely<Tables>, table: keyof Tables, column: string): Promise<boolean>;
}

/** A damaged text differs from whatever should stand there. */
const jsonOf = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

export async function derivedTables(
  db: Kysely<Tables>,
  { hasColumn }: Pick<SnapshotAccess, 'hasColumn'>,
): Promise<DerivedTables> {
  const gate = await db.selectFrom('gate').select('paused').executeTakeFirst();
  const hasPlaces = await hasColumn(db, 'remediations', 'place');
  const rows = await db
    .selectFrom('remediations')
    .select(['id', 'digest', 'open', 'due'])
    .$if(hasPlaces, (query) => query.select('place'))
    .execute();
  const outcomes = await db.selectFrom('outcomes').select(['incident', 'digest', 'body']).execute();
  const messages = await db
    .selectFrom('outbox')
    .select(['proposal', 'queue', 'message', 'settled', 'first'])
    .orderBy('id')
    .execute();
  return {
    isPaused: gate?.paused === 1,
    pausedClusters: await pausedClusters(db),
    rows: rows.map(({ open, due, place = null, ...row }) => ({
      ...row,
      place,
      isOpen: open === 1,
      isDue: due !== null,
    })),
    holds: await db.selectFrom('holds').select(['object', 'proposal']).execute(),
    outcomes: outcomes.map(({ incident, digest, body }) => ({ incident, digest, body: jsonOf(body) })),
    messages: messages.map(({ proposal, queue, message, settled, first }) => ({
      proposal,
      queue,
      message: jsonOf(message),
      isSettled: settled !== null,
      isFirst: first === 1,
    })),
    lines: (await hasColumn(db, 'audit', 'latest'))
      ? await db.selectFrom('audit').select(['seq', 'incident', 'event', 'latest']).execute()
      : null,
    carried: (await hasColumn(db, 'carried', 'count')) ? await db.selectFrom('carried').selectAll().execute() : [],
    summaries: (await hasColumn(db, 'summaries', 'runs')) ? await summariesOf(db) : null,
    counts: await db.selectFrom('tallies').select(['kind', 'label', 'count']).execute(),
  };
}
