// What an approval must have, and who can be heard by which ways → who may still agree, and what nobody can bring.
import type { ApprovalRequirement } from '../decision/approval-rules.ts';
import type { Channel } from '../model/channel.ts';
import { type People, type Person, type Proposer, personById, responsiblePerson, teamsOf } from './people.ts';
import { type Lacking, lackingOf, peopleLacking, type YesVote } from './quorum.ts';

/** Whoever proposes and is no approver. */
export const STRANGER: Proposer = { kind: 'person', id: '' };

const NOTHING = '';

/** A person, and the ways by which a vote of theirs would come in. */
export interface Voter {
  readonly person: Person;
  readonly channels: readonly Channel[];
}

export interface Prospect {
  /** Those whose yes would count now, each with the ways that the rules take. */
  readonly voters: readonly Voter[];
  /** What is lacking even if all of them agree; null: it can be approved. */
  readonly lacking: Lacking | null;
}

/**
 * Who could approve it: with the right, not the proposer nor the owner of the agent, by a way that counts. `waysOf` says by which
 * ways a person can be heard.
 */
export function prospectOf(
  requirement: ApprovalRequirement,
  people: People,
  proposer: Proposer,
  waysOf: (person: Person) => readonly Channel[],
): Prospect {
  const own = new Set([proposer.id, responsiblePerson(proposer)]);
  const voters = people.people
    .filter(({ id, rights }) => rights.includes('approve') && !own.has(id))
    .map((person) => ({ person, channels: waysOf(person).filter((way) => counts(requirement, way)) }))
    .filter(({ channels }) => channels.length > 0);
  const lacking = lackingOf(
    voters.flatMap((voter) => yesesOf(voter, people)),
    requirement,
  );
  return { voters, lacking: peopleLacking(lacking) === 0 ? null : lacking };
}

/**
 * Those of the voters whom the rules ask for: who stands for a team or a strong vote that must be among the yeses, and everybody else
 * where fewer than `needed` of these can be enough for that. Another yes would always be one too many.
 */
export function askedFor(
  requirement: ApprovalRequirement,
  { voters }: Pick<Prospect, 'voters'>,
  people: People,
): readonly Voter[] {
  if (requirement.needed === 0) return [];
  /** What these leave open beside the number of people, as a key. */
  const openAfter = (...some: readonly Voter[]): string => {
    const yeses = some.flatMap((voter) => yesesOf(voter, people));
    const { from, strongVote } = lackingOf(yeses, requirement);
    return from.length === 0 && !strongVote ? NOTHING : JSON.stringify([from, strongVote]);
  };
  const atFirst = openAfter();
  const special = voters.filter((voter) => openAfter(voter) !== atFirst);
  // At most three are needed: of those who stand for the same, two are enough to look at.
  const few = [...Map.groupBy(special, (voter) => openAfter(voter)).values()].flatMap((alike) => alike.slice(0, 2));
  const hasRoom =
    atFirst === NOTHING ||
    (requirement.needed >= 2 && few.some((one) => openAfter(one) === NOTHING)) ||
    (requirement.needed >= 3 && few.some((one) => few.some((other) => openAfter(one, other) === NOTHING)));
  return hasRoom ? voters : special;
}

const counts = ({ channels }: ApprovalRequirement, way: Channel): boolean =>
  channels === null || channels.includes(way);

/** The votes that a person could cast, one by each way, with a reason. */
const yesesOf = ({ person: { id }, channels }: Voter, people: People): readonly YesVote[] =>
  channels.map((channel) => ({ person: id, decision: 'approve', channel, teams: teamsOf(people, id), reason: '' }));

/** The proposer that a name means: an agent, or a person; null: nobody is called so. */
export function proposerNamed(people: People, id: string): Proposer | null {
  const agent = people.agents.find((one) => one.id === id);
  if (agent !== undefined) return { kind: 'agent', id, owner: agent.owner };
  return personById(people, id) === null ? null : { kind: 'person', id };
}
