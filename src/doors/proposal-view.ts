// A remediation as the doors show it (contract section 2).
import type { People, Proposer } from '../core/approval/people.ts';
import { approvalsIn, validVotes } from '../core/approval/quorum.ts';
import type { EventRecord } from '../core/remediation/event.ts';
import type { Remediation } from '../core/remediation/remediation.ts';
import type { State } from '../core/remediation/state.ts';
import { describeRefusal, describeVerdict, type Language } from '../core/text/describe.ts';
import { whyOf } from '../core/text/state-reason.ts';

export type NumberedEvent = EventRecord & { readonly seq: number };

export function proposalView(
  remediation: Remediation,
  events: readonly NumberedEvent[],
  people: People,
  language: Language,
) {
  const { spec, decision } = remediation;
  const votes = validVotes({ ...remediation, digest: spec.digest }, people);
  const refusals = [...spec.refusals, ...(remediation.refusal === null ? [] : [remediation.refusal])];
  return {
    id: remediation.id,
    incident: remediation.incident,
    state: remediation.state,
    code: codeOf(remediation),
    digest: spec.digest,
    tier: spec.tier,
    score: spec.blastRadiusScore,
    proposer: proposerName(remediation.proposer),
    createdAt: remediation.createdAt,
    expiresAt: remediation.expiresAt,
    diagnosis: remediation.diagnosis,
    spec,
    refusals: refusals.map((refusal) => describeRefusal(refusal, language)),
    votes: remediation.votes,
    needed: { approvals: decision?.approvals ?? 0, have: approvalsIn(votes) },
    review: remediation.review,
    verdict: verdictOf(remediation, language),
    rollbackVerdict:
      remediation.backVerdict === null
        ? null
        : { ...remediation.backVerdict, message: describeVerdict(remediation.backVerdict, language) },
    events: events.map(eventView),
    why: whyOf(remediation, remediation.state, language),
    next: nextWords(remediation, approvalsIn(votes)),
  };
}

export type ProposalView = ReturnType<typeof proposalView>;

const verdictOf = ({ verdict }: Remediation, language: Language) =>
  verdict === null ? null : { ...verdict, message: describeVerdict(verdict, language) };

/** The registered code of a proposal that will not run. */
const codeOf = ({ state, spec, refusal }: Remediation): string | null => {
  if (state === 'blocked') return 'hard-rule';
  if (state === 'refused') return spec.refusals[0]?.code ?? null;
  return refusal?.code ?? null;
};

const proposerName = (proposer: Proposer): string => (proposer.kind === 'agent' ? `agent:${proposer.id}` : proposer.id);

/** The whole spec stands once in the proposal; its event names the digest. */
export function eventView({ seq, at, event, from, to }: NumberedEvent): Record<string, unknown> {
  return event.event === 'proposed'
    ? { seq, at, event: event.event, from, to, proposer: proposerName(event.proposer), digest: event.spec.digest }
    : { seq, at, from, to, ...event };
}

const WORDS: { readonly [S in State]: string } = {
  proposed: 'is being judged',
  blocked: 'nothing: a hard rule blocks it for ever',
  refused: 'nothing: it cannot be run as it stands; correct it and propose again',
  'awaiting-approval': 'waits for people',
  approved: 'starts by itself',
  rejected: 'nothing: a person said no',
  expired: 'nothing: it expired; propose it again',
  superseded: 'nothing: a newer proposal took its place',
  cancelled: 'nothing: it was taken back',
  stale: 'nothing: what was sealed is no longer true; propose it again',
  executing: 'is being written to the cluster',
  verifying: 'is watched until it is healthy',
  failed: 'nothing: the cluster refused it, nothing was changed',
  uncertain: 'the cluster is read, because a write got no answer',
  succeeded: 'nothing: it is healthy',
  'rolling-back': 'is being rolled back',
  'handed-over': 'a person must look: there is no way back that the gate could take',
  'rolled-back': 'nothing: it was rolled back and is healthy again',
  'rollback-failed': 'a person must look: the way back failed',
};

const nextWords = (remediation: Remediation, have: number): string => {
  const { state, decision, incident, expiresAt } = remediation;
  if (state !== 'awaiting-approval') return WORDS[state];
  const missing = (decision?.approvals ?? 0) - have;
  const whom = missing === 1 ? (have === 0 ? 'one person' : 'one more person') : `${missing} different people`;
  return `waits for ${whom} to approve (/approve ${incident}) until ${expiresAt}`;
};
