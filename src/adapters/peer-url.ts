// Reads the address of a peer that is sent a token.
import { hostOf, isLoopback } from '../core/model/host.ts';

/**
 * The URL without a trailing slash. Throws an Error that names the setting: https anywhere, http for loopback alone,
 * no user, query or fragment.
 */
export function readPeerUrl(setting: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw new Error(`${setting} is not a URL. Set it to something like https://forge.example/api/v1.`);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(hostOf(url))))
    throw new Error(`${setting} must begin with https:// (http:// is for this machine only): a token is sent there.`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new Error(`${setting} must be a plain address: no user, password, query or fragment.`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
