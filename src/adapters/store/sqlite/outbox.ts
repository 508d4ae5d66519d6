// Messages that wait to be delivered, in SQLite: stored with their step, taken under a lease, completed once.
import { type Kysely, sql } from 'kysely';
import type { Message } from '../../../core/remediation/remediation.ts';
import type { Outbox } from '../../../ports/store.ts';
import type { Tables } from './schema.ts';
import { parsed } from './trail.ts';

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

export function sqliteOutbox(db: Kysely<Tables>): Outbox {
  return {
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
          return { ok: false, nextDue: next?.due ?? null };
        }
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
      const change = result.kind === 'again' ? { due: result.due } : { settled: result.kind };
      await db
        .updateTable('outbox')
        .set({ lease_until: null, ...change })
        .where('key', '=', key)
        .execute();
    },
  };
}
