// The stream of a program: how the connection is made, and what each end of it says.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlain, type IncomingMessage } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import { AdapterError } from '../../ports/adapter-error.ts';
import { type ConnectedClient, openCluster } from './client.ts';

/** A certificate for 127.0.0.1 that is its own authority, and fits a server as well as a client. */
const TLS = join(import.meta.dirname, '../../../test/fixtures/tls');
const [cert, key] = ['loopback.crt', 'loopback.key'].map((file) => readFileSync(join(TLS, file)));
const base64 = (bytes: Buffer | undefined): string => (bytes ?? Buffer.alloc(0)).toString('base64');

const folder = mkdtempSync(join(tmpdir(), 'blastgate-stream-'));
const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
  rmSync(folder, { recursive: true, force: true });
});

type Peer = (stream: WebSocket, request: IncomingMessage) => void;
interface Wire {
  readonly protocols?: readonly string[];
  readonly tls?: boolean;
  readonly refuse?: string;
}

let files = 0;
/** A server that speaks these protocols, and a client to it. */
const clientTo = async (peer: Peer, { protocols = ['v5.channel.k8s.io'], tls = false, refuse }: Wire = {}) => {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => protocols.find((one) => offered.has(one)) ?? false,
  });
  const server = tls ? createTls({ cert, key, ca: cert, requestCert: true }) : createPlain();
  const seen: IncomingMessage[] = [];
  server.on('upgrade', (request: IncomingMessage, socket, head: Buffer) => {
    seen.push(request);
    if (refuse !== undefined) socket.end(refuse);
    else sockets.handleUpgrade(request, socket, head, peer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  files += 1;
  const path = join(folder, `kubeconfig-${files}`);
  const cluster = {
    server: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    ...(tls ? { 'certificate-authority-data': base64(cert) } : {}),
  };
  const user = tls
    ? { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) }
    : { token: 'a-very-secret-token' };
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'here',
      contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user }],
    }),
  );
  return { client: await openCluster({ kubeconfig: path, serviceHost: null }), seen };
};

const REQUEST = { pod: '/api/v1/namespaces/shop/pods/web', container: 'app', argv: ['sh', '-c', 'a b&c=d'] };
const say = (stream: WebSocket, channel: number, text: string): void =>
  stream.send(Buffer.concat([Buffer.of(channel), Buffer.from(text)]));
const success: Peer = (stream) => {
  say(stream, 1, 'out');
  say(stream, 2, 'err');
  say(stream, 3, '{"status":"Success"}');
};

const run = async (client: ConnectedClient, aborted = AbortSignal.timeout(10_000)) => {
  let [stdout, stderr] = ['', ''];
  const status = await client.runProgram(
    REQUEST,
    (name, bytes) => {
      if (name === 'stdout') stdout += bytes.toString();
      else stderr += bytes.toString();
    },
    aborted,
  );
  return { status, stdout, stderr };
};
const failure = async (client: ConnectedClient, aborted?: AbortSignal): Promise<AdapterError> => {
  try {
    await run(client, aborted);
  } catch (error) {
    assert.ok(error instanceof AdapterError, String(error));
    return error;
  }
  return assert.fail('it ended well');
};

describe('the stream of a program', () => {
  test('asks for pod, container and words as kubectl does, with the bearer token, and says what it hears', async () => {
    const { client, seen } = await clientTo(success);
    assert.deepEqual(await run(client), { status: { status: 'Success' }, stdout: 'out', stderr: 'err' });
    const url = new URL(seen[0]?.url ?? '', 'http://x');
    assert.equal(url.pathname, '/api/v1/namespaces/shop/pods/web/exec');
    assert.deepEqual(url.searchParams.getAll('command'), REQUEST.argv);
    url.searchParams.delete('command');
    assert.deepEqual(Object.fromEntries(url.searchParams), { container: 'app', stdout: 'true', stderr: 'true' });
    assert.equal(seen[0]?.headers.authorization, 'Bearer a-very-secret-token');
    assert.equal(seen[0]?.headers['sec-websocket-protocol'], 'v5.channel.k8s.io,v4.channel.k8s.io');
  });

  test('presents the client certificate of the kubeconfig, and trusts its authority alone', async () => {
    const { client, seen } = await clientTo(success, { tls: true });
    assert.equal((await run(client)).stdout, 'out');
    // as: the socket of a TLS server.
    const socket = seen[0]?.socket as TLSSocket | undefined;
    assert.equal(socket?.authorized, true);
  });

  test('speaks v4 with a server that has no v5', async () => {
    const { client } = await clientTo(success, { protocols: ['v4.channel.k8s.io'] });
    assert.equal((await run(client)).stdout, 'out');
  });

  const CUT: readonly (readonly [what: string, peer: Peer, wire: Wire, why: RegExp])[] = [
    ['no protocol of exec', success, { protocols: [] }, /no subprotocol|no protocol of exec/i],
    ['a connection that is closed before the end', (stream) => stream.close(1000), {}, /closed with 1000/],
    ['a connection that breaks', (stream) => stream.terminate(), {}, /closed with 1006|ECONNRESET/],
    ['an end that is no JSON', (stream) => say(stream, 3, 'oops'), {}, /how it ended cannot be read/],
    ['an upgrade that is cut off', success, { refuse: '' }, /ended before the program did/],
  ];
  for (const [what, peer, wire, why] of CUT)
    test(`${what}: nobody knows whether it ran`, async () => {
      const { client } = await clientTo(peer, wire);
      const error = await failure(client);
      assert.deepEqual([error.kind, error.status], ['no-answer', null]);
      assert.match(error.message, why);
    });

  test('is left when its time is up', async () => {
    const { client } = await clientTo((stream) => say(stream, 1, 'begun'));
    const error = await failure(client, AbortSignal.timeout(300));
    assert.equal(error.kind, 'no-answer');
    assert.match(error.message, /its time was up/);
  });

  for (const [code, body, says] of [
    ['403 Forbidden', '{"message":"pods \\"web\\" is forbidden","reason":"Forbidden"}', /403 pods "web" is forbidden/],
    [
      '403 Forbidden',
      '{"message":"pods \\"web\\" is forbidden: ","reason":"Forbidden"}',
      /403 pods "web" is forbidden: the account cannot create resource "pods\/exec"/,
    ],
    ['404 Not Found', '{"message":"pods \\"web\\" not found","reason":"NotFound"}', /404 pods "web" not found/],
    ['500 Internal Server Error', 'a page of a proxy', /500 no reason given/],
  ] as const)
    test(`${code} in place of the upgrade (${body}): it was refused`, async () => {
      const refuse = `HTTP/1.1 ${code}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
      const error = await failure((await clientTo(success, { refuse })).client);
      assert.deepEqual([error.kind, error.status], ['refused', Number(code.slice(0, 3))]);
      assert.match(error.message, says);
    });
});
