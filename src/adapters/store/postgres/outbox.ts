// Messages that wait to be delivered, in PostgreSQL: taken under a lease in the row, completed once.
import type { Kysely, Transaction } from 'kysely';
import type { Instant } from '../../../core/model/instant.ts';
import type { Outbox } from '../../../ports/store.ts';
import type { Write } from '../queries/group-commit.ts';
import { firstMessages, outboxMessageOf, putOff, settle } from '../queries/outbox.ts';
import { earlier } from '../queries/waiting.ts';
import { nextLeaseEnd } from './lease.ts';
import { own, type PgTables, shared } from './tables.ts';
import { type TimeSource, timed } from './time.ts';

type Taken = Awaited<ReturnType<Outbox['take']>>;

export function pgOutbox(db: Kysely<PgTables>, write: Write, source: TimeSource): Outbox {
  return {
    take: async (given, until, signal) => {
      signal.throwIfAborted();
      const span = { now: given, until };
      const first = await firstDue(db, (await timed(db, source, span)).now);
      if (!first.ok) return first;
      return write(async (trx) => {
        const time = await timed(trx, source, span);
        return takeFirst(own(trx), time.now, time.until);
      }, signal);
    },
    complete: async (key, result, signal) => {
      await write(async (trx) => {
        const row = await own(trx).selectFrom('outbox').select('taken').where('key', '=', key).executeTakeFirst();
        if (result.kind === 'again') await putOff(trx, key, result.due, row?.taken ?? 0);
        else await settle(trx, key, result.kind);
        await own(trx).updateTable('outbox').set({ lease_until: null, taken: 0 }).where('key', '=', key).execute();
      }, signal);
    },
  };
}

const firstDue = async (db: Kysely<PgTables>, now: Instant) => {
  const query = firstMessages(shared(db)) as unknown as ReturnType<typeof messagesHere>;
  const row = await query
    .selectAll()
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
    .orderBy('due')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined || row.due > now)
    return { ok: false, nextDue: earlier(row?.due ?? null, await nextLeaseEnd(db, 'outbox', now)) } as const;
  return { ok: true, row } as const;
};

/** The type of `firstMessages` with this store's own columns. */
const messagesHere = (db: Kysely<PgTables>) => db.selectFrom('outbox');

const takeFirst = async (trx: Transaction<PgTables>, now: Instant, until: Instant): Promise<Taken> => {
  for (;;) {
    const found = await firstDue(trx, now);
    if (!found.ok) return found;
    const { row } = found;
    await trx
      .updateTable('outbox')
      .set({ lease_until: until, taken: row.taken + 1 })
      .where('id', '=', row.id)
      .execute();
    const message = outboxMessageOf(row, row.taken);
    // Damaged: it stays taken, so that other queues go on; `doctor` and `audit verify` name it.
    if (message !== null) return { ok: true, message };
  }
};
