// The headers of a request and of an answer → those that go on, or the one that is refused.
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/**
 * Whoever sends these speaks for somebody else, or wants a request to be read as another. Node has lowered their case
 * (docs of node:http); HTTP/2 has no other.
 */
const REFUSED = /^(?:impersonate-|x-remote-|x-forwarded-client-cert$|x-http-method|x-method-override$)/;

/** What goes on; the rest is the proxy's own or nobody's. */
const PASSED: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'content-type',
  'if-none-match',
  'if-modified-since',
  'user-agent',
  'kubectl-command',
  'kubectl-session',
]);

/** Of an answer: what concerns the one connection only (RFC 9110, 7.6.1), and what HTTP/2 forbids (RFC 9113, 8.2.2). */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'alt-svc',
  'strict-transport-security',
  // The API server tells who was asked as; it is not the agent.
  'set-cookie',
]);

/** The name of a header for which the request is refused; null: none. */
export function refusedHeader(headers: IncomingHttpHeaders, rawHeaders: readonly string[]): string | null {
  const claimed = Object.keys(headers).find((name) => REFUSED.test(name));
  if (claimed !== undefined) return claimed;
  const names = rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  // What Node takes the first of, others may take the last of.
  const once = ['authorization', 'content-length', 'content-type', 'transfer-encoding', 'host', 'content-encoding'];
  return once.find((name) => names.filter((other) => other === name).length > 1) ?? null;
}

/** Whether the client wants another protocol on this connection; exec, attach and port-forward do. */
export function wantsUpgrade({ upgrade, connection }: IncomingHttpHeaders): boolean {
  return upgrade !== undefined || /\bupgrade\b/i.test(connection ?? '');
}

export function passedHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => PASSED.has(name)));
}

export function answeredHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = new Set(
    (headers.connection ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
  );
  const passed: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !HOP_BY_HOP.has(name) && !named.has(name)) passed[name] = value;
  return passed;
}
