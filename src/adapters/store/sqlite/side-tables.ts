// Outbox, outcomes, pause, rate and marks in SQLite. It must never forget a message that has not arrived.
import { type Kysely, sql } from 'kysely';
import type { Outcome } from '../../../core/remediation/outcome.ts';
import type { Message } from '../../../core/remediation/remediation.ts';
import type { Digest } from '../../../core/sealed-spec/declarative-spec.ts';
import type { Memory, Outbox, Switchboard } from '../../../ports/store.ts';
import type { Tables } from './schema.ts';
import { appendDeeds, parsed } from './trail.ts';

/** Messages that wait, each the first of its queue. */
const firsts = (db: Kysely<Tables>) =>
  db
    .selectFrom('outbox as letter')
    .where('letter.settled', 'is', null)
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom('outbox as before')
            .select('before.id')
            .whereRef('before.queue', '=', 'letter.queue')
            .where('before.settled', 'is', null)
            .whereRef('before.id', '<', 'letter.id'),
        ),
      ),
    );

export const sqliteOutbox = (db: Kysely<Tables>): Outbox => ({
  take: async (now, until, signal) => {
    signal.throwIfAborted();
    return db.transaction().execute(async (trx) => {
      const row = await firsts(trx)
        .selectAll('letter')
        .where('letter.due', '<=', now)
        .where((or) => or.or([or('letter.lease_until', 'is', null), or('letter.lease_until', '<=', now)]))
        .orderBy('letter.id')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) {
        const later = sql<string | null>`min(max(letter.due, coalesce(letter.lease_until, '')))`;
        const next = await firsts(trx).select(later.as('due')).executeTakeFirst();
        return { taken: false, nextDue: next?.due ?? null };
      }
      const { id, key, proposal, incident, tries, head_seq, head_hash, created_at } = row;
      await trx
        .updateTable('outbox')
        .set({ lease_until: until, tries: tries + 1 })
        .where('id', '=', id)
        .execute();
      const message = parsed<Message>(row.message, `a message (${key})`);
      const head = { seq: head_seq, hash: head_hash };
      return { taken: true, parcel: { key, proposal, incident, message, head, createdAt: created_at, tries } };
    });
  },
  settle: async (key, end, signal) => {
    signal.throwIfAborted();
    const change = end.as === 'again' ? { due: end.due } : { settled: end.as };
    await db
      .updateTable('outbox')
      .set({ lease_until: null, ...change })
      .where('key', '=', key)
      .execute();
  },
});

export const sqliteMemory = (db: Kysely<Tables>): Memory => ({
  outcomes: async (since, signal) => {
    signal.throwIfAborted();
    const rows = await db
      .selectFrom('outcomes')
      .select(['incident', 'body'])
      .$if(since !== null, (query) => query.where('ended', '>=', since ?? ''))
      .orderBy('ended', 'desc')
      .execute();
    return rows.map(({ incident, body }) => parsed<Outcome>(body, `an outcome of ${incident}`));
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
});

export const sqliteSwitchboard = (db: Kysely<Tables>): Switchboard => ({
  paused: async (signal) => {
    signal.throwIfAborted();
    const row = await db.selectFrom('gate').select('paused').executeTakeFirst();
    return row?.paused === 1;
  },
  setPaused: async (to, deed, signal) => {
    signal.throwIfAborted();
    await db.transaction().execute(async (trx) => {
      await appendDeeds(trx, [deed]);
      await trx
        .updateTable('gate')
        .set({ paused: to === 'paused' ? 1 : 0 })
        .execute();
    });
  },
  admit: async (proposer, now, since, limit, signal) => {
    signal.throwIfAborted();
    return db.transaction().execute(async (trx) => {
      await trx.deleteFrom('admissions').where('at', '<=', since).execute();
      const { count } = await trx
        .selectFrom('admissions')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('proposer', '=', proposer)
        .executeTakeFirstOrThrow();
      if (count >= limit) return false;
      await trx.insertInto('admissions').values({ proposer, at: now }).execute();
      return true;
    });
  },
  readMark: async (name, signal) => {
    signal.throwIfAborted();
    const row = await db.selectFrom('marks').select('value').where('name', '=', name).executeTakeFirst();
    return row?.value ?? null;
  },
  writeMark: async (name, value, signal) => {
    signal.throwIfAborted();
    await db
      .insertInto('marks')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  },
});
