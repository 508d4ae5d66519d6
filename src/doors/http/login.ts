// Who is logged in, one-time links, and the end of a session.
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type People, teamsOf } from '../../core/approval/people.ts';
import { LINK_SECONDS, type LoginLink, type Session, sessionEnd, sessionPerson } from '../../core/approval/session.ts';
import { plusSeconds } from '../../core/model/instant.ts';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';
import { tellOfLogin } from '../../flow/notify/tell-of-login.ts';
import { endSession, startSession } from '../../flow/requests/log-in.ts';
import { nowOf } from '../../flow/transition.ts';
import type { LoginLinkFolder } from '../../ports/sessions.ts';
import { isLoopbackHost } from '../callers.ts';
import { csrfToken, isLoginToken, loginId, newLoginToken } from '../login-token.ts';
import { browserProblem, sessionOf, sessionProblem } from './browser-session.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import type { OidcDoor } from './login-oidc.ts';
import { problem, refusalProblem } from './problem.ts';
import { clearSessionCookies, sessionToken, setSessionCookie } from './session-cookie.ts';

/** How people log in here. */
export interface LoginDoor {
  /** Names by which the gate is called, beside loopback and addresses. */
  readonly hosts: readonly string[];
  /** Where links that the gate's own machine made are taken from; null: links are off. */
  readonly links: LoginLinkFolder | null;
  /** null: nobody logs in by an issuer. */
  readonly oidc: Omit<OidcDoor, 'hosts'> | null;
  /** Of the built console. */
  readonly folder: string;
  readonly version: string;
  readonly demo: boolean;
}

/** What a page asks first; public, and empty for who is nobody. */
export function serveSession(app: App, gate: Gate, door: LoginDoor): void {
  app.get('/v1/session', async (c) => {
    const wrong = browserProblem(c, door.hosts);
    if (wrong !== null) return problem(c, wrong, null);
    const session = await sessionOf(gate, c);
    return c.json({ ...whoIs(gate, c, session), ...aboutGate(gate, door) });
  });
}

const whoIs = (gate: Gate, c: Context, session: Session | null) => {
  const people = gate.people();
  const person = session === null ? null : sessionPerson(session, people, nowOf(gate));
  const token = sessionToken(c);
  if (session === null || person === null || token === null)
    return { person: null, channel: null, csrf: null, expiresAt: null };
  const { id, name, rights } = person;
  return {
    person: { id, name, rights, teams: teamsOf(people, id), agents: agentsOf(people, id) },
    channel: session.channel,
    csrf: csrfToken(token),
    expiresAt: sessionEnd(session),
  };
};

/** The agents that a person answers for: what they propose is the person's own. */
const agentsOf = ({ agents }: People, person: string): readonly string[] =>
  agents.filter(({ owner }) => owner === person).map(({ id }) => id);

const aboutGate = ({ clusterName, clusters }: Gate, { oidc, links, version, demo }: LoginDoor) => ({
  login: { oidc: oidc !== null, links: links !== null },
  version,
  demo,
  // Of several clusters each proposal names its own: the page of the gate is of none.
  cluster: (clusters?.().names.length ?? 1) > 1 ? null : clusterName,
});

const LinkBody = z.strictObject({ token: z.string().max(200) });

/** A link is spent by this POST alone: a preview that opens its address spends nothing, the token stands in the fragment. */
export function serveLinkLogin(app: App, gate: Gate, door: LoginDoor): void {
  app.post('/login/link', async (c) => {
    const wrong = browserProblem(c, door.hosts);
    if (wrong !== null) return problem(c, wrong, null);
    const scheme = schemeOf(c);
    if (scheme === 'http' && !isLoopbackHost(c.req.header('host'))) return problem(c, 'https-needed', null);
    const read = LinkBody.safeParse(await c.req.json().catch(() => null));
    if (!read.success) return problem(c, 'bad-request', 'the body is { "token": … }');
    const person = await spendLink(gate, door, read.data.token, c.req.raw.signal);
    if (person === null) return problem(c, 'link-unusable', null);
    // A new token whatever came with the request: one that somebody else has set names no session (fixation).
    const before = sessionToken(c);
    const token = newLoginToken();
    const now = nowOf(gate);
    const session = { id: loginId(token), person, channel: 'link', account: null, proven: now } as const;
    await startSession(gate, session, before === null ? null : loginId(before), c.req.raw.signal);
    setSessionCookie(c, token, scheme);
    return c.body(null, 204);
  });
}

/** By the Origin that a browser sends with every POST: TLS may end in front of the gate. */
const schemeOf = (c: Context): 'https' | 'http' =>
  c.req.header('origin')?.startsWith('https:') === true ? 'https' : 'http';

const spendLink = async (
  gate: Gate,
  { links }: LoginDoor,
  token: string,
  signal: AbortSignal,
): Promise<string | null> => {
  if (links === null || !isLoginToken(token)) return null;
  const id = loginId(token);
  const link = (await gate.store.sessions.takeLink(id, within('store', signal))) ?? (await links.take(id));
  return link !== null && countsStill(gate, link) ? link.person : null;
};

/** Nothing lives longer than a link that is made here, whatever stands in a file. */
const countsStill = (gate: Gate, { person, ends }: LoginLink): boolean => {
  const now = nowOf(gate);
  return now < ends && ends <= plusSeconds(now, LINK_SECONDS) && gate.people().people.some(({ id }) => id === person);
};

/** `next`: where the browser ends the session at the issuer too. */
export function serveLogout(app: App, gate: Gate, door: LoginDoor): void {
  app.post('/logout', async (c) => {
    const wrong = sessionProblem(c, door.hosts);
    if (wrong !== null) return problem(c, wrong, null);
    const session = await sessionOf(gate, c);
    if (session !== null) await endSession(gate, session, c.req.raw.signal);
    clearSessionCookies(c);
    const next = session?.channel === 'oidc' ? ((await door.oidc?.provider.endSessionUrl()) ?? null) : null;
    return next === null ? c.body(null, 204) : c.json({ next });
  });
}

const LinkRequest = z.strictObject({}).openapi('LinkRequest');
const MadeLoginLink = z
  .object({ person: z.string(), token: z.string(), ends: z.iso.datetime() })
  .openapi('MadeLoginLink');

/** `blastgate login PERSON` with PERSON's own token. */
export function serveLinkMaking(app: App, gate: Gate, door: LoginDoor): void {
  serveEndpoint(
    app,
    {
      method: 'post',
      path: '/v1/login-links',
      right: null,
      summary: 'Makes a one-time link by which the person of this token logs in to the console.',
      body: LinkRequest,
      query: null,
      answers: { 201: { description: 'Used once, within five minutes.', schema: MadeLoginLink } },
    },
    async ({ identity, c, signal }) => {
      const { proposer, session } = identity;
      if (proposer.kind === 'agent' || session !== undefined)
        return refusalProblem(c, { code: 'no-right', about: `${proposer.id}, login` });
      if (door.links === null) return problem(c, 'links-off', null);
      const token = newLoginToken();
      const now = nowOf(gate);
      const ends = plusSeconds(now, LINK_SECONDS);
      await gate.store.sessions.keepLink(
        { id: loginId(token), person: proposer.id, ends },
        now,
        within('store', signal),
      );
      await tellOfLogin(gate, { what: 'link-made', person: proposer.id, by: 'token' }, signal);
      return c.json({ person: proposer.id, token, ends }, 201);
    },
  );
}
