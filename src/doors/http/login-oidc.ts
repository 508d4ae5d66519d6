// Login by an issuer: the browser is sent there, comes back to a page, and has a session.
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { z } from 'zod';
import { personByAccount } from '../../core/approval/people.ts';
import { htmlText } from '../../core/text/escape.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { LoginWords } from '../../core/text/words/login.ts';
import { fill } from '../../core/text/words/sentence.ts';
import type { Gate } from '../../flow/gate.ts';
import { startSession } from '../../flow/requests/log-in.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { IdentityProvider, LoginAttempt, ProvenLogin } from '../../ports/identity-provider.ts';
import { knownHost } from '../callers.ts';
import { loginId, newLoginToken } from '../login-token.ts';
import { htmlPage, newNonce } from './console-page.ts';
import type { App } from './endpoint.ts';
import { problem } from './problem.ts';
import { sessionToken, setSessionCookie } from './session-cookie.ts';

/** The issuer, and the address to which it sends people back. */
export interface OidcDoor {
  readonly provider: IdentityProvider;
  readonly redirectUrl: string;
  readonly hosts: readonly string[];
}

export const CALLBACK = '/login/callback';
/** Seconds that somebody may take at the issuer. */
const ATTEMPT_SECONDS = 600;

/** Pages of ours, with their filters; whatever else is asked for leads home, never elsewhere. */
const OWN_PAGE = /^\/(?:(?:proposals(?:\/[\w.:-]{1,64})?|outcomes|audit|policy|insight)?(?:\?[\w.:=&%,+-]{0,500})?)$/;

/** `to` as a path of this gate. */
export function ownPage(to: string | undefined): string {
  return to !== undefined && OWN_PAGE.test(to) ? to : '/';
}

const ATTEMPT = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  to: z.string(),
  again: z.boolean(),
  at: z.number(),
});
type Attempt = z.infer<typeof ATTEMPT>;

export function serveOidcLogin(app: App, gate: Gate, door: OidcDoor): void {
  app.get('/login/oidc', async (c) => {
    if (!knownHost(c.req.header('host'), door.hosts)) return problem(c, 'wrong-host', null);
    const again = c.req.query('again') === '1';
    try {
      const { url, attempt } = await door.provider.begin(again);
      keepAttempt(c, door, { ...attempt, to: ownPage(c.req.query('to')), again, at: gate.clock.now() });
      return c.redirect(url, 302);
    } catch (error) {
      return failedPage(c, gate, error);
    }
  });
  app.get(CALLBACK, async (c) => {
    if (!knownHost(c.req.header('host'), door.hosts)) return problem(c, 'wrong-host', null);
    const attempt = readAttempt(c, door, gate.clock.now());
    // Whatever comes of it, this attempt is over.
    keepAttempt(c, door, null);
    const words = DICTIONARIES[gate.lang].login;
    if (attempt === null) return messagePage(c, words, words.notBegun, 400);
    try {
      const proven = await door.provider.finish(new URL(c.req.url).search, attempt, attempt.again);
      return await cameBack(c, gate, door, proven, attempt.to);
    } catch (error) {
      return failedPage(c, gate, error);
    }
  });
}

const cameBack = async (
  c: Context,
  gate: Gate,
  door: OidcDoor,
  { accounts, proven }: ProvenLogin,
  to: string,
): Promise<Response> => {
  const words = DICTIONARIES[gate.lang].login;
  const people = gate.people();
  const known = accounts.flatMap((account) => {
    const person = personByAccount(people, 'oidc', account);
    return person === null ? [] : [{ account, person: person.id }];
  })[0];
  if (known === undefined) {
    gate.log.warn('login_unmapped', { accounts: [...accounts] });
    return messagePage(c, words, fill(words.unmapped, { account: accounts.join(', ') }), 403);
  }
  const before = sessionToken(c);
  const token = newLoginToken();
  const login = { id: loginId(token), channel: 'oidc', proven, ...known } as const;
  await startSession(gate, login, before === null ? null : loginId(before), c.req.raw.signal);
  setSessionCookie(c, token, isSecure(door) ? 'https' : 'http');
  // A page and no redirect: only a step from a page of ours brings the strict cookie along.
  return movingPage(c, words, to);
};

const failedPage = (c: Context, gate: Gate, error: unknown): Response => {
  const words = DICTIONARIES[gate.lang].login;
  if (!(error instanceof AdapterError)) throw error;
  gate.log.warn('login_failed', { kind: error.kind, error: error.message });
  if (error.kind === 'no-answer') return messagePage(c, words, words.issuerDown, 502);
  if (error.kind === 'refused') return messagePage(c, words, fill(words.issuerRefused, { reason: error.reason }), 403);
  return messagePage(c, words, words.issuerUnclear, 403);
};

const messagePage = (c: Context, words: LoginWords, text: string, status: 400 | 403 | 502): Response =>
  htmlPage(
    c,
    `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Blastgate</title><p>${htmlText(text)}</p><p><a href="/login/oidc">${htmlText(words.tryAgain)}</a></p>`,
    newNonce(),
    status,
  );

const movingPage = (c: Context, words: LoginWords, to: string): Response =>
  htmlPage(
    c,
    `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${htmlText(to)}"><title>Blastgate</title><p><a href="${htmlText(to)}">${htmlText(words.goOn)}</a></p>`,
    newNonce(),
  );

const isSecure = ({ redirectUrl }: OidcDoor): boolean => redirectUrl.startsWith('https:');

/** Lax, since it must come along from the issuer's page, and for the one path where it is read. */
const keepAttempt = (c: Context, door: OidcDoor, attempt: (LoginAttempt & Attempt) | null): void => {
  const value = attempt === null ? '' : Buffer.from(JSON.stringify(attempt)).toString('base64url');
  const age = attempt === null ? 0 : ATTEMPT_SECONDS;
  const text = `${attemptName(door)}=${value}; Max-Age=${age}; Path=${CALLBACK}; HttpOnly; SameSite=Lax`;
  c.header('set-cookie', isSecure(door) ? `${text}; Secure` : text, { append: true });
};

const attemptName = (door: OidcDoor): string => (isSecure(door) ? '__Secure-blastgate-login' : 'blastgate-login');

const readAttempt = (c: Context, door: OidcDoor, now: number): Attempt | null => {
  const value = getCookie(c, attemptName(door));
  if (value === undefined) return null;
  try {
    const read = ATTEMPT.safeParse(JSON.parse(Buffer.from(value, 'base64url').toString('utf8')));
    if (!read.success || now - read.data.at > ATTEMPT_SECONDS * 1000) return null;
    return { ...read.data, to: ownPage(read.data.to) };
  } catch {
    return null;
  }
};
