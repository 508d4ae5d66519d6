// Sessions and one-time links of the console, in SQL.
import type { Kysely, Transaction } from 'kysely';
import { type LoginLink, SESSION_SECONDS, type Session } from '../../../core/approval/session.ts';
import { type Instant, plusSeconds } from '../../../core/model/instant.ts';
import type { Sessions } from '../../../ports/sessions.ts';
import type { Write } from './group-commit.ts';
import { parsed } from './parsed.ts';
import type { Tables } from './tables.ts';

type Kind = Tables['logins']['kind'];

export function sqlSessions(db: Kysely<Tables>, write: Write): Sessions {
  return {
    begin: async (session, signal) => {
      const ends = plusSeconds(session.began, SESSION_SECONDS);
      await write(
        (trx) => put(trx, { kind: 'session', id: session.id, ends, body: session, now: session.began }),
        signal,
      );
    },
    read: async (id, signal) => {
      signal.throwIfAborted();
      return readLogin<Session>(db, 'session', id);
    },
    touch: async (id, at, signal) => {
      await write(async (trx) => {
        const session = await readLogin<Session>(trx, 'session', id);
        if (session === null || session.seen >= at) return;
        const body = JSON.stringify({ ...session, seen: at });
        await trx.updateTable('logins').set({ body }).where('id', '=', id).where('kind', '=', 'session').execute();
      }, signal);
    },
    end: async (id, signal) => {
      await write((trx) => remove(trx, 'session', id), signal);
    },
    keepLink: async (link, now, signal) => {
      await write((trx) => put(trx, { kind: 'link', id: link.id, ends: link.ends, body: link, now }), signal);
    },
    takeLink: async (id, signal) =>
      write(async (trx) => {
        const link = await readLogin<LoginLink>(trx, 'link', id);
        if (link !== null) await remove(trx, 'link', id);
        return link;
      }, signal),
  };
}

const readLogin = async <T>(db: Kysely<Tables>, kind: Kind, id: string): Promise<T | null> => {
  const row = await db
    .selectFrom('logins')
    .select('body')
    .where('id', '=', id)
    .where('kind', '=', kind)
    .executeTakeFirst();
  return row === undefined ? null : parsed<T>(row.body, 'a login');
};

const remove = async (trx: Transaction<Tables>, kind: Kind, id: string): Promise<void> => {
  await trx.deleteFrom('logins').where('id', '=', id).where('kind', '=', kind).execute();
};

interface NewLogin {
  readonly kind: Kind;
  readonly id: string;
  readonly ends: Instant;
  readonly body: Session | LoginLink;
  readonly now: Instant;
}

const put = async (trx: Transaction<Tables>, { kind, id, ends, body, now }: NewLogin): Promise<void> => {
  await trx.deleteFrom('logins').where('ends', '<', now).execute();
  await trx
    .insertInto('logins')
    .values({ id, kind, ends, body: JSON.stringify(body) })
    .execute();
};
