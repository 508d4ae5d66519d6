// How each action fared on each target, in SQL: kept with each outcome, so that reading it costs the same whatever the history.
import type { Kysely, Transaction } from 'kysely';
import { withCarried } from '../../../core/remediation/carried.ts';
import type { OutcomeSummary } from '../../../core/remediation/outcome.ts';
import type { Write } from './group-commit.ts';
import type { Tables } from './tables.ts';

type Cell = Pick<Tables['outcomes'], 'action' | 'target'>;

/** What of an outcome is summed up. */
type Run = Pick<Tables['outcomes'], 'action' | 'target' | 'state' | 'seconds' | 'ended'>;

const NO_RUNS = { runs: 0, succeeded: 0, rolled_back: 0, asked: 0, ended: '' };

/** One outcome more (1), once it is stored, or one that another was put in the place of (-1), once it is gone. */
export async function countRun(trx: Transaction<Tables>, run: Run, by: 1 | -1): Promise<void> {
  const { action, target, state, ended } = run;
  const known = (await cellOf(trx, run).selectAll().executeTakeFirst()) ?? NO_RUNS;
  const asked = known.asked + (run.seconds === null ? 0 : by);
  const row = {
    runs: known.runs + by,
    succeeded: known.succeeded + (state === 'succeeded' ? by : 0),
    rolled_back: known.rolled_back + (state === 'rolled-back' ? by : 0),
    asked,
    seconds: await medianOf(trx, run, asked),
    ended: ended > known.ended ? ended : known.ended,
  };
  await trx
    .insertInto('summaries')
    .values({ action, target, ...row })
    .onConflict((conflict) => conflict.columns(['action', 'target']).doUpdateSet(row))
    .execute();
}

/** After outcomes were archived: they still count, and how long people took is known of what is kept. */
export async function forgetTimes(trx: Transaction<Tables>, cell: Cell): Promise<void> {
  const { asked } = await outcomesOf(trx, cell)
    .select(({ fn }) => fn.count<number>('seconds').as('asked'))
    .executeTakeFirstOrThrow();
  const seconds = await medianOf(trx, cell, asked);
  const { action, target } = cell;
  await trx
    .updateTable('summaries')
    .set({ asked, seconds })
    .where('action', '=', action)
    .where('target', '=', target)
    .execute();
}

const cellOf = (db: Kysely<Tables>, { action, target }: Cell) =>
  db.selectFrom('summaries').where('action', '=', action).where('target', '=', target);

const outcomesOf = (db: Kysely<Tables>, { action, target }: Cell) =>
  db.selectFrom('outcomes').where('action', '=', action).where('target', '=', target);

/** The lower of the two in the middle, as core/remediation/outcome.ts has it. */
const medianOf = async (db: Kysely<Tables>, cell: Cell, asked: number): Promise<number | null> => {
  if (asked === 0) return null;
  const middle = await outcomesOf(db, cell)
    .select('seconds')
    .where('seconds', 'is not', null)
    .orderBy('seconds')
    .limit(1)
    .offset(Math.floor((asked - 1) / 2))
    .executeTakeFirst();
  return middle?.seconds ?? null;
};

/** All of them, sorted by action and target. Those that an older gate on the same database left behind are made anew first. */
export async function readSummaries(
  db: Kysely<Tables>,
  write: Write,
  signal: AbortSignal,
): Promise<readonly OutcomeSummary[]> {
  const found = await summariesOf(db);
  if (await areCurrent(db, found)) return found;
  await write(async (trx) => {
    if (!(await areCurrent(trx, await summariesOf(trx)))) await makeAnew(trx);
  }, signal);
  return summariesOf(db);
}

export async function summariesOf(db: Kysely<Tables>): Promise<readonly OutcomeSummary[]> {
  const rows = await db.selectFrom('summaries').selectAll().orderBy('action').orderBy('target').execute();
  return rows.map(({ action, target, runs, succeeded, rolled_back: rolledBack, seconds, ended }) => ({
    action,
    target,
    runs,
    succeeded,
    rolledBack,
    failed: runs - succeeded - rolledBack,
    secondsToApprove: seconds,
    lastEnded: ended,
  }));
}

/** Every outcome is counted by its state as well, by gates of all versions. */
const areCurrent = async (db: Kysely<Tables>, summaries: readonly OutcomeSummary[]): Promise<boolean> => {
  const counts = await db.selectFrom('tallies').select(['label', 'count']).where('kind', '=', 'outcomes').execute();
  const countOf = (state: string): number =>
    counts.reduce((sum, { label, count }) => sum + (label.startsWith(state) ? count : 0), 0);
  const sumOf = (of: (one: OutcomeSummary) => number): number => summaries.reduce((sum, one) => sum + of(one), 0);
  return (
    sumOf(({ runs }) => runs) === countOf('') &&
    sumOf(({ succeeded }) => succeeded) === countOf('succeeded ') &&
    sumOf(({ rolledBack }) => rolledBack) === countOf('rolled-back ')
  );
};

const makeAnew = async (trx: Transaction<Tables>): Promise<void> => {
  const groups = await trx
    .selectFrom('outcomes')
    .select(['action', 'target'])
    .select(({ fn }) => [fn.countAll<number>().as('runs'), fn.count<number>('seconds').as('asked')])
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere('state', '=', 'succeeded').as('succeeded'),
      fn.countAll<number>().filterWhere('state', '=', 'rolled-back').as('rolledBack'),
    ])
    .select(({ fn }) => fn.max('ended').as('lastEnded'))
    .groupBy(['action', 'target'])
    .execute();
  const kept: OutcomeSummary[] = [];
  const askedOf = new Map(groups.map(({ action, target, asked }) => [runKey(action, target), asked]));
  for (const { asked, ...group } of groups)
    kept.push({
      ...group,
      failed: group.runs - group.succeeded - group.rolledBack,
      secondsToApprove: await medianOf(trx, group, asked),
    });
  const carried = await trx.selectFrom('carried').selectAll().execute();
  await trx.deleteFrom('summaries').execute();
  for (const { action, target, runs, succeeded, rolledBack, secondsToApprove, lastEnded } of withCarried(kept, carried))
    await trx
      .insertInto('summaries')
      .values({
        action,
        target,
        runs,
        succeeded,
        rolled_back: rolledBack,
        asked: askedOf.get(runKey(action, target)) ?? 0,
        seconds: secondsToApprove,
        ended: lastEnded,
      })
      .execute();
};

const runKey = (action: string, target: string): string => JSON.stringify([action, target]);
