// Who speaks: a bearer token becomes a person or an agent with rights; a session of the console is its person.
import { hash } from 'node:crypto';
import type { People, Proposer, Right } from '../core/approval/people.ts';
import type { Session } from '../core/approval/session.ts';
import type { Instant } from '../core/model/instant.ts';

export interface Identity {
  readonly proposer: Proposer;
  readonly rights: readonly Right[];
  /** Absent: it came with a token. */
  readonly session?: Session;
}

/** Tokens are looked up by their hash, so that comparing leaks nothing of the token. null: nobody's token, or not any more. */
export function identify(authorization: string | undefined, people: People, now: Instant): Identity | null {
  const hashed = hashOf(authorization);
  if (hashed === null || isExpired(hashed, people, now)) return null;
  const person = people.people.find(({ tokens }) => tokens.includes(hashed));
  if (person !== undefined) return { proposer: { kind: 'person', id: person.id }, rights: person.rights };
  const agent = people.agents.find(({ tokens }) => tokens.includes(hashed));
  if (agent === undefined) return null;
  return { proposer: { kind: 'agent', id: agent.id, owner: agent.owner }, rights: agent.rights };
}

/** Why nobody speaks with it, as a code: a token of people.yaml that has ended is told as such, to who has it. */
export function tokenProblem(
  authorization: string | undefined,
  people: People,
  now: Instant,
): 'token-expired' | 'unauthorized' {
  const hashed = hashOf(authorization);
  return hashed !== null && isExpired(hashed, people, now) ? 'token-expired' : 'unauthorized';
}

const hashOf = (authorization: string | undefined): string | null => {
  const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization ?? '')?.[1];
  return token === undefined ? null : `sha256:${hash('sha256', token)}`;
};

const isExpired = (hashed: string, { people, agents }: People, now: Instant): boolean =>
  [...people, ...agents].some(({ expiring = [] }) => expiring.some((one) => one.hash === hashed && one.expires <= now));

/** By whom it is counted how often or how much is asked. */
export function callerOf({ proposer }: Identity): string {
  return `${proposer.kind} ${proposer.id}`;
}
