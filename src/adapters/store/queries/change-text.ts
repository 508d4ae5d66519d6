// A remediation's change as the texts of its rows: made before the transaction, so that none waits for it, and short to hand on.
import type { Instant } from '../../../core/model/instant.ts';
import { isFailure } from '../../../core/remediation/breaker.ts';
import { type ApprovalMark, marksOf } from '../../../core/remediation/marks.ts';
import type { Outcome } from '../../../core/remediation/outcome.ts';
import { proposalPlace, queueOf } from '../../../core/remediation/remediation.ts';
import { isFinal, type State } from '../../../core/remediation/state.ts';
import type { Claim, RemediationChange } from '../../../ports/store.ts';
import { type EntryText, entryText } from './lines.ts';
import { clusterOf } from './paused.ts';
import { outcomeColumns, outcomeLabel, type Tables } from './tables.ts';

/** All that the transaction needs of a change, and nothing of it is a remediation any more. */
export interface ChangeText {
  readonly id: string;
  readonly incident: string;
  readonly digest: string;
  readonly before: number;
  readonly revision: number;
  readonly state: State;
  readonly isFinal: boolean;
  readonly isFailure: boolean;
  readonly changedAt: Instant;
  readonly due: Instant | null;
  readonly place: string;
  readonly cluster: string | null;
  readonly body: string;
  readonly entries: readonly EntryText[];
  readonly marks: readonly ApprovalMark[];
  readonly holds: readonly string[];
  readonly messages: readonly MessageText[];
  readonly outcome: OutcomeText | null;
  readonly claim: Claim | null;
  readonly afterwards: RemediationChange['afterwards'];
  /** The switch that it turns off. */
  readonly pauses: { readonly cluster: string | null; readonly entry: EntryText } | null;
}

interface MessageText {
  readonly queue: string;
  readonly message: string;
  /** Its channel is not there: it is stored as ended. */
  readonly isOver: boolean;
}

interface OutcomeText {
  readonly row: Omit<Tables['outcomes'], 'rowid'>;
  readonly label: string;
  readonly objects: readonly string[];
}

export function changeText(change: RemediationChange): ChangeText {
  const { after, before, records, due, claim, afterwards, holds, tell, without, outcome, pauses } = change;
  const { id, incident, spec, revision, state, changedAt } = after;
  return {
    ...{ id, incident, before, revision, state, changedAt, due, claim, afterwards, holds },
    digest: spec.digest,
    isFinal: isFinal(state),
    isFailure: isFailure(state),
    place: proposalPlace(after),
    cluster: spec.cluster.name,
    body: JSON.stringify(after),
    entries: records.map((record, i) =>
      entryText({ kind: 'step', proposal: id, revision: revision - records.length + i + 1, record }),
    ),
    marks: marksOf(records),
    messages: tell.map((message) => ({
      queue: queueOf(message, after),
      message: JSON.stringify(message),
      isOver: message.channel === without,
    })),
    outcome: outcome === null ? null : outcomeText(outcome),
    pauses: pauses === undefined ? null : { cluster: clusterOf(pauses), entry: entryText(pauses) },
  };
}

const outcomeText = (outcome: Outcome): OutcomeText => {
  const { incident, digest, times, objects } = outcome;
  const row = { ...outcomeColumns(outcome), incident, digest, ended: times.ended, body: JSON.stringify(outcome) };
  return { row, label: outcomeLabel(outcome), objects };
};
