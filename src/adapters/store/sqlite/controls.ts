// The pause switch, the rate limit and the pollers' cursors, in SQLite.
import type { Kysely } from 'kysely';
import type { GateControls } from '../../../ports/store.ts';
import type { Tables } from './schema.ts';
import { appendEntries } from './trail.ts';

export function sqliteControls(db: Kysely<Tables>): GateControls {
  return {
    paused: async (signal) => {
      signal.throwIfAborted();
      const row = await db.selectFrom('gate').select('paused').executeTakeFirst();
      return row?.paused === 1;
    },
    setPaused: async (to, entry, signal) => {
      signal.throwIfAborted();
      await db.transaction().execute(async (trx) => {
        await appendEntries(trx, [entry]);
        await trx
          .updateTable('gate')
          .set({ paused: to === 'paused' ? 1 : 0 })
          .execute();
      });
    },
    tryAdmit: async (proposer, now, since, limit, signal) => {
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
    readCursor: async (name, signal) => {
      signal.throwIfAborted();
      const row = await db.selectFrom('marks').select('value').where('name', '=', name).executeTakeFirst();
      return row?.value ?? null;
    },
    writeCursor: async (name, value, signal) => {
      signal.throwIfAborted();
      await db
        .insertInto('marks')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    },
  };
}
