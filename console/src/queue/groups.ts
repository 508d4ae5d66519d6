// The lists of the queue and what of the gate's proposals belongs to each. Pure.
import type { Person, Proposal } from '../api/types.ts';

export const GROUPS = ['mine', 'waiting', 'running', 'ended', 'all'] as const;
export type QueueGroup = (typeof GROUPS)[number];

/** States that the gate is asked for, one list each; null: all of them are asked for, and chosen from. */
export const ASKED: { readonly [G in QueueGroup]: readonly string[] | null } = {
  mine: ['awaiting-approval'],
  waiting: ['awaiting-approval'],
  running: ['approved', 'executing', 'verifying', 'rolling-back', 'uncertain'],
  ended: null,
  all: null,
};

const OPEN: ReadonlySet<string> = new Set(['proposed', 'awaiting-approval', ...(ASKED.running ?? [])]);

/** What a row shows; the rest of a proposal is let go, so that 50,000 rows stay small. */
export interface Row {
  readonly id: string;
  readonly incident: string;
  readonly state: string;
  readonly tier: string;
  readonly score: number | null;
  readonly effect: { readonly en: string; readonly 'zh-TW': string };
  readonly target: string;
  readonly proposer: string;
  /** The name of the cluster that it was sealed for. */
  readonly cluster: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly have: number;
  readonly needed: number;
  readonly voted: readonly string[];
}

export function rowOf(proposal: Proposal): Row {
  const { spec, told, needed } = proposal;
  const namespace = spec.namespace === null || spec.namespace === '*' ? '' : `${spec.namespace}/`;
  return {
    id: proposal.id,
    incident: proposal.incident,
    state: proposal.state,
    tier: proposal.tier,
    score: proposal.score,
    effect: {
      en: told?.en.effect ?? spec.targetState,
      'zh-TW': told?.['zh-TW'].effect ?? spec.targetState,
    },
    target: `${namespace}${spec.target}`,
    proposer: proposal.proposer,
    cluster: spec.cluster.name,
    createdAt: proposal.createdAt,
    expiresAt: proposal.expiresAt,
    have: needed.have,
    needed: needed.approvals,
    voted: proposal.votes.filter(({ digest }) => digest === proposal.digest).map(({ person }) => person),
  };
}

/** Whether the proposer is the person or an agent of theirs: then another must decide. */
export function isOwn(proposer: string, { id, agents = [] }: Person): boolean {
  return proposer === id || agents.some((agent) => proposer === `agent:${agent}`);
}

/** Whether it waits for this very person. */
export function waitsFor(row: Row, person: Person): boolean {
  return (
    row.state === 'awaiting-approval' &&
    person.rights.includes('approve') &&
    !isOwn(row.proposer, person) &&
    !row.voted.includes(person.id)
  );
}

export function belongs(row: Row, group: QueueGroup, person: Person): boolean {
  if (group === 'all') return true;
  if (group === 'mine') return waitsFor(row, person);
  if (group === 'ended') return !OPEN.has(row.state);
  return ASKED[group]?.includes(row.state) === true;
}

/** Newest first, each once; of two with the same id the one from `newer`. */
export function merged(newer: readonly Row[], older: readonly Row[]): readonly Row[] {
  const ids = new Set(newer.map(({ id }) => id));
  return [...newer, ...older.filter(({ id }) => !ids.has(id))].toSorted((one, other) =>
    one.createdAt < other.createdAt ? 1 : one.createdAt > other.createdAt ? -1 : 0,
  );
}
