// A way to a real API server whose writes can be made to fail: the sandbox's faults in front of a server that knows none.

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Fault, type FaultKind, Faults, faultStatus } from '../../src/sandbox/cluster/faults.ts';

export interface FaultProxy {
  /** "http://127.0.0.1:…"; what comes with a token goes on with it. */
  readonly url: string;
  /** Hits writes alone, by a part of their path. */
  readonly inject: (fault: Fault) => void;
  /** Ends when a write was carried out and its answer is held back. */
  readonly held: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const readBody = async (incoming: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** A DELETE says in its body that it is a dry run. */
const isDryRun = (query: URLSearchParams, body: Buffer): boolean =>
  query.has('dryRun') || /"dryRun":\["All"\]/.test(body.toString('utf8'));

export const startFaultProxy = async (api: { readonly url: string; readonly caPath: string }): Promise<FaultProxy> => {
  const faults = new Faults();
  const agent = new Agent({ ca: readFileSync(api.caPath), keepAlive: true });
  const origin = new URL(api.url);
  let isHeld = false;

  const take = (incoming: IncomingMessage, body: Buffer): FaultKind | null => {
    if (incoming.method === 'GET') return null;
    const { pathname, searchParams } = new URL(incoming.url ?? '/', origin);
    if (isDryRun(searchParams, body)) searchParams.set('dryRun', 'All');
    const { method = '', headers } = incoming;
    return faults.take({ method, path: pathname, query: searchParams, headers, body: '' });
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(incoming);
    const fault = take(incoming, body);
    if (fault?.kind === 'drop-before') return void response.destroy();
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'delay') await pause(fault.ms);
    if (fault?.kind === 'status') {
      const { body: status } = faultStatus(fault);
      const retry = fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
      response.writeHead(fault.code, { 'content-type': 'application/json', ...retry });
      return void response.end(JSON.stringify(status));
    }
    const { host: _host, ...headers } = incoming.headers;
    const sent = request(
      { agent, host: origin.hostname, port: origin.port, method: incoming.method, path: incoming.url, headers },
      (answer) => {
        if (fault?.kind === 'drop-after') return void response.destroy();
        if (fault?.kind === 'hang-after') {
          isHeld = true;
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    sent.on('error', () => response.destroy());
    response.on('close', () => sent.destroy());
    sent.end(body);
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // as: it listens on a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    inject: (fault) => faults.add(fault),
    held: async () => {
      while (!isHeld) await pause(10);
      isHeld = false;
    },
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
};
