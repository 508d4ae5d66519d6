// Who may vote, and when there is enough agreement.
import type { TeamShare } from '../blast-radius/policy.ts';
import type { ApprovalRequirement } from '../decision/approval-rules.ts';
import { STRENGTH_OF } from '../model/channel.ts';
import type { Instant } from '../model/instant.ts';
import type { Refusal, RefusalCode } from '../model/refusal.ts';
import type { Digest } from '../sealed-spec/declarative-spec.ts';
import { isOwnProof, type People, type Proposer, personById, responsiblePerson, teamsOf } from './people.ts';
import type { Vote } from './vote.ts';

/** What a vote is cast on. */
export interface Ballot {
  readonly digest: Digest;
  readonly proposer: Proposer;
  readonly votes: readonly Vote[];
  readonly expiresAt: Instant;
  /** What the approval must have. */
  readonly requirement: ApprovalRequirement;
}

export type VoteCheck = { readonly ok: true } | { readonly ok: false; readonly refusal: Refusal };

const no = (code: RefusalCode, about: string | null): VoteCheck => ({ ok: false, refusal: { code, about } });

/**
 * May this vote be counted? Asked in this order, so that nobody learns more than they may: a known person with the right
 * to approve, not the proposer nor the owner of the agent, in time, on the open digest, by a way that the policy takes and
 * with the reason that it asks for, once over all channels. The one change of mind that counts is from yes to no, and a denial
 * is never refused for how it comes. A yes may be given again in a stronger way where one is asked for: it is still one.
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
  const earlier = ballot.votes.findLast(({ person }) => person === vote.person);
  if (earlier !== undefined && !changes(earlier, vote, ballot.requirement))
    return no('already-voted', `${vote.person}, ${earlier.decision}`);
  return vote.decision === 'reject' ? { ok: true } : checkManner(vote, ballot.requirement);
}

/** From yes to no, or a yes that proves more than the one before, where that is asked for: by a link alone least. */
const changes = (earlier: Vote, vote: Vote, requirement: ApprovalRequirement): boolean =>
  earlier.decision === 'approve' &&
  (vote.decision === 'reject' ||
    (isStrong(vote, requirement) && !isStrong(earlier, requirement)) ||
    (earlier.channel === 'link' && vote.channel !== 'link' && requirement.needed >= 2));

const checkManner = (
  { channel, reason }: Pick<Vote, 'channel' | 'reason'>,
  { channels, reasonRequired }: ApprovalRequirement,
): VoteCheck => {
  if (channels !== null && !channels.includes(channel))
    return no('wrong-channel', `${channel}; counted are ${channels.join(', ')}`);
  return reasonRequired && reason === null ? no('reason-required', null) : { ok: true };
};

const isStrong = ({ channel }: Pick<Vote, 'channel'>, { strongVotes }: ApprovalRequirement): boolean => {
  const strength = STRENGTH_OF[channel];
  return strength !== null && strongVotes.includes(strength);
};

/** What of a vote matters for whether there is enough agreement. */
export type YesVote = Pick<Vote, 'person' | 'decision' | 'channel' | 'teams' | 'reason'>;

/** What an approval still lacks. */
export interface Lacking {
  /** How many different people more, at least. */
  readonly approvals: number;
  /** How many of each team. */
  readonly from: readonly TeamShare[];
  /** Whether one of the ways in `strongVotes` must still be taken. */
  readonly strongVote: boolean;
}

/** How many people more must agree, at least: one who is asked for by several rules is one. */
export function peopleLacking({ approvals, from, strongVote }: Lacking): number {
  return Math.max(approvals, strongVote ? 1 : 0, ...from.map(({ atLeast }) => atLeast));
}

/**
 * What these votes lack of what is asked for; a yes that came in another way than is asked for counts for nothing. Their order never
 * matters.
 */
export function lackingOf(votes: readonly YesVote[], requirement: ApprovalRequirement): Lacking {
  const yeses = votes.filter((vote) => vote.decision === 'approve' && checkManner(vote, requirement).ok);
  const from = requirement.from.flatMap(({ team, atLeast }) => {
    const have = approvalsIn(yeses.filter(({ teams = [] }) => teams.includes(team)));
    return have >= atLeast ? [] : [{ team, atLeast: atLeast - have }];
  });
  const strongVote = requirement.strongVotes.length > 0 && !yeses.some((vote) => isStrong(vote, requirement));
  return { approvals: Math.max(0, requirement.needed - countedIn(yeses, requirement)), from, strongVote };
}

/** Whoever may make links for all could else agree as two: those who came by a link alone count as one person. */
const countedIn = (yeses: readonly YesVote[], { needed, links }: ApprovalRequirement): number => {
  const all = approvalsIn(yeses);
  if (needed < 2 || links === 'each') return all;
  const others = approvalsIn(yeses.filter(({ channel }) => channel !== 'link'));
  return Math.min(all, others + 1);
};

/** One denial rejects, whatever else was said; then yeses that lack nothing approve; else it stays open. */
export function tally(votes: readonly Vote[], requirement: ApprovalRequirement): 'rejected' | 'approved' | 'open' {
  if (votes.some(({ decision }) => decision === 'reject')) return 'rejected';
  return peopleLacking(lackingOf(votes, requirement)) === 0 ? 'approved' : 'open';
}

/** How many different people said yes. */
export function approvalsIn(votes: readonly Pick<Vote, 'person' | 'decision'>[]): number {
  return new Set(votes.filter(({ decision }) => decision === 'approve').map(({ person }) => person)).size;
}

/**
 * Votes that still count with the people of now: known, allowed, not behind the proposal, on this digest, by an account that is
 * theirs still; each with the teams that the person is in now.
 */
export function validVotes(ballot: Omit<Ballot, 'requirement'>, people: People): readonly Vote[] {
  return ballot.votes
    .filter((vote) => stillCounts(ballot, vote, people))
    .map((vote) => ({ ...vote, teams: teamsOf(people, vote.person) }));
}

/** Places, from 0, of the votes that do not count any more with the people of now. */
export function fallenVotes(ballot: Omit<Ballot, 'requirement'>, people: People): readonly number[] {
  return ballot.votes.flatMap((vote, place) => (stillCounts(ballot, vote, people) ? [] : [place]));
}

const stillCounts = (
  { proposer, digest }: Pick<Ballot, 'proposer' | 'digest'>,
  vote: Vote,
  people: People,
): boolean => {
  const person = personById(people, vote.person);
  const own = vote.person === responsiblePerson(proposer) || vote.person === proposer.id;
  return (
    person?.rights.includes('approve') === true &&
    !own &&
    vote.digest === digest &&
    isOwnProof(people, vote.person, vote.channel, vote.proof)
  );
};
