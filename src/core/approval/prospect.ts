// What an approval must have, and who can be heard by which ways → who may still agree, and what nobody can bring.
import type { ApprovalRequirement } from '../decision/approval-rules.ts';
import type { Channel } from '../model/channel.ts';
import { type People, type Person, type Proposer, personById, responsiblePerson, teamsOf } from './people.ts';
import { type Lacking, lackingOf, peopleLacking, type YesVote } from './quorum.ts';

/** Whoever proposes and is no approver. */
export const STRANGER: Proposer = { kind: 'person', id: '' };

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
