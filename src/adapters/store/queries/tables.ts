// The tables that every store of SQL has, as its queries know them.
import type { Generated } from 'kysely';
import { keysOfOutcome, type Outcome } from '../../../core/remediation/outcome.ts';

/** Instants are RFC 3339 text, which sorts; flags are 0 or 1; `body`, `line`, `message` are JSON. */
export interface Tables {
  readonly gate: { readonly id: 1; readonly paused: number; readonly head_seq: number; readonly head_hash: string };
  readonly marks: { readonly name: string; readonly value: string };
  readonly remediations: {
    readonly id: string;
    readonly incident: string;
    readonly digest: string;
    readonly state: string;
    readonly open: number;
    readonly revision: number;
    readonly body: string;
    readonly due: string | null;
    /** proposalPlace (core/remediation/remediation.ts). */
    readonly place: string;
    readonly head_seq: number;
    readonly head_hash: string;
    readonly created: Generated<number>;
    /** When it came to a failure; null while it has not. */
    readonly failed_at: string | null;
    /** The name of the cluster that it was sealed for; null: it has none. */
    readonly cluster: string | null;
  };
  readonly holds: { readonly object: string; readonly proposal: string };
  readonly audit: {
    readonly seq: number;
    readonly proposal: string | null;
    readonly line: string;
    readonly prev: string;
    readonly hash: string;
    /** By which lines are looked for (core/remediation/audit-line.ts, LineKeys). */
    readonly incident: string | null;
    readonly event: string;
    readonly latest: string;
  };
  readonly outbox: {
    readonly id: Generated<number>;
    readonly key: string;
    readonly proposal: string;
    readonly incident: string;
    readonly queue: string;
    readonly message: string;
    readonly head_seq: number;
    readonly head_hash: string;
    readonly created_at: string;
    readonly due: string;
    readonly tries: number;
    readonly settled: string | null;
    /** 1 while it is the first of its queue that is not settled: the only one that may be taken. */
    readonly first: Generated<number>;
  };
  /** How many there are of what grows: read by `/metrics`, kept with each change. */
  readonly tallies: {
    readonly kind: 'proposals' | 'outcomes' | 'marks';
    readonly label: string;
    readonly count: number;
  };
  /** How each action fared on each target, over everything ever, archived or not (summaries.ts). */
  readonly summaries: {
    readonly action: string;
    readonly target: string;
    readonly runs: number;
    readonly succeeded: number;
    readonly rolled_back: number;
    /** Of the outcomes that are kept: how many people were asked about, and the median of their seconds. */
    readonly asked: number;
    readonly seconds: number | null;
    readonly ended: string;
  };
  /** What remediations count for that were archived (core/remediation/carried.ts). */
  readonly carried: { readonly kind: string; readonly label: string; readonly count: number };
  readonly outcomes: {
    readonly incident: string;
    readonly digest: string;
    readonly proposal: string;
    readonly action: string;
    /** With its namespace. */
    readonly target: string;
    readonly state: string;
    /** Until it was approved; null where nobody was asked. */
    readonly seconds: number | null;
    /** 1: it reached the cluster and did not succeed. */
    readonly failed: number;
    readonly ended: string;
    readonly body: string;
    /** Rises with each that is put in its place. */
    readonly rowid: Generated<number>;
  };
  /** The objects of each outcome that failed, one row each. */
  readonly failed_objects: {
    readonly action: string;
    readonly object: string;
    readonly ended: string;
    readonly incident: string;
    readonly digest: string;
  };
  /** Encrypted (hidden.ts); `hash` names the value and tells nothing of it. */
  readonly hidden: { readonly hash: string; readonly sealed: Uint8Array };
  /** One row a request that was observed in shadow mode. */
  readonly shadow_verdicts: { readonly seq: Generated<number>; readonly body: string };
  /** The cells of their summary, kept with each row. */
  readonly shadow_counts: {
    readonly proposer: string;
    readonly action: string;
    readonly tier: string;
    readonly became: string;
    readonly count: number;
  };
  /** Sessions of the console and one-time links, by the hashes of their tokens; past `ends` they may be forgotten. */
  readonly logins: {
    readonly id: string;
    readonly kind: 'session' | 'link';
    readonly ends: string;
    readonly body: string;
  };
}

/** What is asked of outcomes beside their body. */
export function outcomeColumns(outcome: Outcome) {
  const { proposal, action, target, state, secondsToApprove: seconds, isFailure } = keysOfOutcome(outcome);
  return { proposal, action, target, state, seconds, failed: isFailure ? 1 : 0 };
}

/** By what outcomes are counted. */
export function outcomeLabel({ state, tier }: Outcome): string {
  return `${state} ${tier}`;
}
