// Whether a person may decide a proposal as it stands on the screen, and if not, why. The gate asks all of it again. Pure.
import type { Person, Proposal } from '../api/types.ts';
import { isOwn } from '../queue/groups.ts';

/** `not-open`: it does not wait for anybody. `voted`: this person has spoken on this digest. */
export type Hindrance = 'not-open' | 'newer' | 'no-right' | 'own' | 'voted' | null;

/** `seen`: the digest that the person has before their eyes since the page was opened. */
export function hindranceOf(proposal: Proposal, person: Person, seen: string): Hindrance {
  if (proposal.state === 'superseded' || proposal.digest !== seen) return 'newer';
  if (proposal.state !== 'awaiting-approval') return 'not-open';
  if (!person.rights.includes('approve')) return 'no-right';
  if (isOwn(proposal.proposer, person)) return 'own';
  if (ownVote(proposal, person) !== null) return 'voted';
  return null;
}

export function ownVote({ votes, digest }: Proposal, { id }: Person): Proposal['votes'][number] | null {
  return votes.find((vote) => vote.person === id && vote.digest === digest) ?? null;
}

/** A vote may be taken back while nothing has run. */
export function mayTakeBack(proposal: Proposal, person: Person): boolean {
  return ownVote(proposal, person) !== null && ['awaiting-approval', 'approved'].includes(proposal.state);
}

/** Break-glass is for what waits for others, by who has the right and did not propose it. */
export function mayBreakGlass(proposal: Proposal, person: Person, seen: string): boolean {
  return (
    proposal.state === 'awaiting-approval' &&
    proposal.digest === seen &&
    person.rights.includes('break-glass') &&
    !isOwn(proposal.proposer, person)
  );
}
