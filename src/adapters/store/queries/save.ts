// A remediation's change in SQL: state, audit lines, messages, holds and outcome in one transaction.
import type { Transaction } from 'kysely';
import type { AuditEntry, AuditHead } from '../../../core/remediation/audit-line.ts';
import { isFailure } from '../../../core/remediation/breaker.ts';
import { marksOf } from '../../../core/remediation/marks.ts';
import { failureOf, type Outcome } from '../../../core/remediation/outcome.ts';
import { proposalPlace, queueOf } from '../../../core/remediation/remediation.ts';
import { isFinal, type State } from '../../../core/remediation/state.ts';
import type { Claim, RemediationChange, Saved } from '../../../ports/store.ts';
import { Undone, type Write } from './group-commit.ts';
import { appendEntries } from './lines.ts';
import { markFirst } from './outbox.ts';
import { parsed } from './parsed.ts';
import { clusterOf, pauseOnce } from './paused.ts';
import { prepared } from './prepared.ts';
import { countRun } from './summaries.ts';
import { outcomeColumns, outcomeLabel, type Tables } from './tables.ts';
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
  changes: readonly RemediationChange[],
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

const saveOne = async (
  trx: Transaction<Tables>,
  change: RemediationChange,
  claims: ClaimKeeper,
): Promise<AuditHead> => {
  const { after, records, outcome } = change;
  const from = await checkBefore(trx, change);
  if (change.claim !== null && !(await claims.isLatest(trx, change.claim)))
    throw new Stop({ ok: false, why: 'claim-lost' });
  const entries = records.map((record, i) => {
    const revision = after.revision - records.length + i + 1;
    return { kind: 'step', proposal: after.id, revision, record } as const;
  });
  const head = await appendEntries(trx, entries, after.incident);
  await putRow(trx, change, head);
  if (isFailure(after.state) && from !== after.state)
    await trx.updateTable('remediations').set({ failed_at: after.changedAt }).where('id', '=', after.id).execute();
  if (from !== null && from !== after.state) {
    await count(trx, 'proposals', from, -1);
    await count(trx, 'proposals', after.state, 1);
  }
  for (const mark of marksOf(records)) await count(trx, 'marks', mark, 1);
  await putHolds(trx, change);
  await putMessages(trx, change, head);
  if (outcome !== null) await putOutcome(trx, outcome);
  if (change.claim !== null && change.afterwards === 'release-claim') await claims.giveBack(trx, change.claim);
  return change.pauses === undefined ? head : pause(trx, change.pauses);
};

const pause = async (trx: Transaction<Tables>, entry: AuditEntry): Promise<AuditHead> => {
  if (!(await pauseOnce(trx, clusterOf(entry)))) throw new Stop({ ok: false, why: 'conflict' });
  return appendEntries(trx, [entry], null);
};

/** The latest for an incident and digest counts, and stands where the newest stand. */
const putOutcome = async (trx: Transaction<Tables>, outcome: Outcome): Promise<void> => {
  const { incident, digest, times } = outcome;
  const older = await trx
    .deleteFrom('outcomes')
    .where('incident', '=', incident)
    .where('digest', '=', digest)
    .returning(['body', 'action', 'target', 'state', 'seconds', 'ended'])
    .executeTakeFirst();
  if (older !== undefined) {
    await count(trx, 'outcomes', outcomeLabel(parsed<Outcome>(older.body, 'an outcome')), -1);
    await countRun(trx, older, -1);
  }
  await count(trx, 'outcomes', outcomeLabel(outcome), 1);
  const row = { ...outcomeColumns(outcome), ended: times.ended };
  await trx
    .insertInto('outcomes')
    .values({ incident, digest, ...row, body: JSON.stringify(outcome) })
    .execute();
  await countRun(trx, row, 1);
  await putFailedObjects(trx, outcome);
};

const putFailedObjects = async (trx: Transaction<Tables>, outcome: Outcome): Promise<void> => {
  const { incident, digest, action, objects, times } = outcome;
  await trx.deleteFrom('failed_objects').where('incident', '=', incident).where('digest', '=', digest).execute();
  if (failureOf(outcome) === null) return;
  for (const object of objects)
    await trx.insertInto('failed_objects').values({ action, object, ended: times.ended, incident, digest }).execute();
};

/** Another revision, or the same (incident, digest) open already. */
const checkBefore = async (trx: Transaction<Tables>, { after, before }: RemediationChange): Promise<State | null> => {
  const {
    rows: [row],
  } = await revisionOf(trx, { id: after.id });
  if ((row?.revision ?? 0) !== before) throw new Stop({ ok: false, why: 'conflict' });
  const state = (row?.state ?? null) as State | null; // as: the column holds what this file wrote
  if (before !== 0 || isFinal(after.state)) return state;
  const {
    rows: [open],
  } = await openOf(trx, { incident: after.incident, digest: after.spec.digest });
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

const putRow = async (trx: Transaction<Tables>, change: RemediationChange, head: AuditHead): Promise<void> => {
  const { after, before, due } = change;
  const row = {
    state: after.state,
    open: isFinal(after.state) ? 0 : 1,
    revision: after.revision,
    body: JSON.stringify(after),
    due,
    head_seq: head.seq,
    head_hash: head.hash,
  };
  if (before === 0) {
    const { id, incident, spec } = after;
    await insertRow(trx, {
      ...row,
      id,
      incident,
      digest: spec.digest,
      place: proposalPlace(after),
      failed_at: null,
      cluster: spec.cluster.name,
    });
    await count(trx, 'proposals', after.state, 1);
    return;
  }
  await updateRow(trx, { ...row, id: after.id });
};

type Row = Tables['remediations'];
type Changed = 'state' | 'open' | 'revision' | 'body' | 'due' | 'head_seq' | 'head_hash';

const insertRow = prepared((db, row: Omit<Row, 'created'>) => db.insertInto('remediations').values(row));

const updateRow = prepared((db, { id, ...row }: Pick<Row, Changed | 'id'>) =>
  db.updateTable('remediations').set(row).where('id', '=', id),
);

const putHolds = async (trx: Transaction<Tables>, { after, holds }: RemediationChange): Promise<void> => {
  await freeHolds(trx, { proposal: after.id });
  if (holds.length === 0) return;
  const other = await trx
    .selectFrom('holds')
    .selectAll()
    .where('object', 'in', [...holds])
    .executeTakeFirst();
  if (other !== undefined) throw new Stop({ ok: false, why: 'held', by: other.proposal });
  await trx
    .insertInto('holds')
    .values(holds.map((object) => ({ object, proposal: after.id })))
    .execute();
};

const freeHolds = prepared((db, { proposal }: { readonly proposal: string }) =>
  db.deleteFrom('holds').where('proposal', '=', proposal),
);

const putMessages = async (
  trx: Transaction<Tables>,
  { after, tell, without }: RemediationChange,
  head: AuditHead,
): Promise<void> => {
  for (const [i, message] of tell.entries()) {
    const isOver = message.channel === without;
    await insertMessage(trx, {
      key: `${after.id}/${after.revision}.${i}`,
      proposal: after.id,
      incident: after.incident,
      queue: queueOf(message, after),
      message: JSON.stringify(message),
      head_seq: head.seq,
      head_hash: head.hash,
      created_at: after.changedAt,
      due: after.changedAt,
      tries: 0,
      settled: isOver ? 'no-channel' : null,
    });
    if (!isOver) await markFirst(trx, queueOf(message, after));
  }
};

const insertMessage = prepared((db, row: Omit<Tables['outbox'], 'id' | 'first'>) =>
  db.insertInto('outbox').values(row),
);
