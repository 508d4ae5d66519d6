// Takes out of the trail what is over, in SQL: lines, remediations, outcomes and messages of whole incidents, in one transaction.
import type { Transaction } from 'kysely';
import { type AuditHead, type Checkpoint, proposalOf } from '../../../core/remediation/audit-line.ts';
import { type Carried, carriedDigest, runLabel } from '../../../core/remediation/carried.ts';
import { LASTING_NOTES, lastingLines, stayedDigest } from '../../../core/remediation/checkpoint.ts';
import { cursorsOf } from '../../../core/remediation/cursors.ts';
import { marksOfRecord } from '../../../core/remediation/marks.ts';
import { type Outcome, outcomeOf } from '../../../core/remediation/outcome.ts';
import type { Remediation } from '../../../core/remediation/remediation.ts';
import { areFoldOf } from '../../../core/remediation/replay.ts';
import type { State } from '../../../core/remediation/state.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { Pruned, Trail } from '../../../ports/store.ts';
import { hashOfLine } from '../chain.ts';
import { chunksOf } from './chunks.ts';
import { forgetHidden } from './hidden.ts';
import { appendEntries, checkpointIn, entryText, linesOfEvents, linesOfSteps } from './lines.ts';
import { parsed } from './parsed.ts';
import { readRemediation } from './readable.ts';
import { forgetTimes } from './summaries.ts';
import { outcomeColumns, outcomeLabel, type Tables } from './tables.ts';

type Trx = Transaction<Tables>;
type Order = Parameters<Trail['prune']>[0];

/** As Trail.prune (ports/store.ts), within the transaction of a writer: nothing comes to an incident meanwhile. */
export async function pruneLines(trx: Trx, order: Order): Promise<Pruned | null> {
  const { through, at, who } = order;
  const last = await trx
    .selectFrom('audit')
    .select(['hash', 'latest'])
    .where('seq', '=', through.seq)
    .executeTakeFirst();
  const before = await checkpointIn(trx);
  if (last?.hash !== through.hash || through.seq <= (before?.through.seq ?? 0)) return null;
  if (before !== null) await requireAsLeft(trx, before);
  const lasting = lastingLines(await linesOfEvents(trx, LASTING_NOTES, through.seq)).map(({ seq }) => seq);
  const over = await incidentsOver(trx, order, lasting);
  let [lines, remediations] = [0, 0];
  const damaged: string[] = [];
  for (const all of chunksOf(over)) {
    const some = await wholeAmong(trx, all);
    damaged.push(...all.filter((incident) => !some.includes(incident)));
    if (some.length === 0) continue;
    await carry(trx, some);
    remediations += await take(trx, some);
    lines += removed(await trx.deleteFrom('audit').where('incident', 'in', some).executeTakeFirst());
  }
  lines += removed(
    await trx
      .deleteFrom('audit')
      .where('seq', '<=', through.seq)
      .where('incident', 'is', null)
      .$if(lasting.length > 0, (query) => query.where('seq', 'not in', lasting))
      .executeTakeFirst(),
  );
  const checkpoint = { through, latest: last.latest, ...(await digests(trx, through)) };
  const about = `${lines} lines up to line ${through.seq}, ${remediations} remediations: they are in the archive`;
  const head = await appendEntries(
    trx,
    [entryText({ kind: 'note', at, what: 'pruned', who, about, checkpoint })],
    null,
  );
  return { lines, remediations, ...(damaged.length === 0 ? {} : { damaged }), head };
}

const removed = ({ numDeletedRows }: { readonly numDeletedRows: bigint }): number => Number(numDeletedRows);

/** The next checkpoint is sealed over what the last one left, or what another hand changed since would be proven by it. */
const requireAsLeft = async (trx: Trx, { through, stayed, carried }: Checkpoint): Promise<void> => {
  const now = await digests(trx, through);
  if (now.stayed !== stayed || now.carried !== carried)
    throw new AdapterError(
      'invalid-answer',
      'The trail is not what its last checkpoint left, so nothing is taken out of it: see `blastgate audit verify`.',
      { reason: 'corrupt' },
    );
};

/** By what the rest is proven (core/remediation/checkpoint.ts, carried.ts). */
const digests = async (trx: Trx, through: AuditHead) => {
  const stayed = await trx
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .where('seq', '<=', through.seq)
    .orderBy('seq')
    .execute();
  const carried = await trx.selectFrom('carried').selectAll().execute();
  return { stayed: stayedDigest(stayed), carried: carriedDigest(carried) };
};

/** Incidents with lines up to `through` that nothing and nobody needs any more. One is over as a whole, so that what it had sealed is known as long as it goes on. */
const incidentsOver = async (
  trx: Trx,
  { through, remembered }: Order,
  lasting: readonly number[],
): Promise<readonly string[]> => {
  const incidents = await trx
    .selectFrom('audit')
    .select('incident')
    .distinct()
    .where('seq', '<=', through.seq)
    .where('incident', 'is not', null)
    .execute();
  const all = incidents.flatMap(({ incident }) => incident ?? []);
  const needed = new Set<string>();
  for (const some of chunksOf(all)) {
    const remediations = () => trx.selectFrom('remediations').select('incident').where('incident', 'in', some);
    const outcomes = trx.selectFrom('outcomes').select('incident').where('incident', 'in', some);
    const messages = trx.selectFrom('outbox').select('incident').where('incident', 'in', some);
    const lines = () => trx.selectFrom('audit').select('incident').where('incident', 'in', some);
    const found = [
      await remediations().where('open', '=', 1).execute(),
      await remediations().where('failed_at', '>=', remembered).execute(),
      await remediations()
        .where('id', 'in', (query) => query.selectFrom('holds').select('proposal'))
        .execute(),
      await outcomes.where('ended', '>=', remembered).execute(),
      await messages.where('settled', 'is', null).execute(),
      await lines().where('seq', '>', through.seq).distinct().execute(),
      ...(lasting.length === 0 ? [] : [await lines().where('seq', 'in', lasting).execute()]),
    ];
    for (const { incident } of found.flat()) if (incident !== null) needed.add(incident);
  }
  return all.filter((incident) => !needed.has(incident));
};

