// Remediations in SQLite: state, audit lines, messages, holds and outcome in one transaction.
import { type Kysely, sql, type Transaction } from 'kysely';
import type { AuditEntry, AuditHead } from '../../../core/remediation/audit-line.ts';
import { isFailure } from '../../../core/remediation/breaker.ts';
import { failureOf, type Outcome } from '../../../core/remediation/outcome.ts';
import { isBeingWritten, proposalPlace, queueOf } from '../../../core/remediation/remediation.ts';
import { isFinal, type State } from '../../../core/remediation/state.ts';
import type { Digest } from '../../../core/sealed-spec/declarative-spec.ts';
import type {
  Lane,
  ProposalBrief,
  ProposalFilter,
  RemediationChange,
  Remediations,
  Saved,
} from '../../../ports/store.ts';
import { Undone, type Write } from './group-commit.ts';
import { earlier, firstFree, Leases } from './leases.ts';
import { markFirst } from './outbox.ts';
import { fitting } from './page-size.ts';
import { parsed } from './parsed.ts';
import { needRemediation, readRemediation } from './readable.ts';
import { outcomeColumns, type Tables } from './schema.ts';
import { count } from './tallies.ts';
import { appendEntries } from './trail.ts';

const outcomeLabel = ({ state, tier }: Outcome): string => `${state} ${tier}`;

type Refused = Extract<Saved, { readonly ok: false }>;

/** Carries a refusal out of a write that must be undone. */
class Stop extends Undone {
  readonly refused: Refused;

  constructor(refused: Refused) {
    super(refused.why);
    this.refused = refused;
  }
}

export function sqliteRemediations(db: Kysely<Tables>, write: Write): Remediations {
  const leases = new Leases();
  return {
    read: async (id, signal) => {
      signal.throwIfAborted();
      const row = await db.selectFrom('remediations').select(['id', 'body']).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : needRemediation(row);
    },

    inStates: async (states, signal) => {
      signal.throwIfAborted();
      const rows = await db
        .selectFrom('remediations')
        .select(['id', 'body'])
        .where('state', 'in', [...states])
        .execute();
      return rows.map(needRemediation);
    },

    beingWritten: async (now, signal) => {
      signal.throwIfAborted();
      const held = leases.held(now);
      if (held.length === 0) return [];
      const rows = await db
        .selectFrom('remediations')
        .select(['id', 'body'])
        .where('id', 'in', [...held])
        .where('state', 'in', ['executing', 'rolling-back'] satisfies State[])
        .execute();
      return rows.map(needRemediation).filter(isBeingWritten);
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
      const rows = await db
        .selectFrom('remediations')
        .select(['id', 'body'])
        .where('incident', '=', incident)
        .where('place', '=', place)
        .where('open', '=', sql.lit(1))
        .where('state', '=', 'awaiting-approval')
        .execute();
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
      const rows = await behind.limit(many).execute();
      const last = sizes.length > many ? sizes[many - 1] : undefined;
      const shown = rows.map((row) => ({ id: row.id, remediation: readRemediation(row) }));
      return {
        remediations: shown.flatMap(({ remediation }) => remediation ?? []),
        unreadable: shown.flatMap(({ id, remediation }) => (remediation === null ? [id] : [])),
        next: last?.created ?? null,
      };
    },

    save: async (changes, signal) => {
      try {
        const head = await write(async (trx) => {
          let last: AuditHead | null = null;
          for (const change of changes) last = await saveOne(trx, change, leases);
          return last;
        }, signal);
        if (head === null) throw new Error('nothing to save (this is a bug)');
        for (const { claim, afterwards } of changes)
          if (claim !== null && afterwards === 'release-claim') leases.giveBack(claim.proposal);
        return { ok: true, head };
      } catch (error) {
        if (error instanceof Stop) return error.refused;
        throw error;
      }
    },

    claim: async ({ lane, now, until, writesAtOnce }, signal) => {
      signal.throwIfAborted();
      const isFull = (await writing(db, leases.held(now))) >= writesAtOnce;
      for (;;) {
        const row = await firstFree(leases, now, 'id', (limit) =>
          waiting(db, lane)
            .$if(isFull, (query) => query.where('state', '!=', 'approved'))
            .limit(limit)
            .execute(),
        );
        const due = row?.due ?? null;
        if (row === null || due === null || due > now) return { ok: false, nextDue: earlier(due, leases.nextEnd(now)) };
        const { id: proposal, revision } = row;
        const { token } = leases.take(proposal, until);
        const remediation = readRemediation(row);
        if (remediation !== null) return { ok: true, claim: { proposal, token, revision }, remediation };
        // Damaged: it stays taken, so that those behind it have their turn; `doctor` and `audit verify` name it.
      }
    },

    prolong: async ({ proposal, token }, until, signal) => {
      signal.throwIfAborted();
      return leases.prolong(proposal, token, until);
    },

    postpone: async ({ proposal, token, revision }, due, signal) => {
      if (leases.of(proposal)?.token !== token) return;
      await write(async (trx) => {
        await trx
          .updateTable('remediations')
          .set({ due })
          .where('id', '=', proposal)
          .where('revision', '=', revision)
          .where('due', 'is not', null)
          .execute();
      }, signal);
      if (leases.of(proposal)?.token === token) leases.giveBack(proposal);
    },
  };
}

/** In the words of the index of what has begun: with a parameter in their place SQLite would not use it. */
const LANES = {
  asked: sql<boolean>`state = 'awaiting-approval'`,
  begun: sql<boolean>`state <> 'awaiting-approval'`,
} as const satisfies Record<Lane, unknown>;

