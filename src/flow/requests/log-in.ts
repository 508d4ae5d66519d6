// A proven login becomes a session that outlives a restart; a session ends for good. Both stand in the trail.
import type { Session } from '../../core/approval/session.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { tellOfLogin } from '../notify/tell-of-login.ts';
import { nowOf } from '../transition.ts';

/** `before`: the session that this browser had; it ends. */
export async function startSession(
  gate: Gate,
  login: Omit<Session, 'began' | 'seen'>,
  before: string | null,
  signal: AbortSignal,
): Promise<Session> {
  const now = nowOf(gate);
  const session: Session = { ...login, began: now, seen: now };
  if (before !== null) await gate.store.sessions.end(before, within('store', signal));
  // Nobody is in whose coming is not written down.
  await tellOfLogin(gate, { what: 'logged-in', person: login.person, by: login.account ?? login.channel }, signal);
  await gate.store.sessions.begin(session, within('store', signal));
  return session;
}

export async function endSession(gate: Gate, session: Session, signal: AbortSignal): Promise<void> {
  await gate.store.sessions.end(session.id, within('store', signal));
  await tellOfLogin(gate, { what: 'logged-out', person: session.person, by: session.channel }, signal);
}
