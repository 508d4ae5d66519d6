// A login in a browser and the people of now → who it is, or nobody any more.
import { type Instant, plusSeconds } from '../model/instant.ts';
import { type People, type Person, personByAccount, personById } from './people.ts';

/** However busy, a session ends so many seconds after its login; unused, so many after it was last used. */
export const [SESSION_SECONDS, IDLE_SECONDS] = [12 * 3600, 3600];
/** Within so many seconds a one-time link must be used. */
export const LINK_SECONDS = 300;

/** How somebody logged in: by the issuer's word, or by a one-time link. */
export type SessionChannel = 'oidc' | 'link';

export interface Session {
  /** "sha256:" and hex of its token, which only the browser has. */
  readonly id: string;
  readonly person: string;
  readonly channel: SessionChannel;
  /** What people.yaml maps to the person (`accounts.oidc`); null for a link. */
  readonly account: string | null;
  readonly began: Instant;
  /** When it was last used. */
  readonly seen: Instant;
  /** When the person was last asked who they are; null: the issuer does not say. */
  readonly proven: Instant | null;
}

/** A one-time link that was not used yet. */
export interface LoginLink {
  /** "sha256:" and hex of its token. */
  readonly id: string;
  readonly person: string;
  readonly ends: Instant;
}

/** The instant at which a session ends if it is not used again. */
export function sessionEnd({ began, seen }: Pick<Session, 'began' | 'seen'>): Instant {
  const [last, idle] = [plusSeconds(began, SESSION_SECONDS), plusSeconds(seen, IDLE_SECONDS)];
  return idle < last ? idle : last;
}

/** The person of a session, with the rights of now; null: its time is over, or people.yaml knows person or account no more. */
export function sessionPerson(session: Session, people: People, now: Instant): Person | null {
  if (now >= sessionEnd(session)) return null;
  if (session.account === null) return session.channel === 'link' ? personById(people, session.person) : null;
  const person = personByAccount(people, 'oidc', session.account);
  return person?.id === session.person ? person : null;
}

/** Whether a session's person was asked who they are within so many minutes; what an issuer does not say is long ago. */
export function isFreshLogin(proven: Instant | null, minutes: number, now: Instant): boolean {
  return proven !== null && now <= plusSeconds(proven, minutes * 60);
}
