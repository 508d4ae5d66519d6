// Reads the tables that follow from states and trail, for verifying them.
import type { Kysely } from 'kysely';
import type { Instant } from '../../../core/model/instant.ts';
import type { Json } from '../../../core/model/json.ts';
import type { DerivedTables } from '../../../core/remediation/derived.ts';
import type { OutcomeKeys } from '../../../core/remediation/outcome.ts';
import type { State } from '../../../core/remediation/state.ts';
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

type KeyColumns = Pick<Tables['outcomes'], 'proposal' | 'action' | 'target' | 'state' | 'seconds' | 'failed' | 'ended'>;

/** As keysOfOutcome has them, whatever stands there. */
const keysIn = ({ seconds, failed, state, ended, ...keys }: KeyColumns): OutcomeKeys => ({
  ...keys,
  // as: it is compared, and believed by nobody.
  state: state as State,
  ended: ended as Instant,
  secondsToApprove: seconds,
  isFailure: failed === 1,
});

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
  const hasKeys = await hasColumn(db, 'outcomes', 'failed');
  const outcomes = await db
    .selectFrom('outcomes')
    .select(['incident', 'digest', 'body'])
    .$if(hasKeys, (query) => query.select(['proposal', 'action', 'target', 'state', 'seconds', 'failed', 'ended']))
    .execute();
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
    outcomes: outcomes.map(({ incident, digest, body, ...keys }) => ({
      incident,
      digest,
      body: jsonOf(body),
      // as: all of them are selected where one is.
      keys: hasKeys ? keysIn(keys as KeyColumns) : null,
    })),
    failedObjects: (await hasColumn(db, 'failed_objects', 'object'))
      ? await db.selectFrom('failed_objects').selectAll().execute()
      : null,
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
