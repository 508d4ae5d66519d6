// Messages that wait to be delivered, in SQL: which may be taken, and what becomes of each.
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { isObject } from '../../../core/model/json.ts';
import type { Message } from '../../../core/remediation/remediation.ts';
import type { OutboxMessage } from '../../../ports/store.ts';
import { prepared } from './prepared.ts';
import type { Tables } from './tables.ts';

/** Messages that may be taken: each the first of its queue. A literal, since a partial index is found by no parameter. */
export function firstMessages(db: Kysely<Tables>) {
  return db.selectFrom('outbox').where('first', '=', sql.lit(1)).where('settled', 'is', null);
}

/** A row that was taken `taken` times before, as its message; null: it is damaged. */
export function outboxMessageOf(row: Selectable<Tables['outbox']>, taken: number): OutboxMessage | null {
  const { key, proposal, incident, head_seq, head_hash, created_at } = row;
  const message = readMessage(row.message);
  const head = { seq: head_seq, hash: head_hash };
  return message === null
    ? null
    : { key, proposal, incident, message, head, createdAt: created_at, tries: row.tries + taken };
}

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

/** It was taken so many times, and is to be tried again at `due`. */
export async function putOff(trx: Transaction<Tables>, key: string, due: string, times: number): Promise<void> {
  await trx
    .updateTable('outbox')
    .set((set) => ({ due, tries: set('tries', '+', times) }))
    .where('key', '=', key)
    .execute();
}

/** It is over; the next of its queue may be taken. */
export async function settle(trx: Transaction<Tables>, key: string, settled: string): Promise<void> {
  const ended = await trx
    .updateTable('outbox')
    .set({ settled, first: 0 })
    .where('key', '=', key)
    .returning('queue')
    .executeTakeFirst();
  if (ended !== undefined) await markFirst(trx, ended.queue);
}

/** The oldest message of the queue that is not settled may be taken from now on. */
export async function markFirst(trx: Transaction<Tables>, queue: string): Promise<void> {
  const {
    rows: [oldest],
  } = await oldestOf(trx, { queue });
  if (oldest !== undefined) await markOne(trx, oldest);
}

const oldestOf = prepared((db, { queue }: { readonly queue: string }) =>
  db.selectFrom('outbox').select('id').where('queue', '=', queue).where('settled', 'is', null).orderBy('id').limit(1),
);

const markOne = prepared((db, { id }: { readonly id: number }) =>
  db.updateTable('outbox').set({ first: 1 }).where('id', '=', id),
);
