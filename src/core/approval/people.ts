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
  /** Proven account by service, of forges with the account's number behind it ("ana#583231") or not; null or absent: none is mapped. */
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

/** A forge's account as people.yaml has it: its login, and the number that outlives a change of it (null: not told). */
export function forgeAccountOf(mapped: string): { readonly login: string; readonly number: string | null } {
  const [login = '', number = null] = mapped.split('#');
  return { login, number };
}

/**
 * The person who was proven to own an account; null when the account is mapped to nobody. `number`: the service's own for it (null:
 * it told none): where people.yaml has a number, that alone says whose it is, since a login may be given up and taken by another.
 * Left out: by the login alone.
 */
export function personByAccount(
  { people }: People,
  where: AccountService,
  account: string,
  number?: string | null,
): Person | null {
  const byAccount = (same: (mapped: string) => boolean): Person | undefined =>
    people.find(({ accounts }) => accounts[where] != null && same(accounts[where]));
  if (!CASELESS_ACCOUNTS.has(where)) return byAccount((mapped) => mapped === account) ?? null;
  const found = number == null ? undefined : byAccount((mapped) => forgeAccountOf(mapped).number === number);
  const hasLogin = (mapped: string): boolean => {
    const known = forgeAccountOf(mapped);
    return lower(known.login) === lower(account) && (known.number === null || number === undefined);
  };
  return found ?? byAccount(hasLogin) ?? null;
}

/**
 * Whether the account by which somebody was proven to be this person is theirs still. Another's or nobody's, or one of another
 * number: who spoke is not known any more. A token or a one-time link is of no account, and proves what it proved.
 */
export function isOwnProof(people: People, person: string, channel: Channel, proof: VoteProof | undefined): boolean {
  if (proof === undefined || proof.kind === 'token' || proof.account === null) return true;
  const service = ACCOUNT_SERVICES.find((one): one is AccountService => one === channel);
  const number = (proof.kind === 'account' ? proof.accountId : undefined) ?? null;
  return service === undefined || personByAccount(people, service, proof.account, number)?.id === person;
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
