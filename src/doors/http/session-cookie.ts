// The cookie of a session: by which name it comes and goes (RFC 6265bis, 4.1.3).
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { SESSION_SECONDS } from '../../core/approval/session.ts';
import { isLoopbackHost } from '../callers.ts';
import { isLoginToken } from '../login-token.ts';

/** A browser takes the first from https alone, for this host and every path; the other serves plain http on loopback. */
const [SECURE, PLAIN] = ['__Host-blastgate', 'blastgate'];

/** The session token that a request brings; null: none that counts here. */
export function sessionToken(c: Context): string | null {
  const secure = getCookie(c, SECURE);
  const token = secure ?? (isLoopbackHost(c.req.header('host')) ? getCookie(c, PLAIN) : undefined);
  return isLoginToken(token) ? token : null;
}

export function setSessionCookie(c: Context, token: string, scheme: 'https' | 'http'): void {
  c.header('set-cookie', cookieText(scheme, `${token}; Max-Age=${SESSION_SECONDS}`), { append: true });
}

/** Both: whichever there is goes. */
export function clearSessionCookies(c: Context): void {
  for (const scheme of ['https', 'http'] as const)
    c.header('set-cookie', cookieText(scheme, '; Max-Age=0'), { append: true });
}

const cookieText = (scheme: 'https' | 'http', value: string): string =>
  `${scheme === 'https' ? SECURE : PLAIN}=${value}; Path=/; HttpOnly; SameSite=Strict${scheme === 'https' ? '; Secure' : ''}`;
