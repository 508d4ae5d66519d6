// A gate's address and a one-time token → the address that a browser opens.

/** The token stands in the fragment: no server, proxy or preview ever gets to see it. */
export function consoleLink(gateUrl: string, token: string): string {
  return `${gateUrl.replace(/\/+$/, '')}/#login=${token}`;
}
