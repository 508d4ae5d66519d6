// The proxy over a gate in memory and an API server that a test scripts, by real sockets; everyone's token is their id.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import { type RequestOptions, request as requestHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority } from '../../src/adapters/certificates/authority.ts';
import { openPassage, type Passage } from '../../src/adapters/cluster/passage.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { People } from '../../src/core/approval/people.ts';
import { createProxyCounts } from '../../src/doors/proxy/counts.ts';
import type { ProxyDoor } from '../../src/doors/proxy/door-of.ts';
import { listenAsProxy } from '../../src/doors/proxy/listen.ts';
import { createProxy } from '../../src/doors/proxy/proxy.ts';
import { statusAnswer } from '../../src/doors/proxy/status.ts';
import type { Gate } from '../../src/flow/gate.ts';
import { createWakeSignal } from '../../src/flow/wake-signal.ts';
import { CAST, setStage } from './memory-gate.ts';

const hash = (token: string): string => `sha256:${createHash('sha256').update(token).digest('hex')}`;

const PEOPLE: People = {
  people: CAST.people.map((person) => ({ ...person, tokens: [hash(person.id)] })),
  agents: [{ id: 'healer', owner: 'ana', rights: ['read', 'propose'], tokens: [hash('healer')] }],
};

export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Said {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** `answer` plays the API server; what it hears is put down in `heard`. Or it is a cluster that runs already, by its address. */
export const openProxy = async (
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | string,
  change: Partial<ProxyDoor> | ((gate: Gate, passage: Passage) => Partial<ProxyDoor>) = {},
  ofGate: Partial<Gate> = {},
) => {
  const stage = setStage();
  let people = PEOPLE;
  const gate: Gate = {
    ...stage.gate,
    clock: systemClock,
    wakeSignal: createWakeSignal(systemClock),
    people: () => people,
    ...ofGate,
  };
  const heard: Heard[] = [];
  const api = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      heard.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      if (typeof answer !== 'string') answer(request, response);
    });
  });
  await new Promise<void>((done) => api.listen(0, '127.0.0.1', done));
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-proxy-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const apiUrl = typeof answer === 'string' ? answer : `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: apiUrl } }],
      users: [{ name: 'u', user: { token: 'proxy-account' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'c',
    }),
  );
  const passage = await openPassage({ kubeconfig, serviceHost: null }, () => systemClock.elapsed());
  const ending = new AbortController();
  const counts = createProxyCounts();
  const door: ProxyDoor = {
    cluster: null,
    upstream: {
      read: (request, as, signal) => passage.send(request, as, signal),
      dryRun: (request, signal) => passage.send(request, null, signal),
    },
    write: async ({ method }) => statusAnswer({ status: 403, message: `nobody was asked about this ${method}` }),
    counts,
    ...(typeof change === 'function' ? change(gate, passage) : change),
  };
  const proxy = createProxy(gate, { doorOf: () => ({ ok: true, door }), counts, ending: ending.signal });
  const authority = await openAuthority(folder);
  const { certPem: cert, keyPem: key } = await authority.leafFor(['127.0.0.1']);
  const listening = await listenAsProxy(proxy, { host: '127.0.0.1', port: 0 }, { cert, key });
  const ca = authority.caPem;
  const options = { ca, agent: false } as const;
  /** One request by HTTP/1.1; `path` exactly as it is sent. */
  const open = (who: string, method: string, path: string, more: RequestOptions & { readonly send?: string } = {}) =>
    new Promise<IncomingMessage>((done, fail) => {
      const { hostname, port } = new URL(listening.url);
      const { send, headers, ...rest } = more;
      const length = send === undefined ? {} : { 'content-length': String(Buffer.byteLength(send)) };
      const sent = requestHttps(
        {
          ...options,
          hostname,
          port,
          method,
          path,
          ...rest,
          // as: headers by name, as tests give them.
          headers: { ...length, authorization: `Bearer ${who}`, ...(headers as Record<string, string>) },
        },
        done,
      );
      sent.on('error', fail);
      sent.end(send);
    });
  const ask = async (...asked: Parameters<typeof open>): Promise<Said> => {
    const response = await open(...asked);
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    const { statusCode = 0, headers } = response;
    return { status: statusCode, headers, text: Buffer.concat(chunks).toString() };
  };
  return {
    url: listening.url,
    ca,
    heard,
    open,
    ask,
    counts,
    log: stage.log,
    /** From now on the token of this agent is nobody's. */
    revoke: (who: string): void => {
      people = { ...people, agents: people.agents.filter(({ id }) => id !== who) };
    },
    gate,
    /** A connection by HTTP/2. */
    http2: (): ClientHttp2Session => connect(listening.url, { ca }),
    close: async () => {
      ending.abort();
      await listening.close(0);
      api.closeAllConnections();
      await new Promise((done) => api.close(done));
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
export type OpenedProxy = Awaited<ReturnType<typeof openProxy>>;