/**
 * Those whose rows are what their lines say, and their outcomes what the rows say. The others stay, where `audit verify` finds them: what
 * a changed row counts for would be sealed by the checkpoint.
 */
const wholeAmong = async (trx: Trx, incidents: readonly string[]): Promise<readonly string[]> => {
  const [rows, ends, steps] = [
    await trx
      .selectFrom('remediations')
      .select(['id', 'incident', 'state', 'body'])
      .where('incident', 'in', incidents)
      .execute(),
    await trx
      .selectFrom('outcomes')
      .select(['incident', 'body', 'action', 'target', 'state'])
      .where('incident', 'in', incidents)
      .execute(),
    Map.groupBy(await linesOfSteps(trx, incidents), ({ deed }) => proposalOf(deed) ?? ''),
  ];
  const damaged = new Set<string>();
  const expected = new Map<string, Set<string>>();
  for (const row of rows) {
    const kept = readRemediation(row);
    const isWhole = kept?.state === row.state && areFoldOf(steps.get(row.id) ?? [], kept, hashOfLine);
    if (!isWhole) damaged.add(row.incident);
    const outcome = kept === null ? null : outcomeOf(kept);
    if (outcome !== null)
      expected.set(
        row.incident,
        (expected.get(row.incident) ?? new Set()).add(countedAs(outcome, outcomeColumns(outcome))),
      );
  }
  for (const { body, ...row } of ends) {
    const outcome = readOutcome(body);
    if (outcome === null || expected.get(row.incident)?.has(countedAs(outcome, row)) !== true)
      damaged.add(row.incident);
  }
  return incidents.filter((incident) => !damaged.has(incident));
};

/** All that an outcome is carried by. */
const countedAs = (outcome: Outcome, { action, target, state }: { action: string; target: string; state: string }) =>
  [outcomeLabel(outcome), action, target, state].join(' ');

const readOutcome = (text: string): Outcome | null => {
  try {
    return JSON.parse(text) as Outcome;
  } catch {
    return null;
  }
};

/** What they count for stays. */
const carry = async (trx: Trx, incidents: readonly string[]): Promise<void> => {
  const bodies = await trx
    .selectFrom('remediations')
    .select(['incident', 'body', 'state'])
    .where('incident', 'in', incidents)
    .execute();
  const outcomes = await trx
    .selectFrom('outcomes')
    .select(['incident', 'body', 'action', 'target', 'state'])
    .where('incident', 'in', incidents)
    .execute();
  const carried = [
    ...bodies.map(({ state }) => ['proposals', state] as const),
    ...bodies
      .flatMap(({ incident, body }) => marksOfRecord(parsed<Remediation>(body, `a remediation of ${incident}`)))
      .map((mark) => ['marks', mark] as const),
    ...outcomes.map(
      ({ incident, body }) => ['outcomes', outcomeLabel(parsed<Outcome>(body, `an outcome of ${incident}`))] as const,
    ),
    // as: the column holds what save.ts wrote
    ...outcomes.map((row) => ['runs', runLabel({ ...row, state: row.state as State })] as const),
  ];
  for (const { kind, label, count } of summedUp(carried))
    await trx
      .insertInto('carried')
      .values({ kind, label, count })
      .onConflict((conflict) =>
        conflict.columns(['kind', 'label']).doUpdateSet((set) => ({ count: set('carried.count', '+', count) })),
      )
      .execute();
};

const summedUp = (cells: readonly (readonly [kind: string, label: string])[]): readonly Carried[] =>
  [...Map.groupBy(cells, ([kind, label]) => `${kind} ${label}`).values()].flatMap((same) => {
    const [kind, label] = same[0] ?? [];
    return kind === undefined || label === undefined ? [] : [{ kind, label, count: same.length }];
  });

/** How many remediations went. */
const take = async (trx: Trx, incidents: readonly string[]): Promise<number> => {
  const cells = await trx
    .selectFrom('outcomes')
    .select(['action', 'target'])
    .distinct()
    .where('incident', 'in', incidents)
    .execute();
  await trx.deleteFrom('outcomes').where('incident', 'in', incidents).execute();
  for (const cell of cells) await forgetTimes(trx, cell);
  await trx.deleteFrom('failed_objects').where('incident', 'in', incidents).execute();
  await trx.deleteFrom('outbox').where('incident', 'in', incidents).execute();
  const gone = await trx
    .deleteFrom('remediations')
    .where('incident', 'in', incidents)
    .returning(['id', 'incident', 'body'])
    .execute();
  await forgetHidden(trx, gone);
  for (const names of chunksOf(gone.flatMap(({ id }) => cursorsOf(id))))
    await trx.deleteFrom('marks').where('name', 'in', names).execute();
  return gone.length;
};
