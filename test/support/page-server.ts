// Serves the built console as the gate does (nonce, content security policy), with answers of a test behind /v1.
import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { serve } from '@hono/node-server';
import { buildConsole } from '../../scripts/build-console.ts';

const DIST = resolve(import.meta.dirname, '../../console/dist');
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
};
const NONCE = 'bm9uY2U';

/** As strict as the gate's own. */
const POLICY = [
  "default-src 'none'",
  `script-src 'self' 'nonce-${NONCE}'`,
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

export interface PageServer {
  readonly url: string;
  stop(): Promise<void>;
  /** Stops listening, as a gate that is restarted does; `resume` listens at the same address. */
  interrupt(): Promise<void>;
  resume(): Promise<void>;
}

const asset = (path: string): Response => {
  const wanted = join(DIST, path);
  const file = path !== '/' && wanted.startsWith(DIST) && existsSync(wanted) ? wanted : join(DIST, 'index.html');
  const headers = {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': POLICY,
  };
  return new Response(readFileSync(file, 'utf8').replaceAll('__NONCE__', NONCE), { headers });
};

const listen = (fetch: (request: Request) => Response | Promise<Response>, port: number): Promise<Server> =>
  new Promise((done) => {
    // as: without options it is a server of node:http.
    const server = serve({ fetch, hostname: '127.0.0.1', port }, () => done(server as Server)) as Server;
  });

const closed = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });

/** `answer`: what /v1, /login and /logout say. */
export async function startPageServer(answer: (request: Request) => Response | Promise<Response>): Promise<PageServer> {
  await buildConsole({ ifStale: true });
  const fetch = (request: Request): Response | Promise<Response> => {
    const { pathname } = new URL(request.url);
    return /^\/(v1|login|logout)(\/|$)/.test(pathname) ? answer(request) : asset(pathname);
  };
  let server = await listen(fetch, 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => closed(server),
    interrupt: () => closed(server),
    resume: async () => {
      server = await listen(fetch, port);
    },
  };
}
