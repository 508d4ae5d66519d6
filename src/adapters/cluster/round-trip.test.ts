// What one request leaves behind, and how it ends where the answer is late, too large, cut off, or no longer wanted.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { Agent, type ClientRequest, createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { after, suite, test } from 'node:test';
import { beginRoundTrip, roundTrip, StaleConnection, TimeUp } from './round-trip.ts';

const servers: Server[] = [];
const agent = new Agent({ keepAlive: true });
after(() => {
  agent.destroy();
  for (const server of servers) server.close().closeAllConnections();
});

const PATIENT = 60_000;

const optionsOf = async (answer: RequestListener) => {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { protocol: 'http:', hostname: '127.0.0.1', port, path: '/', method: 'GET', agent } as const;
};

const asking = async (answer: RequestListener) => {
  const options = await optionsOf(answer);
  return (signal: AbortSignal, limitMs = PATIENT) => roundTrip(options, null, { signal, limitMs });
};

suite('a round trip', () => {
  test('gives the whole answer, in however many pieces it comes', async () => {
    const text = '{"é":"✓"}';
    const bytes = Buffer.from(text);
    const pieces = await asking((_, response) => {
      const next = (at: number): void => {
        if (at === bytes.length) response.end();
        else response.write(bytes.subarray(at, at + 1), () => next(at + 1));
      };
      response.writeHead(201, { 'audit-id': 'a-1' });
      next(0);
    });
    const { status, auditId, text: heard } = await pieces(new AbortController().signal);
    assert.deepEqual([status, auditId, heard], [201, 'a-1', text]);
  });

  test('leaves nothing behind on the signal, however it ends', async () => {
    const { signal } = new AbortController();
    const good = await asking((_, response) => response.end('{}'));
    const bad = await asking((_, response) => response.destroy());
    for (let n = 0; n < 20; n += 1) {
      await good(signal);
      await assert.rejects(bad(signal));
    }
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  for (const [code, isStale] of [
    ['ECONNRESET', true],
    ['EPIPE', true],
    ['ETIMEDOUT', false],
  ] as const)
    test(`on a kept connection that ends with ${code} was ${isStale ? '' : 'perhaps '}seen by nobody`, async () => {
      class Closed extends Agent {
        override reuseSocket(socket: Socket, request: ClientRequest): void {
          super.reuseSocket(socket, request);
          socket.destroy(Object.assign(new Error(`write ${code}`), { code }));
        }
      }
      const keeping = new Closed({ keepAlive: true });
      const options = { ...(await optionsOf((_, response) => response.end('{}'))), agent: keeping };
      const ask = () => roundTrip(options, null, { signal: new AbortController().signal, limitMs: PATIENT });
      try {
        await ask();
        await assert.rejects(ask(), (error) => error instanceof StaleConnection === isStale);
      } finally {
        keeping.destroy();
      }
    });

  test('ends at its limit, and says how many seconds that were', async () => {
    const silent = await asking(() => undefined);
    await assert.rejects(silent(new AbortController().signal, 20), (error) => {
      assert.ok(error instanceof TimeUp);
      assert.equal(error.seconds, 0.02);
      return true;
    });
  });

  test('ends with its signal, before it is sent and in the middle of an answer, and takes its connection with it', async () => {
    let requests = 0;
    const caller = new AbortController();
    const closed = Promise.withResolvers<void>();
    const half = await asking((request, response) => {
      requests += 1;
      request.socket.once('close', () => closed.resolve());
      response.write('{', () => caller.abort());
    });
    await assert.rejects(half(AbortSignal.abort()), TimeUp);
    assert.equal(requests, 0);
    await assert.rejects(half(caller.signal), TimeUp);
    await closed.promise;
    assert.equal(requests, 1);
  });

  test('takes no answer of more than 64 MiB', async () => {
    const page = Buffer.alloc(1024 * 1024, ' ');
    const endless = await asking((_, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(page, more);
      };
      more();
    });
    await assert.rejects(endless(new AbortController().signal), { kind: 'invalid-answer', message: /64 MiB/ });
  });

  test('ends where the server goes over to another protocol, of which nothing is ever heard', async () => {
    const options = await optionsOf(({ socket }) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    });
    const { signal } = new AbortController();
    const wanted = { kind: 'invalid-answer', message: /another protocol/ };
    await assert.rejects(roundTrip(options, null, { signal, limitMs: PATIENT }), wanted);
    await assert.rejects(beginRoundTrip(options, null, signal), wanted);
  });
});
