// Messages that wait to be delivered, in SQLite: taken under a lease in memory, completed once.
import type { Kysely } from 'kysely';
import type { Outbox } from '../../../ports/store.ts';
import type { Write } from '../queries/group-commit.ts';
import { firstMessages, outboxMessageOf, putOff, settle } from '../queries/outbox.ts';
import { prepared } from '../queries/prepared.ts';
import type { Tables } from '../queries/tables.ts';
import { earlier } from '../queries/waiting.ts';
import { firstFree, Leases } from './leases.ts';

const firstDue = prepared((db, { limit }: { readonly limit: number }) =>
  firstMessages(db).selectAll().orderBy('due').orderBy('id').limit(limit),
);

export function sqliteOutbox(db: Kysely<Tables>, write: Write): Outbox {
  const leases = new Leases();
  return {
    take: async (now, until, signal) => {
      signal.throwIfAborted();
      for (;;) {
        const row = await firstFree(leases, now, 'key', async (limit) => (await firstDue(db, { limit })).rows);
        if (row === null || row.due > now)
          return { ok: false, nextDue: earlier(row?.due ?? null, leases.nextEnd(now)) };
        const message = outboxMessageOf(row, leases.take(row.key, until).times - 1);
        if (message !== null) return { ok: true, message };
        // Damaged: it stays taken, so that other queues go on; `doctor` and `audit verify` name it.
      }
    },
    complete: async (key, result, signal) => {
      await write(async (trx) => {
        if (result.kind === 'again') await putOff(trx, key, result.due, leases.of(key)?.times ?? 0);
        else await settle(trx, key, result.kind);
      }, signal);
      leases.giveBack(key);
    },
  };
}
