// The settings of the login → how people come into the console.
import type { Secret } from '../../ports/secret.ts';
import { checkUrl } from './addresses.ts';
import { type ReadVariable, secretOf } from './environment.ts';

/** How people log in to the console. */
export interface LoginSettings {
  /** `links` is BLASTGATE_LOGIN; else one-time links are taken on loopback alone. */
  readonly links: 'links' | 'on-loopback';
  /** null: nobody logs in by an issuer. */
  readonly oidc: OidcSettings | null;
}

/** An OpenID Connect issuer that vouches for people. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** null: a public client, by PKCE alone. */
  readonly clientSecret: Secret | null;
  /** https://HOST/login/callback */
  readonly redirectUrl: string;
}

/** One-time links, and an issuer where one is set; never both beyond loopback. */
export function readLogin(read: ReadVariable, problems: string[]): LoginSettings {
  const text = read('BLASTGATE_LOGIN');
  if (text !== null && text !== 'links')
    problems.push(`BLASTGATE_LOGIN is "${text}"; write links, or leave it out: then links are taken on loopback alone`);
  const oidc = readOidc(read, problems);
  if (oidc !== null && text === 'links')
    problems.push('BLASTGATE_LOGIN=links beside OIDC_ISSUER: a link would be a way past the issuer; keep one');
  return { links: text === 'links' ? 'links' : 'on-loopback', oidc };
}

const readOidc = (read: ReadVariable, problems: string[]): OidcSettings | null => {
  const names = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_REDIRECT_URL'] as const;
  const [issuer, clientId, redirectUrl] = [read(names[0]), read(names[1]), read(names[2])];
  const clientSecret = read('OIDC_CLIENT_SECRET');
  if (issuer === null && clientId === null && redirectUrl === null && clientSecret === null) return null;
  const missing = names.filter((_, i) => [issuer, clientId, redirectUrl][i] === null);
  if (issuer === null || clientId === null || redirectUrl === null) {
    problems.push(
      `the login by OIDC is only half set: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    );
    return null;
  }
  checkUrl('OIDC_ISSUER', issuer, problems);
  checkUrl('OIDC_REDIRECT_URL', redirectUrl, problems);
  if (URL.parse(redirectUrl)?.pathname !== '/login/callback')
    problems.push(`OIDC_REDIRECT_URL is "${redirectUrl}"; write https://HOST/login/callback`);
  return { issuer, clientId, clientSecret: secretOf(clientSecret), redirectUrl };
};
