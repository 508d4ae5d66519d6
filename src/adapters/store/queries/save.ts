// A remediation's change in SQL: state, audit lines, messages, holds and outcome in one transaction.
import type { Transaction } from 'kysely';
import type { AuditHead } from '../../../core/remediation/audit-line.ts';
import type { Outcome } from '../../../core/remediation/outcome.ts';
import type { State } from '../../../core/remediation/state.ts';
import type { Claim, Saved } from '../../../ports/store.ts';
import type { ChangeText } from './change-text.ts';
import { chunksOf } from './chunks.ts';
import { Undone, type Write } from './group-commit.ts';
import { appendEntries } from './lines.ts';
import { markFirst } from './outbox.ts';
import { parsed } from './parsed.ts';
import { pauseOnce } from './paused.ts';
import { prepared } from './prepared.ts';
import { countRun } from './summaries.ts';
import { outcomeLabel, type Tables } from './tables.ts';
import { count } from './tallies.ts';

/** Where claims are kept: asked within the transaction of what was done under one. */
export interface ClaimKeeper {
  /** Whether nobody else took it since, and it was not given back. */
  isLatest(trx: Transaction<Tables>, claim: Claim): Promise<boolean>;
  /** It is free once this transaction is committed. */
  giveBack(trx: Transaction<Tables>, claim: Claim): Promise<void>;
}

type Refused = Extract<Saved, { readonly ok: false }>;

/** Carries a refusal out of a write that must be undone. */
class Stop extends Undone {
  readonly refused: Refused;

  constructor(refused: Refused) {
    super(refused.why);
    this.refused = refused;
  }
}

/** All changes in one transaction, or none. */
export async function saveChanges(
  write: Write,
  claims: ClaimKeeper,
  changes: readonly ChangeText[],
  signal: AbortSignal,
): Promise<Saved> {
  try {
    const head = await write(async (trx) => {
      let last: AuditHead | null = null;
      for (const change of changes) last = await saveOne(trx, change, claims);
      return last;
    }, signal);
    if (head === null) throw new Error('nothing to save (this is a bug)');
    return { ok: true, head };
  } catch (error) {
    if (error instanceof Stop) return error.refused;
    throw error;
  }
}

const saveOne = async (trx: Transaction<Tables>, change: ChangeText, claims: ClaimKeeper): Promise<AuditHead> => {
  const { id, incident, state, claim, outcome, pauses } = change;
  const from = await checkBefore(trx, change);
  if (claim !== null && !(await claims.isLatest(trx, claim))) throw new Stop({ ok: false, why: 'claim-lost' });
  const head = await appendEntries(trx, change.entries, incident);
  await putRow(trx, change, head);
  if (change.isFailure && from !== state)
    await trx.updateTable('remediations').set({ failed_at: change.changedAt }).where('id', '=', id).execute();
  if (from !== null && from !== state) {
    await count(trx, 'proposals', from, -1);
    await count(trx, 'proposals', state, 1);
  }
  for (const mark of change.marks) await count(trx, 'marks', mark, 1);
  await putHolds(trx, change);
  await putMessages(trx, change, head);
  if (outcome !== null) await putOutcome(trx, outcome);
  if (claim !== null && change.afterwards === 'release-claim') await claims.giveBack(trx, claim);
  if (pauses === null) return head;
  if (!(await pauseOnce(trx, pauses.cluster))) throw new Stop({ ok: false, why: 'conflict' });
  return appendEntries(trx, [pauses.entry], null);
};

/** The latest for an incident and digest counts, and stands where the newest stand. */
const putOutcome = async (
  trx: Transaction<Tables>,
  { row, label, objects }: NonNullable<ChangeText['outcome']>,
): Promise<void> => {
  const { incident, digest } = row;
  const {
    rows: [older],
  } = await takeOlder(trx, { incident, digest });
  if (older !== undefined) {
    await count(trx, 'outcomes', outcomeLabel(parsed<Outcome>(older.body, 'an outcome')), -1);
    await countRun(trx, older, -1);
    await trx.deleteFrom('failed_objects').where('incident', '=', incident).where('digest', '=', digest).execute();
  }
  await count(trx, 'outcomes', label, 1);
  await insertOutcome(trx, row);
  await countRun(trx, row, 1);
  const { action, ended } = row;
  if (row.failed === 0) return;
  for (const some of chunksOf(objects))
    await trx
      .insertInto('failed_objects')
      .values(some.map((object) => ({ action, object, ended, incident, digest })))
      .execute();
};

