// Messages that wait to be delivered, in SQLite: stored with their step, taken under a lease, completed once.
import { type Kysely, sql, type Transaction } from 'kysely';
import { isObject } from '../../../core/model/json.ts';
import type { Message } from '../../../core/remediation/remediation.ts';
import type { Outbox } from '../../../ports/store.ts';
import type { Write } from './group-commit.ts';
import { earlier, firstFree, Leases } from './leases.ts';
import type { Tables } from './schema.ts';

/** Messages that may be taken: each the first of its queue. A literal, since a partial index is found by no parameter. */
const firsts = (db: Kysely<Tables>) =>
  db.selectFrom('outbox').where('first', '=', sql.lit(1)).where('settled', 'is', null);

export function sqliteOutbox(db: Kysely<Tables>, write: Write): Outbox {
  const leases = new Leases();
  return {
    take: async (now, until, signal) => {
      signal.throwIfAborted();
      for (;;) {
        const row = await firstFree(leases, now, 'key', (limit) =>
          firsts(db).selectAll().orderBy('due').orderBy('id').limit(limit).execute(),
        );
        if (row === null || row.due > now)
          return { ok: false, nextDue: earlier(row?.due ?? null, leases.nextEnd(now)) };
        const { key, proposal, incident, head_seq, head_hash, created_at } = row;
        const tries = row.tries + leases.take(key, until).times - 1;
        const message = readMessage(row.message);
        const head = { seq: head_seq, hash: head_hash };
        if (message !== null)
          return { ok: true, message: { key, proposal, incident, message, head, createdAt: created_at, tries } };
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

/** null: the row is damaged. */
const readMessage = (text: string): Message | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && (value['channel'] === 'chat' || value['channel'] === 'review')
      ? (value as unknown as Message)
      : null;
  } catch {
    return null;
  }
};

const putOff = async (trx: Transaction<Tables>, key: string, due: string, times: number): Promise<void> => {
  await trx
    .updateTable('outbox')
    .set((set) => ({ due, tries: set('tries', '+', times) }))
    .where('key', '=', key)
    .execute();
};

const settle = async (trx: Transaction<Tables>, key: string, settled: string): Promise<void> => {
  const ended = await trx
    .updateTable('outbox')
    .set({ settled, first: 0 })
    .where('key', '=', key)
    .returning('queue')
    .executeTakeFirst();
  if (ended !== undefined) await markFirst(trx, ended.queue);
};

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
