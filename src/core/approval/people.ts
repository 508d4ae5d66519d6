// Who there is: persons and agents, their rights and proven accounts.

import type { Channel } from '../model/channel.ts';
import type { Instant } from '../model/instant.ts';
import { ACCOUNT_SERVICES, type AccountService, CASELESS_ACCOUNTS, type VoteProof } from './vote.ts';

/** `break-glass`: to stand for all missing votes, in an emergency. */
export const RIGHTS = ['read', 'propose', 'approve', 'admin', 'break-glass'] as const;
export type Right = (typeof RIGHTS)[number];

/** A token that ends: at `expires` it is nobody's any more. */
export interface TokenExpiry {
  readonly hash: string;
  readonly expires: Instant;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly rights: readonly Right[];
  /** Proven account by service; null or absent: none is mapped. */
  readonly accounts: { readonly [service in AccountService]?: string | null };
  /** "sha256:" and hex of each token. */
  readonly tokens: readonly string[];
  /** Those of the tokens that end; absent: none does. */
  readonly expiring?: readonly TokenExpiry[];
}

export interface Agent {
  readonly id: string;
  /** The person who answers for it; does not count among its approvers. */
  readonly owner: string;
  readonly rights: readonly Right[];
  readonly tokens: readonly string[];
  readonly expiring?: readonly TokenExpiry[];
  /** Who it is in the cluster itself: "ServiceAccount:ns/name", "User:x". Absent: nobody that is known. */
  readonly kubernetes?: readonly string[];
}

export interface People {
  readonly people: readonly Person[];
  readonly agents: readonly Agent[];
  /** Absent: none. */
  readonly teams?: readonly Team[];
}

/** Persons by id, each once. */
export interface Team {
  readonly id: string;
  readonly people: readonly string[];
}

/** Who proposed: a person by id, or an agent by id with its owner. */
export type Proposer =
  | { readonly kind: 'person'; readonly id: string }
  | { readonly kind: 'agent'; readonly id: string; readonly owner: string };

/** The person by id, null when nobody of that id is known (any more). */
export function personById({ people }: People, id: string): Person | null {
  return people.find((person) => person.id === id) ?? null;
}

/** The person who was proven to own an account; null when the account is mapped to nobody. */
export function personByAccount({ people }: People, where: AccountService, account: string): Person | null {
  const same = (mapped: string | null | undefined): boolean =>
    mapped != null && (mapped === account || (CASELESS_ACCOUNTS.has(where) && lower(mapped) === lower(account)));
  return people.find((person) => same(person.accounts[where])) ?? null;
}

/**
 * Whether the account by which somebody was proven to be this person is theirs still. Another's or nobody's: who spoke is not known
 * any more. A token or a one-time link is of no account, and proves what it proved.
 */
export function isOwnProof(people: People, person: string, channel: Channel, proof: VoteProof | undefined): boolean {
  if (proof === undefined || proof.kind === 'token' || proof.account === null) return true;
  const service = ACCOUNT_SERVICES.find((one): one is AccountService => one === channel);
  return service === undefined || personByAccount(people, service, proof.account)?.id === person;
}

/** Only ASCII is folded: no other letter becomes one of these. */
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** The teams that a person is in, sorted. */
export function teamsOf({ teams = [] }: People, person: string): readonly string[] {
  return teams
    .filter(({ people }) => people.includes(person))
    .map(({ id }) => id)
    .sort();
}

/** People who may approve anything at all. */
export function approvers({ people }: People): readonly Person[] {
  return people.filter((person) => person.rights.includes('approve'));
}

/** The one person whose own proposal this is: the proposer, or the owner of the agent that proposed. */
export function responsiblePerson(proposer: Proposer): string {
  return proposer.kind === 'person' ? proposer.id : proposer.owner;
}
