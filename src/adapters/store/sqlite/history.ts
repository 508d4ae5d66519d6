// What earlier remediations left behind, in SQLite: outcomes, held objects, digests of an incident.

import { type Kysely, sql } from 'kysely';
import type { Digest } from '../../../core/sealed-spec/declarative-spec.ts';
import type { History } from '../../../ports/store.ts';
import { completeOutcome, type StoredOutcome } from '../older-outcome.ts';
import type { Tables } from './schema.ts';
import { readTallies } from './tallies.ts';
import { parsed } from './trail.ts';

export function sqliteHistory(db: Kysely<Tables>): History {
  return {
    outcomes: async (since, signal) => {
      signal.throwIfAborted();
      const rows = await db
        .selectFrom('outcomes')
        .select(['incident', 'body'])
        .$if(since !== null, (query) => query.where('ended', '>=', since ?? ''))
        .orderBy('ended', 'desc')
        .execute();
      return rows.map(({ incident, body }) =>
        completeOutcome(parsed<StoredOutcome>(body, `an outcome of ${incident}`)),
      );
    },
    failures: async (actions, since, signal) => {
      signal.throwIfAborted();
      if (actions.length === 0) return [];
      const rows = await db
        .selectFrom('outcomes')
        .select(['incident', 'body'])
        .where('failed', '=', sql.lit(1))
        .where('action', 'in', [...actions])
        .where('ended', '>=', since)
        .execute();
      const found = rows.map(({ incident, body }) =>
        completeOutcome(parsed<StoredOutcome>(body, `an outcome of ${incident}`)),
      );
      return found.toSorted((a, b) => (a.times.ended < b.times.ended ? 1 : -1));
    },
    endedSince: async (since, signal) => {
      signal.throwIfAborted();
      const rows = await db
        .selectFrom('outcomes')
        .select('proposal')
        .where('ended', '>=', since)
        .orderBy('ended', 'desc')
        .execute();
      return rows.map(({ proposal }) => proposal);
    },
    tallies: (signal) => {
      signal.throwIfAborted();
      return readTallies(db);
    },
    holders: async (objects, signal) => {
      signal.throwIfAborted();
      if (objects.length === 0) return [];
      const query = db.selectFrom('holds').select('proposal').distinct();
      const rows = await query.where('object', 'in', [...objects]).execute();
      return rows.map(({ proposal }) => proposal);
    },
    digestsOf: async (incident, signal) => {
      signal.throwIfAborted();
      const rows = await db
        .selectFrom('remediations')
        .select('digest')
        .distinct()
        .where('incident', '=', incident)
        .execute();
      return rows.map(({ digest }) => digest as Digest);
    },
  };
}
