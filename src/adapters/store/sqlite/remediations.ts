// Remediations in SQLite: state, audit lines, messages, holds and outcome in one transaction.
import type { Kysely, Transaction } from 'kysely';

import { PAGE_LIMIT_BYTES } from '../../../core/model/limits.ts';
import type { AuditHead } from '../../../core/remediation/audit-line.ts';
import type { Outcome } from '../../../core/remediation/outcome.ts';
import { queueOf, type Remediation } from '../../../core/remediation/remediation.ts';
import { isFinal, type State } from '../../../core/remediation/state.ts';
import type { ProposalFilter, RemediationChange, Remediations, Saved } from '../../../ports/store.ts';
import { markFirst } from './outbox.ts';

import type { Tables } from './schema.ts';
import { count } from './tallies.ts';
import { appendEntries, parsed } from './trail.ts';

const outcomeLabel = ({ state, tier }: Outcome): string => `${state} ${tier}`;

type Refused = Extract<Saved, { readonly ok: false }>;

/** Carries a refusal out of a transaction that must be rolled back. */
class Stop extends Error {
  readonly refused: Refused;

  constructor(refused: Refused) {
    super(refused.why);
    this.refused = refused;
  }
}

const bodyOf = ({ id, body }: { readonly id: string; readonly body: string }): Remediation =>
  parsed<Remediation>(body, `the state of ${id}`);

export function sqliteRemediations(db: Kysely<Tables>): Remediations {
  return {
    read: async (id, signal) => {
      signal.throwIfAborted();
      const row = await db.selectFrom('remediations').select(['id', 'body']).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : bodyOf(row);
    },

    list: async (filter, signal) => {
      signal.throwIfAborted();
      return (await chosen(db, filter).execute()).map(bodyOf);
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
      const rows = await behind.limit(many).execute();
      const last = sizes.length > many ? sizes[many - 1] : undefined;
      return { remediations: rows.map(bodyOf), next: last?.created ?? null };
    },

    save: async (changes, signal) => {
      signal.throwIfAborted();
      try {
        const head = await db.transaction().execute(async (trx) => {
          let last: AuditHead | null = null;
          for (const change of changes) last = await saveOne(trx, change);
          return last;
        });
        if (head === null) throw new Error('nothing to save (this is a bug)');
        return { ok: true, head };
      } catch (error) {
        if (error instanceof Stop) return error.refused;
        throw error;
      }
    },

    claim: async (now, until, signal) => {
      signal.throwIfAborted();
      const row = await db
        .updateTable('remediations')
        .set((set) => ({ token: set('token', '+', 1), lease_until: until }))
        .where('id', '=', (query) =>
          query
            .selectFrom('remediations')
            .select('id')
            .where('due', '<=', now)
            .where((or) => or.or([or('lease_until', 'is', null), or('lease_until', '<=', now)]))
            .orderBy('due')
            .orderBy('created')
            .limit(1),
        )
        .returning(['id', 'body', 'token', 'revision'])
        .executeTakeFirst();
      if (row === undefined) return { ok: false, nextDue: await nextDue(db, now) };
      const { id: proposal, token, revision } = row;
      return { ok: true, claim: { proposal, token, revision }, remediation: bodyOf(row) };
    },

    postpone: async ({ proposal, token, revision }, due, signal) => {
      signal.throwIfAborted();
      await db
        .updateTable('remediations')
        .set((set) => ({
          lease_until: null,
          due: set
            .case()
            .when(set.and([set('revision', '=', revision), set('due', 'is not', null)]))
            .then(due)
            .else(set.ref('due'))
            .end(),
        }))
        .where('id', '=', proposal)
        .where('token', '=', token)
        .execute();
    },
  };
}

/** Newest first. */
/** How many, from the first, come to no more than a page may; one at least. */
const fitting = (sizes: readonly number[]): number => {
  let sum = 0;
  const first = sizes.findIndex((bytes, i) => {
    sum += bytes;
    return i > 0 && sum > PAGE_LIMIT_BYTES;
  });
  return first < 0 ? sizes.length : first;
};

const chosen = (db: Kysely<Tables>, { state, incident }: ProposalFilter) =>
  db
    .selectFrom('remediations')
    .select(['id', 'body', 'created'])
    .$if(state !== null, (query) => query.where('state', '=', state ?? ''))
    .$if(incident !== null, (query) => query.where('incident', '=', incident ?? ''))
    .orderBy('created', 'desc');

const nextDue = async (db: Kysely<Tables>, now: string): Promise<string | null> => {
  const rows = await db
    .selectFrom('remediations')
    .select(['due', 'lease_until'])
    .where('due', 'is not', null)
    .orderBy('due')
    .limit(100)
    .execute();
  const times = rows.map(({ due, lease_until }) => (lease_until !== null && lease_until > now ? lease_until : due));
  return times.filter((time) => time !== null).sort()[0] ?? null;
};