/** Those that have a todo, the one that has been due longest first. */
const waiting = (db: Kysely<Tables>, lane: Lane) =>
  db
    .selectFrom('remediations')
    .select(['id', 'body', 'revision', 'due'])
    .where('due', 'is not', null)
    .where(LANES[lane])
    .orderBy('due')
    .orderBy('created');

const briefly = (db: Kysely<Tables>, incident: string) =>
  db.selectFrom('remediations').select(['id', 'digest', 'state', 'created']).where('incident', '=', incident);

const briefOf = ({ id, digest, state }: { readonly [K in 'id' | 'digest' | 'state']: string }): ProposalBrief =>
  // as: the columns hold what this file wrote.
  ({ id, digest: digest as Digest, state: state as State });

/** How many approved writes are being sent, or may be any moment: taken, and sent without an answer. */
const writing = async (db: Kysely<Tables>, taken: readonly string[]): Promise<number> => {
  const { sent } = await db
    .selectFrom('remediations')
    .select(({ fn }) => fn.countAll<number>().as('sent'))
    .where('state', 'in', ['executing', 'uncertain'] satisfies State[])
    .executeTakeFirstOrThrow();
  if (taken.length === 0) return sent;
  const { starting } = await db
    .selectFrom('remediations')
    .select(({ fn }) => fn.countAll<number>().as('starting'))
    .where('id', 'in', [...taken])
    .where('state', '=', 'approved')
    .executeTakeFirstOrThrow();
  return sent + starting;
};

/** Newest first. */
const chosen = (db: Kysely<Tables>, { state, incident }: ProposalFilter) =>
  db
    .selectFrom('remediations')
    .select(['id', 'body', 'created'])
    .$if(state !== null, (query) => query.where('state', '=', state ?? ''))
    .$if(incident !== null, (query) => query.where('incident', '=', incident ?? ''))
    .orderBy('created', 'desc');

const saveOne = async (trx: Transaction<Tables>, change: RemediationChange, leases: Leases): Promise<AuditHead> => {
  const { after, records, outcome } = change;
  const from = await checkBefore(trx, change);
  if (change.claim !== null && leases.of(after.id)?.token !== change.claim.token)
    throw new Stop({ ok: false, why: 'claim-lost' });
  const entries = records.map((record, i) => {
    const revision = after.revision - records.length + i + 1;
    return { kind: 'step', proposal: after.id, revision, record } as const;
  });
  const head = await appendEntries(trx, entries, after.incident);
  await putRow(trx, change, head);
  if (isFailure(after.state) && from !== after.state)
    await trx.updateTable('remediations').set({ failed_at: after.changedAt }).where('id', '=', after.id).execute();
  if (from !== null && from !== after.state) {
    await count(trx, 'proposals', from, -1);
    await count(trx, 'proposals', after.state, 1);
  }
  await putHolds(trx, change);
  await putMessages(trx, change, head);
  if (outcome !== null) await putOutcome(trx, outcome);
  return change.pauses === undefined ? head : pause(trx, change.pauses);
};

const pause = async (trx: Transaction<Tables>, entry: AuditEntry): Promise<AuditHead> => {
  const { numUpdatedRows } = await trx
    .updateTable('gate')
    .set({ paused: 1 })
    .where('paused', '=', 0)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new Stop({ ok: false, why: 'conflict' });
  return appendEntries(trx, [entry], null);
};

/** The latest for an incident and digest counts, and stands where the newest stand. */
const putOutcome = async (trx: Transaction<Tables>, outcome: Outcome): Promise<void> => {
  const { incident, digest, times } = outcome;
  const older = await trx
    .deleteFrom('outcomes')
    .where('incident', '=', incident)
    .where('digest', '=', digest)
    .returning('body')
    .executeTakeFirst();
  if (older !== undefined) await count(trx, 'outcomes', outcomeLabel(parsed<Outcome>(older.body, 'an outcome')), -1);
  await count(trx, 'outcomes', outcomeLabel(outcome), 1);
  await trx
    .insertInto('outcomes')
    .values({ incident, digest, ...outcomeColumns(outcome), ended: times.ended, body: JSON.stringify(outcome) })
    .execute();
  await putFailedObjects(trx, outcome);
};

const putFailedObjects = async (trx: Transaction<Tables>, outcome: Outcome): Promise<void> => {
  const { incident, digest, action, objects, times } = outcome;
  await trx.deleteFrom('failed_objects').where('incident', '=', incident).where('digest', '=', digest).execute();
  if (failureOf(outcome) === null) return;
  for (const object of objects)
    await trx.insertInto('failed_objects').values({ action, object, ended: times.ended, incident, digest }).execute();
};

/** Another revision, or the same (incident, digest) open already. */
const checkBefore = async (trx: Transaction<Tables>, { after, before }: RemediationChange): Promise<State | null> => {
  const row = await trx
    .selectFrom('remediations')
    .select(['revision', 'state'])
    .where('id', '=', after.id)
    .executeTakeFirst();
  if ((row?.revision ?? 0) !== before) throw new Stop({ ok: false, why: 'conflict' });
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
  const { after, before, due } = change;
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
    await trx
      .insertInto('remediations')
      .values({ ...row, id, incident, digest: spec.digest, place: proposalPlace(after), failed_at: null })
      .execute();
    await count(trx, 'proposals', after.state, 1);
    return;
  }
  await trx.updateTable('remediations').set(row).where('id', '=', after.id).execute();
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
  { after, tell, without }: RemediationChange,
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
        tries: 0,
        settled: message.channel === without ? 'no-channel' : null,
      })
      .execute();
    await markFirst(trx, queueOf(message, after));
  }
};
