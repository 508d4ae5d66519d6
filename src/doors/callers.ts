// Host and Origin of a request → whether a web page could have sent it here unasked (MCP, streamable HTTP, Security Warning; RFC 6265bis, CSRF).
import { isIP } from 'node:net';
import { hostOf, isLoopback } from '../core/model/host.ts';

/** The name in "name:port" and "[::1]:port", in small letters; null where it is none. */
const hostName = (authority: string | undefined): string | null => {
  const url = URL.parse(`http://${authority ?? ''}/`);
  if (authority === undefined || url === null || url.host !== withoutPort80(authority)) return null;
  return hostOf(url);
};

/** As a URL writes it: the port that goes without saying is left out. */
const withoutPort80 = (authority: string): string => authority.toLowerCase().replace(/:80$/, '');

/**
 * Loopback, any address, and the names given. Whoever makes a browser believe that a name of theirs is this machine
 * (DNS rebinding) still sends that name; an address cannot be made to mean another.
 */
export function knownHost(host: string | undefined, names: readonly string[]): boolean {
  const name = hostName(host);
  if (name === null) return false;
  return name === 'localhost' || isIP(name) !== 0 || names.includes(name);
}

/** Programs send no Origin; a page of the gate itself sends the gate's. */
export function sameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  const url = URL.parse(origin);
  if (url === null || host === undefined || url.origin !== origin) return false;
  return (
    url.host === withoutPort80(host) ||
    (url.protocol === 'https:' && url.host === host.toLowerCase().replace(/:443$/, ''))
  );
}

/** Whether a Host header names this machine alone. */
export function isLoopbackHost(host: string | undefined): boolean {
  const name = hostName(host);
  return name !== null && isLoopback(name);
}
