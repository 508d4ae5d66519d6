// Who speaks: a bearer token becomes a person or an agent with rights; a session of the console is its person.
import { createHash } from 'node:crypto';
import type { People, Proposer, Right } from '../core/approval/people.ts';
import type { Session } from '../core/approval/session.ts';

export interface Identity {
  readonly proposer: Proposer;
  readonly rights: readonly Right[];
  /** Absent: it came with a token. */
  readonly session?: Session;
}

/** Tokens are looked up by their hash, so that comparing leaks nothing of the token. null: nobody's token. */
export function identify(authorization: string | undefined, people: People): Identity | null {
  const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return null;
  const hash = `sha256:${createHash('sha256').update(token).digest('hex')}`;
  const person = people.people.find(({ tokens }) => tokens.includes(hash));
  if (person !== undefined) return { proposer: { kind: 'person', id: person.id }, rights: person.rights };
  const agent = people.agents.find(({ tokens }) => tokens.includes(hash));
  if (agent === undefined) return null;
  return { proposer: { kind: 'agent', id: agent.id, owner: agent.owner }, rights: agent.rights };
}

/** By whom it is counted how often or how much is asked. */
export function callerOf({ proposer }: Identity): string {
  return `${proposer.kind} ${proposer.id}`;
}
