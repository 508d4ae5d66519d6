// Who may vote, and how many yeses are enough.
import type { Approvals } from '../decision/decide.ts';
import type { Instant } from '../model/instant.ts';
import type { Refusal, RefusalCode } from '../model/refusal.ts';
import type { Digest } from '../sealed-spec/declarative-spec.ts';
import { type People, type Proposer, personById, responsiblePerson } from './people.ts';
import type { Vote } from './vote.ts';

/** What a vote is cast on. */
export interface Ballot {
  readonly digest: Digest;
  readonly proposer: Proposer;
  readonly votes: readonly Vote[];
  readonly expiresAt: Instant;
}

export type VoteCheck = { readonly ok: true } | { readonly ok: false; readonly refusal: Refusal };

const no = (code: RefusalCode, about: string | null): VoteCheck => ({ ok: false, refusal: { code, about } });

/**
 * May this vote be counted? Asked in this order, so that nobody learns more than they may: a known person with the right
 * to approve, not the proposer nor the owner of the agent, in time, on the open digest, once over all channels. The one
 * change of mind that counts is from yes to no: a denial is never refused for coming second.
 */
export function checkVote(ballot: Ballot, vote: Vote, people: People, now: Instant): VoteCheck {
  const person = personById(people, vote.person);
  if (person === null) return no('unknown-person', vote.person);
  if (!person.rights.includes('approve')) return no('no-right', `${vote.person}, approve`);
  return checkBallot(ballot, vote, now);
}

/** The part of the check that needs no people: what the transition function asks again. */
export function checkBallot(ballot: Ballot, vote: Vote, now: Instant): VoteCheck {
  if (vote.person === responsiblePerson(ballot.proposer) || vote.person === ballot.proposer.id)
    return no('own-proposal', vote.person);
  if (now >= ballot.expiresAt) return no('expired', `it was open until ${ballot.expiresAt}`);
  if (vote.digest !== ballot.digest) return no('wrong-digest', `open is ${ballot.digest.slice(0, 19)}`);
  const earlier = ballot.votes.find(({ person }) => person === vote.person);
  if (earlier === undefined || (earlier.decision === 'approve' && vote.decision === 'reject')) return { ok: true };
  return no('already-voted', `${vote.person}, ${earlier.decision}`);
}

/** One denial rejects, whatever else was said; then enough different people's yeses approve; else it stays open. */
export function tally(votes: readonly Vote[], needed: Approvals): 'rejected' | 'approved' | 'open' {
  if (votes.some(({ decision }) => decision === 'reject')) return 'rejected';
  return approvalsIn(votes) >= needed ? 'approved' : 'open';
}

/** How many different people said yes. */
export function approvalsIn(votes: readonly Vote[]): number {
  return new Set(votes.filter(({ decision }) => decision === 'approve').map(({ person }) => person)).size;
}

/** Votes that still count with the people of now: known, allowed, not behind the proposal, on this digest. */
export function validVotes(ballot: Ballot, people: People): readonly Vote[] {
  return ballot.votes.filter((vote) => {
    const person = personById(people, vote.person);
    const own = vote.person === responsiblePerson(ballot.proposer) || vote.person === ballot.proposer.id;
    return person?.rights.includes('approve') === true && !own && vote.digest === ballot.digest;
  });
}
