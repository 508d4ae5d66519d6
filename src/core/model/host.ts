// A host by name or address → how a URL writes it, and whether it is this machine alone.

/** "localhost", "::1" and the block 127/8: names that never leave this machine (RFC 6890, RFC 6761). Without brackets. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d+){3}$/.test(host);
}

/** The host of a URL without the brackets of an IPv6 address, as sockets and certificates have it. */
export function hostOf({ hostname }: { readonly hostname: string }): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** "host:port", as a URL writes it: an IPv6 address stands in brackets (RFC 3986, section 3.2.2). */
export function authorityOf({ host, port }: { readonly host: string; readonly port: number | string }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
