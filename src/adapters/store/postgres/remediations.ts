// Remediations in PostgreSQL: a claim is a row's token and lease, taken and compared within the transaction of what is done.
import type { ExpressionBuilder, ExpressionWrapper, Kysely, SqlBool, Transaction } from 'kysely';
import type { Instant } from '../../../core/model/instant.ts';
import { instant, plusSeconds } from '../../../core/model/instant.ts';
import { type ClusterScope, ownName } from '../../../core/remediation/cluster-scope.ts';
import type { Claim, Lane, Notice, Remediations } from '../../../ports/store.ts';
import { changeText } from '../queries/change-text.ts';
import type { Write } from '../queries/group-commit.ts';
import { readRemediation } from '../queries/readable.ts';
import { beingWrittenOf, remediationReads } from '../queries/remediations.ts';
import { type ClaimKeeper, saveChanges } from '../queries/save.ts';
import type { Tables } from '../queries/tables.ts';
import { earlier, waiting, writesNow } from '../queries/waiting.ts';
import { nextLeaseEnd } from './lease.ts';
import { own, type PgTables, shared } from './tables.ts';
import { databaseTime, type TimeSource, timed } from './time.ts';

type Claimed = Awaited<ReturnType<Remediations['claim']>>;

interface Turn {
  readonly lane: Lane;
  readonly scope: ClusterScope;
  readonly now: Instant;
  readonly writesAtOnce: number;
}

const KEEPER: ClaimKeeper = {
  isLatest: async (trx, { proposal, token }) => {
    const row = await own(trx)
      .selectFrom('remediations')
      .select('id')
      .where('id', '=', proposal)
      .where('token', '=', token)
      .where('lease_until', 'is not', null)
      .executeTakeFirst();
    return row !== undefined;
  },
  giveBack: (trx, claim) => giveBack(trx, claim),
};

/** `telling`: the same writes, told to the other gates. */
export function pgRemediations(
  db: Kysely<PgTables>,
  { write, telling }: { readonly write: Write; readonly telling: { readonly [N in Notice]: Write } },
  source: TimeSource,
): Remediations {
  return {
    ...remediationReads(shared(db)),

    beingWritten: async (given, signal) => {
      signal.throwIfAborted();
      const now = source === 'caller' ? given : instant(await databaseTime(db));
      return beingWrittenOf(shared(db), idsOf(await leased(db, now)));
    },

    save: (changes, signal) => {
      const isWork = changes.some(({ notice = 'work' }) => notice === 'work');
      return saveChanges(telling[isWork ? 'work' : 'record'], KEEPER, changes.map(changeText), signal);
    },

    claim: async ({ lane, scope, writesAtOnce, ...span }, signal) => {
      signal.throwIfAborted();
      // Whether there is anything is asked without the lock of the writers: most of the time there is not.
      const { now } = await timed(db, source, span);
      const first = await firstDue(db, { lane, scope, now, writesAtOnce });
      if (!first.ok) return first;
      return write(async (trx) => {
        const time = await timed(trx, source, span);
        return claimFirst(own(trx), { lane, scope, now: time.now, writesAtOnce }, time.until);
      }, signal);
    },

    // The caller's clock follows the database's (time.ts), so that its instants are the database's.
    prolong: ({ proposal, token }, until, signal) =>
      write(async (trx) => {
        const { numUpdatedRows } = await own(trx)
          .updateTable('remediations')
          .set({ lease_until: until })
          .where('id', '=', proposal)
          .where('token', '=', token)
          .where('lease_until', 'is not', null)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }, signal),

    postpone: async (claim, due, signal) => {
      await write(async (trx) => {
        if (!(await KEEPER.isLatest(trx, claim))) return;
        await trx
          .updateTable('remediations')
          .set({ due })
          .where('id', '=', claim.proposal)
          .where('revision', '=', claim.revision)
          .where('due', 'is not', null)
          .execute();
        await giveBack(trx, claim);
      }, signal);
    },
  };
}

async function giveBack(trx: Transaction<Tables>, { proposal, token }: Claim): Promise<void> {
  await own(trx)
    .updateTable('remediations')
    .set({ lease_until: null })
    .where('id', '=', proposal)
    .where('token', '=', token)
    .execute();
}

/** Whose claims have not run out. */
const leased = (db: Kysely<PgTables>, now: Instant): Promise<readonly Leased[]> =>
  db.selectFrom('remediations').select(['id', 'cluster', 'state']).where('lease_until', '>', now).execute();

type Leased = Pick<PgTables['remediations'], 'id' | 'cluster' | 'state'>;

const idsOf = (rows: readonly Leased[]): readonly string[] => rows.map(({ id }) => id);

const firstDue = async (db: Kysely<PgTables>, { lane, scope, now, writesAtOnce }: Turn) => {
  const taken = await leased(db, now);
  const isFull = (await writesNow(shared(db), idsOf(taken), scope)) >= writesAtOnce;
  const query = waiting(shared(db), lane, scope) as unknown as ReturnType<typeof waitingHere>;
  const row = await query
    .select('token')
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
    .$if(isFull, (some) => some.where('state', '!=', 'approved'))
    .$if(scope.kind !== 'of' && scope.own !== undefined, (some) => some.where(mayTake(scope, now, taken)))
    .limit(1)
    .executeTakeFirst();
  if (row === undefined || row.due === null || row.due > now)
    return { ok: false, nextDue: earlier(row?.due ?? null, await nextLeaseEnd(db, 'remediations', now)) } as const;
  return { ok: true, row } as const;
};

/** Seconds: longer than a change of clusters.yaml takes, one gate after the other. */
const FOR_OTHERS = 600;

/**
 * A gate beside this one may know a cluster that this one does not, as while clusters.yaml is changed: what is of it is that gate's, and
 * this one's only when nobody has moved it for long, and not for want of a place behind a write to that cluster.
 */
const mayTake = (scope: ClusterScope, now: Instant, taken: readonly Leased[]) => {
  const writtenTo = taken.flatMap(({ cluster, state }) => (cluster !== null && state === 'executing' ? [cluster] : []));
  return (where: ExpressionBuilder<PgTables, 'remediations'>): ExpressionWrapper<PgTables, 'remediations', SqlBool> => {
    const isLeft = where('due', '<=', plusSeconds(now, -FOR_OTHERS));
    return where.or([
      where('cluster', 'is', null),
      where('cluster', '=', ownName(scope) ?? ''),
      writtenTo.length === 0 ? isLeft : where.and([isLeft, where('cluster', 'not in', writtenTo)]),
    ]);
  };
};

/** The type of `waiting` with this store's own columns. */
const waitingHere = (db: Kysely<PgTables>) => db.selectFrom('remediations').select(['id', 'body', 'revision', 'due']);

const claimFirst = async (trx: Transaction<PgTables>, turn: Turn, until: Instant): Promise<Claimed> => {
  for (;;) {
    const found = await firstDue(trx, turn);
    if (!found.ok) return found;
    const { id: proposal, revision, token: before, body } = found.row;
    const token = before + 1;
    const { numUpdatedRows } = await trx
      .updateTable('remediations')
      .set({ token, lease_until: until })
      .where('id', '=', proposal)
      .where('token', '=', before)
      .executeTakeFirst();
    // Damaged: it stays taken, so that those behind it have their turn; `doctor` and `audit verify` name it.
    const remediation = numUpdatedRows > 0n ? readRemediation({ id: proposal, body }) : null;
    if (remediation !== null) return { ok: true, claim: { proposal, token, revision }, remediation };
  }
};