const saveOne = async (trx: Transaction<Tables>, change: RemediationChange): Promise<AuditHead> => {
  const { after, records, outcome } = change;
  const from = await checkBefore(trx, change);
  const entries = records.map((record, i) => {
    const revision = after.revision - records.length + i + 1;
    return { kind: 'step', proposal: after.id, revision, record } as const;
  });
  const head = await appendEntries(trx, entries);
  await putRow(trx, change, head);
  if (from !== null && from !== after.state) {
    await count(trx, 'proposals', from, -1);
    await count(trx, 'proposals', after.state, 1);
  }
  await putHolds(trx, change);
  await putMessages(trx, change, head);
  if (outcome !== null) {
    const { incident, digest } = outcome;
    const row = { incident, digest, ended: outcome.times.ended, body: JSON.stringify(outcome) };
    const known = await trx
      .selectFrom('outcomes')
      .select('body')
      .where('incident', '=', incident)
      .where('digest', '=', digest)
      .executeTakeFirst();
    if (known !== undefined) await count(trx, 'outcomes', outcomeLabel(parsed<Outcome>(known.body, 'an outcome')), -1);
    await count(trx, 'outcomes', outcomeLabel(outcome), 1);
    await trx
      .insertInto('outcomes')
      .values(row)
      .onConflict((conflict) => conflict.columns(['incident', 'digest']).doUpdateSet(row))
      .execute();
  }
  return head;
};

/** Another revision, a lost claim, or the same (incident, digest) open already. */
const checkBefore = async (
  trx: Transaction<Tables>,
  { after, before, claim }: RemediationChange,
): Promise<State | null> => {
  const row = await trx
    .selectFrom('remediations')
    .select(['revision', 'token', 'state'])
    .where('id', '=', after.id)
    .executeTakeFirst();
  if ((row?.revision ?? 0) !== before) throw new Stop({ ok: false, why: 'conflict' });
  if (claim !== null && row?.token !== claim.token) throw new Stop({ ok: false, why: 'claim-lost' });
  const state = (row?.state ?? null) as State | null; // as: the column holds what this file wrote
  if (before !== 0 || isFinal(after.state)) return state;
  const open = await trx
    .selectFrom('remediations')
    .select('id')
    .where('incident', '=', after.incident)
    .where('digest', '=', after.spec.digest)
    .where('open', '=', 1)
    .executeTakeFirst();
  if (open !== undefined) throw new Stop({ ok: false, why: 'open-already', proposal: open.id });
  return state;
};

const putRow = async (trx: Transaction<Tables>, change: RemediationChange, head: AuditHead): Promise<void> => {
  const { after, before, due, claim, afterwards } = change;
  const row = {
    state: after.state,
    open: isFinal(after.state) ? 0 : 1,
    revision: after.revision,
    body: JSON.stringify(after),
    due,
    head_seq: head.seq,
    head_hash: head.hash,
  };
  if (before === 0) {
    const { id, incident, spec } = after;
    const fresh = { ...row, id, incident, digest: spec.digest, token: 0, lease_until: null };
    await trx.insertInto('remediations').values(fresh).execute();
    await count(trx, 'proposals', after.state, 1);
    return;
  }
  const lease = claim !== null && afterwards === 'release-claim' ? { lease_until: null } : {};
  await trx
    .updateTable('remediations')
    .set({ ...row, ...lease })
    .where('id', '=', after.id)
    .execute();
};

const putHolds = async (trx: Transaction<Tables>, { after, holds }: RemediationChange): Promise<void> => {
  await trx.deleteFrom('holds').where('proposal', '=', after.id).execute();
  if (holds.length === 0) return;
  const other = await trx
    .selectFrom('holds')
    .selectAll()
    .where('object', 'in', [...holds])
    .executeTakeFirst();
  if (other !== undefined) throw new Stop({ ok: false, why: 'held', by: other.proposal });
  await trx
    .insertInto('holds')
    .values(holds.map((object) => ({ object, proposal: after.id })))
    .execute();
};

const putMessages = async (
  trx: Transaction<Tables>,
  { after, tell }: RemediationChange,
  head: AuditHead,
): Promise<void> => {
  for (const [i, message] of tell.entries()) {
    await trx
      .insertInto('outbox')
      .values({
        key: `${after.id}/${after.revision}.${i}`,
        proposal: after.id,
        incident: after.incident,
        queue: queueOf(message, after),
        message: JSON.stringify(message),
        head_seq: head.seq,
        head_hash: head.hash,
        created_at: after.changedAt,
        due: after.changedAt,
        lease_until: null,
        tries: 0,
        settled: null,
      })
      .execute();
    await markFirst(trx, queueOf(message, after));
  }
};
