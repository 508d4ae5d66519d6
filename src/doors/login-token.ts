// Secrets of sessions and one-time links: made here, kept as hashes alone.
import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes in 43 characters of `[A-Za-z0-9_-]`. */
export function newLoginToken(): string {
  return randomBytes(32).toString('base64url');
}

export function isLoginToken(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** "sha256:" and hex: by it a session or a link is kept. */
export function loginId(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('hex')}`;
}

/** What only a page of the gate can read and send back (synchronizer token, OWASP CSRF cheat sheet); the session token cannot be had from it. */
export function csrfToken(token: string): string {
  return createHash('sha256').update(`csrf ${token}`).digest('base64url');
}