const takeOlder = prepared((db, { incident, digest }: { readonly incident: string; readonly digest: string }) =>
  db
    .deleteFrom('outcomes')
    .where('incident', '=', incident)
    .where('digest', '=', digest)
    .returning(['body', 'action', 'target', 'state', 'seconds', 'ended']),
);

const insertOutcome = prepared((db, row: Omit<Tables['outcomes'], 'rowid'>) => db.insertInto('outcomes').values(row));

/** Another revision, or the same (incident, digest) open already. */
const checkBefore = async (
  trx: Transaction<Tables>,
  { id, incident, digest, before, isFinal }: ChangeText,
): Promise<State | null> => {
  const {
    rows: [row],
  } = await revisionOf(trx, { id });
  if ((row?.revision ?? 0) !== before) throw new Stop({ ok: false, why: 'conflict' });
  const state = (row?.state ?? null) as State | null; // as: the column holds what this file wrote
  if (before !== 0 || isFinal) return state;
  const {
    rows: [open],
  } = await openOf(trx, { incident, digest });
  if (open !== undefined) throw new Stop({ ok: false, why: 'open-already', proposal: open.id });
  return state;
};

const revisionOf = prepared((db, { id }: { readonly id: string }) =>
  db.selectFrom('remediations').select(['revision', 'state']).where('id', '=', id),
);

const openOf = prepared((db, { incident, digest }: { readonly incident: string; readonly digest: string }) =>
  db
    .selectFrom('remediations')
    .select('id')
    .where('incident', '=', incident)
    .where('digest', '=', digest)
    .where('open', '=', 1),
);

const putRow = async (trx: Transaction<Tables>, change: ChangeText, head: AuditHead): Promise<void> => {
  const { id, incident, digest, before, revision, state, place, cluster, body, due } = change;
  const row = {
    state,
    open: change.isFinal ? 0 : 1,
    revision,
    body,
    due,
    head_seq: head.seq,
    head_hash: head.hash,
  };
  if (before !== 0) {
    await updateRow(trx, { ...row, id });
    return;
  }
  await insertRow(trx, { ...row, id, incident, digest, place, failed_at: null, cluster });
  await count(trx, 'proposals', state, 1);
};

type Row = Tables['remediations'];
type Changed = 'state' | 'open' | 'revision' | 'body' | 'due' | 'head_seq' | 'head_hash';

const insertRow = prepared((db, row: Omit<Row, 'created'>) => db.insertInto('remediations').values(row));

const updateRow = prepared((db, { id, ...row }: Pick<Row, Changed | 'id'>) =>
  db.updateTable('remediations').set(row).where('id', '=', id),
);

const putHolds = async (trx: Transaction<Tables>, { id, before, holds }: ChangeText): Promise<void> => {
  if (before !== 0) await freeHolds(trx, { proposal: id });
  for (const some of chunksOf(holds)) {
    const other = await trx.selectFrom('holds').selectAll().where('object', 'in', some).executeTakeFirst();
    if (other !== undefined) throw new Stop({ ok: false, why: 'held', by: other.proposal });
    await trx
      .insertInto('holds')
      .values(some.map((object) => ({ object, proposal: id })))
      .execute();
  }
};

const freeHolds = prepared((db, { proposal }: { readonly proposal: string }) =>
  db.deleteFrom('holds').where('proposal', '=', proposal),
);

const putMessages = async (trx: Transaction<Tables>, change: ChangeText, head: AuditHead): Promise<void> => {
  const { id: proposal, incident, revision, changedAt, messages } = change;
  for (const [i, { queue, message, isOver }] of messages.entries()) {
    await insertMessage(trx, {
      key: `${proposal}/${revision}.${i}`,
      proposal,
      incident,
      queue,
      message,
      head_seq: head.seq,
      head_hash: head.hash,
      created_at: changedAt,
      due: changedAt,
      tries: 0,
      settled: isOver ? 'no-channel' : null,
    });
    if (!isOver) await markFirst(trx, queue);
  }
};

const insertMessage = prepared((db, row: Omit<Tables['outbox'], 'id' | 'first'>) =>
  db.insertInto('outbox').values(row),
);
