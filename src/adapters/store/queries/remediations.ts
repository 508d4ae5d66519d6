// Remediations in SQL: what is read of them.
import { type Kysely, sql } from 'kysely';
import { isBeingWritten, type Remediation } from '../../../core/remediation/remediation.ts';
import type { State } from '../../../core/remediation/state.ts';
import type { Digest } from '../../../core/sealed-spec/declarative-spec.ts';
import type { ProposalBrief, ProposalFilter, Remediations } from '../../../ports/store.ts';
import { fitting } from './page-size.ts';
import { prepared } from './prepared.ts';
import { needRemediation, readRemediation } from './readable.ts';
import type { Tables } from './tables.ts';

type Reads = Pick<Remediations, 'read' | 'inStates' | 'revisionsIn' | 'briefs' | 'withDigest' | 'waitingAt' | 'page'>;

/** The questions that need no claim. */
export function remediationReads(db: Kysely<Tables>): Reads {
  return {
    read: async (id, signal) => {
      const body = await bodyOf(db, id, signal);
      return body === null ? null : needRemediation({ id, body });
    },

    inStates: async (states, signal) => {
      signal.throwIfAborted();
      const { rows } = await rowsIn(db, { states });
      return rows.map(needRemediation);
    },

    revisionsIn: async (states, signal) => {
      signal.throwIfAborted();
      const { rows } = await revisionsOf(db, { states });
      // as: the column holds what this file wrote.
      return rows.map((row) => ({ ...row, state: row.state as State }));
    },

    briefs: async (incident, which, limit, signal) => {
      signal.throwIfAborted();
      const rows = await briefly(db, incident)
        .$if(which === 'open', (query) => query.where('open', '=', sql.lit(1)))
        .$if(which === 'awaiting-approval', (query) => query.where('state', '=', 'awaiting-approval'))
        .orderBy('created', 'desc')
        .limit(limit)
        .execute();
      return rows.map(briefOf);
    },

    withDigest: async (incident, prefix, limit, signal) => {
      signal.throwIfAborted();
      const rows = await briefly(db, incident)
        .where('digest', '>=', prefix)
        .where('digest', '<', `${prefix}g`) // behind every hex digit
        .limit(limit)
        .execute();
      return rows.toSorted((a, b) => b.created - a.created).map(briefOf);
    },

    waitingAt: async (incident, place, signal) => {
      signal.throwIfAborted();
      const { rows } = await rowsAt(db, { incident, place });
      return rows.flatMap((row) => readRemediation(row) ?? []);
    },

    page: async (filter, { limit, before }, signal) => {
      signal.throwIfAborted();
      const behind = chosen(db, filter).$if(before !== null, (query) => query.where('created', '<', before ?? 0));
      const sizes = await behind
        .clearSelect()
        .select(({ fn }) => ['created', fn<number>('octet_length', ['body']).as('bytes')])
        .limit(limit + 1)
        .execute();
      const many = Math.min(limit, fitting(sizes.map(({ bytes }) => bytes)));
      const [first, last] = [sizes[0], sizes[many - 1]];
      if (first === undefined || last === undefined) return { remediations: [], unreadable: [], next: null };
      // By their places: by their number a proposal made meanwhile would push the last one off the page, and off every page.
      const rows = await behind.where('created', '<=', first.created).where('created', '>=', last.created).execute();
      const shown = rows.map((row) => ({ id: row.id, remediation: readRemediation(row) }));
      return {
        remediations: shown.flatMap(({ remediation }) => remediation ?? []),
        unreadable: shown.flatMap(({ id, remediation }) => (remediation === null ? [id] : [])),
        next: sizes.length > many ? last.created : null,
      };
    },
  };
}

/** As it is stored; null: there is none of that id. */
export async function bodyOf(db: Kysely<Tables>, id: string, signal: AbortSignal): Promise<string | null> {
  signal.throwIfAborted();
  const {
    rows: [row],
  } = await rowOf(db, { id });
  return row?.body ?? null;
}

const rowOf = prepared((db, { id }: { readonly id: string }) =>
  db.selectFrom('remediations').select('body').where('id', '=', id),
);

const rowsIn = prepared((db, { states }: { readonly states: readonly State[] }) =>
  db
    .selectFrom('remediations')
    .select(['id', 'body'])
    .where('state', 'in', [...states]),
);

const revisionsOf = prepared((db, { states }: { readonly states: readonly State[] }) =>
  db
    .selectFrom('remediations')
    .select(['id', 'revision', 'state'])
    .where('state', 'in', [...states]),
);

const rowsAt = prepared((db, { incident, place }: { readonly incident: string; readonly place: string }) =>
  db
    .selectFrom('remediations')
    .select(['id', 'body'])
    .where('incident', '=', incident)
    .where('place', '=', place)
    .where('open', '=', sql.lit(1))
    .where('state', '=', 'awaiting-approval'),
);

/** Those of these ids whose write is intended and not answered. */
export async function beingWrittenOf(db: Kysely<Tables>, ids: readonly string[]): Promise<readonly Remediation[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('remediations')
    .select(['id', 'body'])
    .where('id', 'in', [...ids])
    .where('state', 'in', ['executing', 'rolling-back'] satisfies State[])
    .execute();
  return rows.map(needRemediation).filter(isBeingWritten);
}

const briefly = (db: Kysely<Tables>, incident: string) =>
  db.selectFrom('remediations').select(['id', 'digest', 'state', 'created']).where('incident', '=', incident);

const briefOf = ({ id, digest, state }: { readonly [K in 'id' | 'digest' | 'state']: string }): ProposalBrief =>
  // as: the columns hold what this file wrote.
  ({ id, digest: digest as Digest, state: state as State });

/** Newest first. */
const chosen = (db: Kysely<Tables>, { state, incident }: ProposalFilter) =>
  db
    .selectFrom('remediations')
    .select(['id', 'body', 'created'])
    .$if(state !== null, (query) => query.where('state', '=', state ?? ''))
    .$if(incident !== null, (query) => query.where('incident', '=', incident ?? ''))
    .orderBy('created', 'desc');
