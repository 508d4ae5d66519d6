// Logins of the console, which outlive a restart of the gate: sessions and one-time links, by the hashes of their tokens.
import type { LoginLink, Session } from '../core/approval/session.ts';
import type { Instant } from '../core/model/instant.ts';

export interface Sessions {
  /** Forgets with it what ended before `session.began`. */
  begin(session: Session, signal: AbortSignal): Promise<void>;
  /** Also one whose time is over, until it is forgotten; null: there is none. */
  read(id: string, signal: AbortSignal): Promise<Session | null>;
  /** It was used at `at`; one that has ended meanwhile stays so. */
  touch(id: string, at: Instant, signal: AbortSignal): Promise<void>;
  end(id: string, signal: AbortSignal): Promise<void>;
  /** Forgets with it the links that ended before `now`. */
  keepLink(link: LoginLink, now: Instant, signal: AbortSignal): Promise<void>;
  /** Of all who ask for a link one gets it, once; null: there is none (any more). Its time may be over. */
  takeLink(id: string, signal: AbortSignal): Promise<LoginLink | null>;
}

/** Links that are made beside a running gate, by who may write its data folder. */
export interface LoginLinkFolder {
  /** Forgets with it the links that ended before `now`. Throws AdapterError. */
  keep(link: LoginLink, now: Instant): Promise<void>;
  /** As Sessions.takeLink. */
  take(id: string): Promise<LoginLink | null>;
}
