// The listener of the proxy: TLS always (kubectl sends no token without it), HTTP/2 and HTTP/1.1 by ALPN.
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { authorityOf } from '../../core/model/host.ts';
import type { ProxyRequest } from './exchange.ts';
import type { ProxyResponse } from './pass-on.ts';

/** What the listener shows: PEM texts, as node:tls takes them. */
export type ProxyContext = Pick<TlsOptions, 'cert' | 'key' | 'minVersion'>;

export interface ListeningProxy {
  readonly url: string;
  /** Takes another certificate from the next connection on; those that are open keep theirs. */
  readonly server: Pick<Http2SecureServer, 'setSecureContext'>;
  /** No new connections; what is open is cut after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** The address cannot be listened on; the message says what to do. */
export class ProxyCannotListen extends Error {
  override readonly name = 'ProxyCannotListen';
}

/** Seconds until the head of a request must be there, and until a request must be read whole (its body has a limit of its own). */
const [HEADERS_MS, REQUEST_MS] = [20_000, 60_000];
/** Requests of one HTTP/2 connection at once: more than any client has, fewer than could hurt. */
const STREAMS_AT_ONCE = 256;

/** Resolves once it listens. Throws ProxyCannotListen. */
export async function listenAsProxy(
  handle: (request: ProxyRequest, response: ProxyResponse) => void,
  { host, port }: { readonly host: string; readonly port: number },
  context: ProxyContext,
): Promise<ListeningProxy> {
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  const server: Http2SecureServer = createSecureServer({
    minVersion: 'TLSv1.2',
    ...context,
    allowHTTP1: true,
    maxHeaderSize: 64 * 1024,
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: 5_000,
    settings: { maxConcurrentStreams: STREAMS_AT_ONCE, enableConnectProtocol: false },
  } as Parameters<typeof createSecureServer>[0]);
  server.on('request', handle);
  // An Upgrade without a listener for it is an ordinary request, which is refused with a Status that can be read.
  server.on('connection', (socket: Socket) => {
    // Head and body are two writes: the second must not wait until the client has acknowledged the first (40 ms on Linux).
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('session', (session: ServerHttp2Session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
  });
  server.on('tlsClientError', (_: Error, socket: Socket) => socket.destroy());
  server.on('sessionError', () => undefined);
  server.on('clientError', (_: Error, socket: Socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else socket.destroy();
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'another program listens there; set BLASTGATE_PROXY_LISTEN to a free one'
          : error.message;
      fail(new ProxyCannotListen(`cannot listen on ${host}:${port}: ${why}`));
    });
    server.listen(port, host, done);
  });
  // as: a server that listens on a port has an address of this kind.
  const address = server.address() as AddressInfo;
  return {
    url: `https://${authorityOf({ host, port: address.port })}`,
    server,
    close: async (graceMs) => {
      const closed = new Promise((done) => server.close(done));
      for (const session of sessions) session.close();
      const grace = setTimeout(() => {
        for (const session of sessions) session.destroy();
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await closed;
      clearTimeout(grace);
    },
  };
}
