// The cookie of a request → the session behind it, and whether a write of it comes from a page of ours.
import type { Context } from 'hono';
import { type Session, sessionPerson } from '../../core/approval/session.ts';
import { plusSeconds } from '../../core/model/instant.ts';
import type { ProblemCode } from '../../core/text/words/dictionary.ts';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';
import { nowOf } from '../../flow/transition.ts';
import { knownHost, sameOrigin } from '../callers.ts';
import type { Identity } from '../identity.ts';
import { csrfToken, loginId } from '../login-token.ts';
import { sessionToken } from './session-cookie.ts';

/** Seconds for which a use is not written down again. */
const TOUCH_SECONDS = 60;
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The session of a request while its person may still come; null: none. */
export async function sessionOf(gate: Gate, c: Context): Promise<Session | null> {
  const token = sessionToken(c);
  if (token === null) return null;
  const signal = c.req.raw.signal;
  const session = await gate.store.sessions.read(loginId(token), within('store', signal));
  const now = nowOf(gate);
  if (session === null || sessionPerson(session, gate.people(), now) === null) return null;
  if (now < plusSeconds(session.seen, TOUCH_SECONDS)) return session;
  await gate.store.sessions.touch(session.id, now, within('store', signal));
  return { ...session, seen: now };
}

/** Who a session is, by the people of now. */
export function sessionIdentity(gate: Gate, session: Session): Identity | null {
  const person = sessionPerson(session, gate.people(), nowOf(gate));
  return person === null ? null : { proposer: { kind: 'person', id: person.id }, rights: person.rights, session };
}

/**
 * Why a request that a browser sends may not count; null: it may. A page of another site can neither read our token nor set
 * a header; a name that was made to mean this machine (DNS rebinding) is not ours.
 */
export function browserProblem(c: Context, hosts: readonly string[]): ProblemCode | null {
  const host = c.req.header('host');
  if (!knownHost(host, hosts)) return 'wrong-host';
  if (SAFE.has(c.req.method)) return null;
  const origin = c.req.header('origin');
  return origin === undefined || !sameOrigin(origin, host) ? 'wrong-origin' : null;
}

/** As browserProblem, for a request that counts by its cookie: a write must show the token that belongs to the session. */
export function sessionProblem(c: Context, hosts: readonly string[]): ProblemCode | null {
  const found = browserProblem(c, hosts);
  if (found !== null || SAFE.has(c.req.method)) return found;
  const token = sessionToken(c);
  return token !== null && c.req.header('x-blastgate-csrf') === csrfToken(token) ? null : 'no-csrf-token';
}
