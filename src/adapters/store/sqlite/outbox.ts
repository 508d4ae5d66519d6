// Messages that wait to be delivered, in SQLite: stored with their step, taken under a lease, completed once.
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Message } from '../../../core/remediation/remediation.ts';
import type { Outbox } from '../../../ports/store.ts';
import type { Tables } from './schema.ts';
import { parsed } from './trail.ts';

/** Messages that may be taken: each the first of its queue. A literal, since a partial index is found by no parameter. */
const firsts = (db: Kysely<Tables>) =>
  db.selectFrom('outbox').where('first', '=', sql.lit(1)).where('settled', 'is', null);

/** When the next one may be taken: its time has come, or its lease is over. */
const nextDue = async (db: Kysely<Tables>, now: string): Promise<string | null> => {
  const leased = await db
    .selectFrom('outbox')
    .select(['due', 'lease_until as lease'])
    .where('lease_until', '>', now)
    .where('settled', 'is', null)
    .orderBy('lease_until')
    .limit(1)
    .executeTakeFirst();
  const free = await firsts(db)
    .select('due')
    .where((or) => or.or([or('lease_until', 'is', null), or('lease_until', '<=', now)]))
    .orderBy('due')
    .limit(1)
    .executeTakeFirst();
  const times = [free?.due, leased?.lease].filter((time) => typeof time === 'string');
  return times.toSorted()[0] ?? null;
};

export function sqliteOutbox(db: Kysely<Tables>): Outbox {
  return {
    take: async (now, until, signal) => {
      signal.throwIfAborted();
      return db.transaction().execute(async (trx) => {
        const row = await firsts(trx)
          .selectAll()
          .where('due', '<=', now)
          .where((or) => or.or([or('lease_until', 'is', null), or('lease_until', '<=', now)]))
          .orderBy('due')
          .orderBy('id')
          .limit(1)
          .executeTakeFirst();
        if (row === undefined) return { ok: false, nextDue: await nextDue(trx, now) };
        const { id, key, proposal, incident, tries, head_seq, head_hash, created_at } = row;
        await trx
          .updateTable('outbox')
          .set({ lease_until: until, tries: tries + 1 })
          .where('id', '=', id)
          .execute();
        const message = parsed<Message>(row.message, `a message (${key})`);
        const head = { seq: head_seq, hash: head_hash };
        return { ok: true, message: { key, proposal, incident, message, head, createdAt: created_at, tries } };
      });
    },
    complete: async (key, result, signal) => {
      signal.throwIfAborted();
      if (result.kind === 'again') {
        await db.updateTable('outbox').set({ lease_until: null, due: result.due }).where('key', '=', key).execute();
        return;
      }
      await db.transaction().execute(async (trx) => {
        const ended = await trx
          .updateTable('outbox')
          .set({ lease_until: null, settled: result.kind, first: 0 })
          .where('key', '=', key)
          .returning('queue')
          .executeTakeFirst();
        if (ended !== undefined) await markFirst(trx, ended.queue);
      });
    },
  };
}

/** The oldest message of the queue that is not settled may be taken from now on. */
export async function markFirst(trx: Transaction<Tables>, queue: string): Promise<void> {
  const oldest = await trx
    .selectFrom('outbox')
    .select('id')
    .where('queue', '=', queue)
    .where('settled', 'is', null)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (oldest !== undefined) await trx.updateTable('outbox').set({ first: 1 }).where('id', '=', oldest.id).execute();
}
