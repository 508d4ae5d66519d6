// What earlier remediations left behind, in SQL: outcomes, held objects, digests of an incident.

import type { Kysely } from 'kysely';
import { patternsOf } from '../../../core/model/object-ref.ts';
import type { Outcome } from '../../../core/remediation/outcome.ts';
import type { Digest } from '../../../core/sealed-spec/declarative-spec.ts';
import type { History } from '../../../ports/store.ts';
import { completeOutcome, type StoredOutcome } from '../older-outcome.ts';
import { chunksOf } from './chunks.ts';
import type { Write } from './group-commit.ts';
import { parsed } from './parsed.ts';
import { readSummaries } from './summaries.ts';
import type { Tables } from './tables.ts';
import { readTallies } from './tallies.ts';
import { ofOwnCluster } from './waiting.ts';

const outcomeOfRow = ({ incident, body }: { readonly incident: string; readonly body: string }): Outcome =>
  completeOutcome(parsed<StoredOutcome>(body, `an outcome of ${incident}`));

const failedSince = (db: Kysely<Tables>, actions: readonly string[], since: string) =>
  db
    .selectFrom('failed_objects as failed')
    .innerJoin('outcomes', (join) =>
      join.onRef('outcomes.incident', '=', 'failed.incident').onRef('outcomes.digest', '=', 'failed.digest'),
    )
    .select(['outcomes.incident', 'outcomes.digest', 'outcomes.body'])
    .where('failed.action', 'in', [...actions])
    .where('failed.ended', '>=', since);

export function sqlHistory(db: Kysely<Tables>, write: Write): History {
  return {
    outcomes: async ({ limit, before }, signal) => {
      signal.throwIfAborted();
      const rows = await db
        .selectFrom('outcomes')
        .select(['incident', 'body', 'rowid'])
        .$if(before !== null, (query) => query.where('rowid', '<', before ?? 0))
        .orderBy('rowid', 'desc')
        .limit(limit + 1)
        .execute();
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return { outcomes: rows.slice(0, limit).map(outcomeOfRow), next: last?.rowid ?? null };
    },
    summary: (signal) => {
      signal.throwIfAborted();
      return readSummaries(db, write, signal);
    },
    failures: async (actions, objects, since, signal) => {
      signal.throwIfAborted();
      if (actions.length === 0) return [];
      const patterns = objects.flatMap(patternsOf);
      const keys = new Set(patterns.flatMap((one) => (one.is === 'key' ? [one.key] : [])));
      const resources = new Set(patterns.flatMap((one) => (one.is === 'resource' ? [one.resource] : [])));
      const asked = [
        ...chunksOf([...keys]).map((some) => failedSince(db, actions, since).where('failed.object', 'in', some)),
        // "deployments.apps shop/web" stands between "deployments.apps " and "deployments.apps!".
        ...[...resources].map((one) =>
          failedSince(db, actions, since)
            .where('failed.object', '>=', `${one} `)
            .where('failed.object', '<', `${one}!`),
        ),
      ];
      const rows = (await Promise.all(asked.map((query) => query.execute()))).flat();
      const found = new Map(rows.map((row) => [`${row.incident}\0${row.digest}`, row]));
      return [...found.values()].map(outcomeOfRow).toSorted((a, b) => (a.times.ended < b.times.ended ? 1 : -1));
    },
    failedAfter: async (after, scope, signal) => {
      signal.throwIfAborted();
      const rows = await db
        .selectFrom('remediations')
        .select(['id', 'failed_at'])
        .where('failed_at', 'is not', null)
        .where('failed_at', '>', after)
        .where(ofOwnCluster(scope))
        .orderBy('failed_at', 'desc')
        .execute();
      return rows.map(({ id, failed_at }) => ({ proposal: id, at: failed_at ?? '' }));
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
