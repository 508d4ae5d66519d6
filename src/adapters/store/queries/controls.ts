// The pause switch and the pollers' cursors, in SQL.
import type { Kysely, Transaction } from 'kysely';
import type { GateControls } from '../../../ports/store.ts';
import type { Write } from './group-commit.ts';
import type { Tables } from './tables.ts';
import { appendEntries } from './trail.ts';

export function sqlControls(db: Kysely<Tables>, write: Write): GateControls {
  return {
    paused: async (signal) => {
      signal.throwIfAborted();
      const row = await db.selectFrom('gate').select('paused').executeTakeFirst();
      return row?.paused === 1;
    },
    setPaused: async (to, entry, signal) => {
      await write(async (trx) => {
        await appendEntries(trx, [entry], null);
        await trx
          .updateTable('gate')
          .set({ paused: to === 'paused' ? 1 : 0 })
          .execute();
        if (to === 'running') await writeMark(trx, RESUMED, entry.at);
      }, signal);
    },
    resumedAt: async (signal) => {
      signal.throwIfAborted();
      return readMark(db, RESUMED);
    },
    readCursor: async (name, signal) => {
      signal.throwIfAborted();
      return readMark(db, name);
    },
    writeCursor: async (name, value, signal) => {
      await write((trx) => writeMark(trx, name, value), signal);
    },
    keepCursor: (name, value, signal) =>
      write(async (trx) => {
        const known = await readMark(trx, name);
        if (known === null) await writeMark(trx, name, value);
        return known ?? value;
      }, signal),
  };
}

const RESUMED = 'resumed-at';

const readMark = async (db: Kysely<Tables>, name: string): Promise<string | null> => {
  const row = await db.selectFrom('marks').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value ?? null;
};

const writeMark = async (trx: Transaction<Tables>, name: string, value: string): Promise<void> => {
  await trx
    .insertInto('marks')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
};
