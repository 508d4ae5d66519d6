// The proxy by real sockets before an API server that is scripted: who may, what goes on, what comes back, and what is cut off.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type OpenedProxy, openProxy } from '../../../test/support/proxy.ts';

const PODS = '/api/v1/namespaces/shop/pods';
const WEB = '/apis/apps/v1/namespaces/shop/deployments/web';
let api: (request: IncomingMessage, response: ServerResponse) => void;
let proxy: OpenedProxy;

beforeEach(async () => {
  api = (_, response) => response.writeHead(200, { 'content-type': 'application/json', 'audit-id': 'a-1' }).end('{}');
  proxy = await openProxy((request, response) => api(request, response));
});
afterEach(() => proxy.close());
after(() => undefined);

const codeIn = (text: string): string | undefined =>
  (JSON.parse(text) as { details?: { causes?: { reason: string }[] } }).details?.causes?.[0]?.reason;

describe('who may', () => {
  test('nobody without a token, by a Status that kubectl understands', async () => {
    const answer = await proxy.ask('nobody', 'GET', PODS);
    assert.equal(answer.status, 401);
    const { kind, reason, code } = JSON.parse(answer.text) as Record<string, unknown>;
    assert.deepEqual({ kind, reason, code }, { kind: 'Status', reason: 'Unauthorized', code: 401 });
    assert.deepEqual(proxy.heard, []);
  });

  test('who may only read writes nothing', async () => {
    const answer = await proxy.ask('eve', 'PATCH', WEB, { send: '{}' });
    assert.equal(answer.status, 403);
    assert.equal(codeIn(answer.text), 'no-right');
  });

  test('the proxy asks by its own account for the agent, whose token goes nowhere', async () => {
    await proxy.ask('healer', 'GET', PODS);
    const [{ headers } = { headers: {} as Record<string, unknown> }] = proxy.heard;
    assert.equal(headers['authorization'], 'Bearer proxy-account');
    assert.equal(headers['impersonate-user'], 'blastgate:agent:healer');
    assert.equal(headers['impersonate-group'], 'blastgate:agents');
  });

  for (const name of [
    'Impersonate-User',
    'impersonate-group',
    'IMPERSONATE-EXTRA-scopes',
    'Impersonate-Uid',
    'X-Remote-User',
    'x-remote-group',
  ])
    test(`${name} of a caller is refused`, async () => {
      const answer = await proxy.ask('healer', 'GET', PODS, { headers: { [name]: 'system:masters' } });
      assert.equal(answer.status, 403);
      assert.equal(codeIn(answer.text), 'header-refused');
      assert.deepEqual(proxy.heard, []);
    });

  test('a header that stands twice is refused', async () => {
    const answer = await raw(
      `GET ${PODS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer healer\r\nAuthorization: Bearer ana\r\nConnection: close\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 403 /);
    assert.deepEqual(proxy.heard, []);
  });

  test('what a Connection header names does not go on, nor a forwarded address', async () => {
    await proxy.ask('healer', 'GET', PODS, {
      headers: { 'x-secret': '1', 'x-forwarded-for': '1.2.3.4', te: 'trailers' },
    });
    const [{ headers } = { headers: {} as Record<string, unknown> }] = proxy.heard;
    for (const name of ['x-secret', 'x-forwarded-for', 'te']) assert.equal(headers[name], undefined);
  });
});

describe('reads', () => {
  test('status, headers and bytes come back untouched, compressed ones too', async () => {
    const bytes = gzipSync(JSON.stringify({ kind: 'PodList', items: [] }));
    api = (_, response) =>
      response
        .writeHead(200, {
          'content-type': 'application/json;as=Table',
          'content-encoding': 'gzip',
          warning: '299 - "old"',
          etag: '"1"',
        })
        .end(bytes);
    const response = await proxy.open('healer', 'GET', `${PODS}?limit=500`, {
      headers: { accept: 'application/json;as=Table', 'accept-encoding': 'gzip' },
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    assert.equal(response.headers['content-encoding'], 'gzip');
    assert.equal(response.headers.warning, '299 - "old"');
    assert.equal(response.headers.etag, '"1"');
    assert.deepEqual(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()), { kind: 'PodList', items: [] });
    assert.equal(proxy.heard[0]?.headers.accept, 'application/json;as=Table');
    assert.equal(proxy.heard[0]?.url, `${PODS}?limit=500`);
  });

  test('an error of the API server passes as it is', async () => {
    api = (_, response) =>
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"kind":"Status","code":404}');
    const answer = await proxy.ask('healer', 'GET', PODS);
    assert.deepEqual([answer.status, answer.text], [404, '{"kind":"Status","code":404}']);
  });

  test('a watch begins before its first event, and each event arrives by itself', async () => {
    let end: () => void = () => undefined;
    let tell: (line: string) => void = () => undefined;
    api = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      tell = (line) => response.write(line);
      end = () => response.end();
    };
    const response = await proxy.open('healer', 'GET', `${PODS}?watch=true`);
    assert.equal(response.statusCode, 200);
    for (const line of ['{"type":"ADDED"}\n', '{"type":"DELETED"}\n']) {
      tell(line);
      const [chunk] = (await once(response, 'data')) as [Buffer];
      assert.equal(chunk.toString(), line);
    }
    end();
    await once(response, 'end');
  });

  test('whoever hangs up ends the watch at the API server too', async () => {
    const closed = new Promise<void>((done) => {
      api = (request, response) => {
        response.writeHead(200);
        response.flushHeaders();
        request.socket.once('close', () => done());
        response.once('close', () => done());
      };
    });
    const response = await proxy.open('healer', 'GET', `${PODS}?watch=true`);
    response.destroy();
    await closed;
  });

  test('a watch of a token that was taken away ends', async () => {
    api = (_, response) => {
      response.writeHead(200);
      response.flushHeaders();
    };
    const response = await proxy.open('healer', 'GET', `${PODS}?watch=true`);
    const ended = new Promise((done) => response.once('close', done));
    response.on('error', () => undefined);
    response.resume();
    proxy.revoke('healer');
    await ended;
    assert.equal((await proxy.ask('healer', 'GET', PODS)).status, 401);
  });

  test('an answer that breaks off is not taken for a whole one', async () => {
    api = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('x'.repeat(10));
      setImmediate(() => response.destroy());
    };
    await assert.rejects(proxy.ask('healer', 'GET', PODS));
  });

  test('a slow client holds the API server back: the list is never kept whole', async () => {
    const size = 64 * 1024 * 1024;
    let sent = 0;
    api = (_, response) => {
      response.writeHead(200);
      const piece = Buffer.alloc(64 * 1024);
      const more = (): void => {
        while (sent < size) {
          sent += piece.length;
          if (!response.write(piece)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
    const response = await proxy.open('healer', 'GET', PODS);
    response.pause();
    let before = -1;
    while (sent !== before) {
      before = sent;
      await new Promise((done) => setTimeout(done, 100));
    }
    assert.ok(sent < size / 2, `${sent} bytes were taken from the API server, and none by the client`);
    let read = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) read += chunk.length;
    assert.equal(read, size);
  });

  test('an API server that is down is 503, to be asked again', async () => {
    const gone = createServer();
    await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done));
    api = (request) => request.socket.destroy();
    const answer = await proxy.ask('healer', 'GET', PODS);
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['retry-after'], '1');
    gone.close();
  });

  test('HTTP/2 passes the same', async () => {
    const session = proxy.http2();
    const stream = session.request({ ':path': PODS, authorization: 'Bearer healer' });
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    assert.equal(headers[':status'], 200);
    assert.equal(headers['audit-id'], 'a-1');
    stream.resume();
    await once(stream, 'close');
    session.close();
  });

  test('a stream that is reset ends at the API server, and the connection goes on', async () => {
    const closed = new Promise<void>((done) => {
      api = (request, response) => {
        if (!(request.url ?? '').includes('watch')) return response.end('{}');
        response.writeHead(200);
        response.flushHeaders();
        response.once('close', () => done());
        return undefined;
      };
    });
    const session = proxy.http2();
    const stream = session.request({ ':path': `${PODS}?watch=true`, authorization: 'Bearer healer' });
    stream.on('error', () => undefined);
    await once(stream, 'response');
    stream.close(8);
    await closed;
    const next = session.request({ ':path': PODS, authorization: 'Bearer healer' });
    const [headers] = (await once(next, 'response')) as [Record<string, unknown>];
    assert.equal(headers[':status'], 200);
    next.resume();
    await once(next, 'close');
    session.close();
  });

  test('a write whose client hangs up is held no longer, by HTTP/2 too', async () => {
    const arrived = Promise.withResolvers<void>();
    const hungUp = Promise.withResolvers<void>();
    const slow = await openProxy(() => undefined, {
      write: async (_, gone) => {
        arrived.resolve();
        await new Promise<void>((done) => gone.addEventListener('abort', () => done(), { once: true }));
        hungUp.resolve();
        return { status: 429, headers: {}, body: '{}', delivered: () => assert.fail('nobody has heard it') };
      },
    });
    try {
      const session = slow.http2();
      const stream = session.request({ ':path': WEB, ':method': 'DELETE', authorization: 'Bearer healer' });
      stream.on('error', () => undefined);
      stream.end();
      await arrived.promise;
      session.destroy();
      await hungUp.promise;
      await new Promise((done) => setTimeout(done, 50));
      assert.match(slow.counts.text(), /blastgate_proxy_open\{what="held"\} 0/);
    } finally {
      await slow.close();
    }
  });

  test('a GET with a body is refused', async () => {
    const answer = await proxy.ask('healer', 'GET', PODS, { send: '{}', headers: { 'content-length': '2' } });
    assert.equal(codeIn(answer.text), 'body-refused');
    assert.deepEqual(proxy.heard, []);
  });
});

describe('streams into a pod', () => {
  test('exec is refused twice, by websocket and by SPDY, with a Status', async () => {
    for (const [method, upgrade] of [
      ['GET', 'websocket'],
      ['POST', 'SPDY/3.1'],
    ] as const) {
      const answer = await proxy.ask('healer', method, `${PODS}/a/exec?command=ls`, {
        headers: { connection: 'Upgrade', upgrade },
      });
      assert.equal(answer.status, 403);
      assert.equal(codeIn(answer.text), 'stream-refused');
    }
    assert.deepEqual(proxy.heard, []);
  });

  test('an upgrade at an address that is a read is refused too', async () => {
    const answer = await proxy.ask('healer', 'GET', `${PODS}?watch=true`, {
      headers: { connection: 'Upgrade', upgrade: 'websocket' },
    });
    assert.equal(codeIn(answer.text), 'stream-refused');
  });
});

describe('dry runs', () => {
  test('dryRun=All goes on as it is', async () => {
    const answer = await proxy.ask('healer', 'PATCH', `${WEB}?dryRun=All&fieldManager=kubectl`, {
      send: '{"spec":{"replicas":2}}',
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    assert.equal(answer.status, 200);
    const [first, heard] = proxy.heard;
    assert.deepEqual([first?.method, first?.url, first?.body], ['GET', `${WEB}?limit=1`, '']);
    assert.equal(first?.headers['impersonate-user'], 'blastgate:agent:healer');
    assert.deepEqual([heard?.url, heard?.body], [`${WEB}?dryRun=All&fieldManager=kubectl`, '{"spec":{"replicas":2}}']);
    assert.equal(heard?.headers['content-type'], 'application/merge-patch+json');
  });

  test('who may not read the object does not see it in the answer of a dry run', async () => {
    api = (request, response) => {
      const isRead = request.method === 'GET';
      response.writeHead(isRead ? 403 : 200, { 'content-type': 'application/json' }).end(isRead ? 'no' : '{"spec":1}');
    };
    for (const method of ['PATCH', 'PUT', 'DELETE']) {
      const answer = await proxy.ask('healer', method, `${WEB}?dryRun=All`);
      assert.deepEqual([answer.status, answer.text], [403, 'no'], method);
    }
    assert.deepEqual(new Set(proxy.heard.map(({ method }) => method)), new Set(['GET']));
  });

  test('who may only read tries nothing', async () => {
    const answer = await proxy.ask('eve', 'PATCH', `${WEB}?dryRun=All`, { send: '{}' });
    assert.equal(codeIn(answer.text), 'no-right');
  });

  const OPTIONS = { kind: 'DeleteOptions', apiVersion: 'v1' };
  const ROWS: readonly (readonly [what: string, query: string, body: object | null, is: string])[] = [
    ['said in the query', '?dryRun=All', null, 'tried'],
    ['said in the body', '', { ...OPTIONS, dryRun: ['All'] }, 'tried'],
    ['said in both', '?dryRun=All', { ...OPTIONS, dryRun: ['All'] }, 'tried'],
    ['said in the query over a body that does not', '?dryRun=All', OPTIONS, 'refused'],
    ['said in the query over an empty object', '?dryRun=All', {}, 'refused'],
    ['not said', '', OPTIONS, 'proposed'],
    ['said of something else', '', { ...OPTIONS, dryRun: ['all'] }, 'proposed'],
    ['said twice', '', { ...OPTIONS, dryRun: ['All', 'All'] }, 'proposed'],
  ];
  for (const [what, query, body, is] of ROWS)
    test(`a deletion whose dry run is ${what} is ${is}`, async () => {
      const answer = await proxy.ask('healer', 'DELETE', `${WEB}${query}`, {
        headers: { 'content-type': 'application/json' },
        ...(body === null ? {} : { send: JSON.stringify(body) }),
      });
      const became = answer.status === 400 ? 'refused' : proxy.heard.length > 0 ? 'tried' : 'proposed';
      assert.equal(became, is);
      for (const { method, url } of proxy.heard) assert.match(url, method === 'GET' ? /\?limit=1$/ : /[?&]dryRun=All$/);
    });
});

describe('bodies', () => {
  test('more than 3 MiB is refused before it is read', async () => {
    const answer = await proxy
      .ask('healer', 'POST', PODS, {
        headers: { 'content-length': String(4 * 1024 * 1024), 'content-type': 'application/json' },
        send: '',
      })
      .catch((error: Error) => error);
    assert.ok(answer instanceof Error || answer.status === 413);
    const chunked = await proxy.ask('healer', 'POST', PODS, { send: 'x'.repeat(3 * 1024 * 1024 + 1) });
    assert.equal(chunked.status, 413);
    assert.equal(codeIn(chunked.text), 'body-refused');
  });

  test('a body without end is cut off once its refusal could be read', async () => {
    const { hostname, port } = new URL(proxy.url);
    const socket = connectTls({ host: hostname, port: Number(port), ca: proxy.ca, ALPNProtocols: ['http/1.1'] });
    await once(socket, 'secureConnect');
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.write(
      `POST ${PODS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer healer\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const piece = `${(64 * 1024).toString(16)}\r\n${'x'.repeat(64 * 1024)}\r\n`;
    const sending = setInterval(
      () => socket.writable && socket.writableLength < 1_000_000 && socket.write(piece.repeat(8)),
      5,
    );
    await new Promise((done) => socket.once('close', done));
    clearInterval(sending);
    assert.match(text, /^HTTP\/1\.1 413 /);
  });

  test('a compressed body is refused', async () => {
    const answer = await proxy.ask('healer', 'POST', PODS, { headers: { 'content-encoding': 'gzip' }, send: 'x' });
    assert.equal(answer.status, 415);
  });
});

/** Bytes exactly as they are given, and all that comes back. */
const raw = async (bytes: string): Promise<string> => {
  const { hostname, port } = new URL(proxy.url);
  const socket = connectTls({
    host: hostname,
    port: Number(port),
    ca: proxy.ca,
    ALPNProtocols: ['http/1.1'],
  });
  await once(socket, 'secureConnect');
  socket.write(bytes);
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return text;
};

describe('smuggling', () => {
  const HEAD = `POST ${PODS}?dryRun=All HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer healer\r\nConnection: close\r\n`;
  const ROWS: readonly (readonly [what: string, bytes: string])[] = [
    ['Content-Length and Transfer-Encoding', `${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two Content-Lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`],
    ['a Transfer-Encoding that is not chunked', `${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['a space before the colon', `${HEAD}Content-Length : 2\r\n\r\n{}`],
    ['a folded header', `${HEAD}X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}`],
    ['a bare line feed', `${HEAD}X-A: b\nContent-Length: 2\r\n\r\n{}`],
  ];
  for (const [what, bytes] of ROWS)
    test(`${what}: nothing reaches the API server`, async () => {
      assert.match(await raw(bytes), /^HTTP\/1\.1 400 /);
      assert.deepEqual(proxy.heard, []);
    });

  test('an absolute address is refused', async () => {
    const answer = await raw(
      `GET http://kubernetes${PODS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer healer\r\nConnection: close\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.deepEqual(proxy.heard, []);
  });
});

describe('what is wrong in several ways is refused for the first of them', () => {
  const STRANGER = { 'impersonate-user': 'a' };
  const UPGRADE = { upgrade: 'websocket', connection: 'upgrade' };
  const PACKED = { 'content-encoding': 'gzip' };
  const ROWS: readonly (readonly [
    what: string,
    who: string,
    line: string,
    headers: Readonly<Record<string, string>>,
    answer: string,
  ])[] = [
    ['token, header', 'nobody', 'GET /api//v1', STRANGER, '401 -'],
    ['header, address', 'healer', 'GET /api//v1', STRANGER, '403 header-refused'],
    ['address, upgrade', 'healer', 'GET /api//v1', UPGRADE, '400 path-refused'],
    ['method, right', 'eve', 'OPTIONS /api/v1/secrets', PACKED, '405 path-refused'],
    ['what is read, upgrade', 'healer', 'GET /api/v1/secrets', UPGRADE, '403 secret-read'],
    ['upgrade, right', 'eve', `PATCH ${WEB}`, UPGRADE, '403 stream-refused'],
    ['right, body', 'eve', `PATCH ${WEB}`, PACKED, '403 no-right'],
    ['encoding of a body, its being there', 'healer', `GET ${PODS}`, PACKED, '415 body-refused'],
    ['dry runs, Secret', 'healer', 'DELETE /api/v1/secrets/a?dryRun=', {}, '400 path-refused'],
  ];
  for (const [what, who, line, headers, answer] of ROWS)
    test(what, async () => {
      const [method = '', path = ''] = line.split(' ');
      const { status, text } = await proxy.ask(who, method, path, { headers, send: '{"dryRun":["All"]}' });
      assert.equal(`${status} ${codeIn(text) ?? '-'}`, answer);
      assert.deepEqual(proxy.heard, []);
    });
});

test('refusals are told to the log with their code', async () => {
  await proxy.ask('healer', 'GET', '/api/v1/secrets');
  const line = proxy.log.lines.find(({ event }) => event === 'proxy_refused');
  assert.deepEqual(line?.fields, { agent: 'healer', method: 'GET', code: 'secret-read', about: '/api/v1/secrets' });
});

test('the counts have the same rows whatever was asked', async () => {
  const rows = proxy.counts.text().split('\n').length;
  await proxy.ask('healer', 'GET', PODS);
  await proxy.ask('healer', 'BREW', '/x/y/z');
  assert.equal(proxy.counts.text().split('\n').length, rows);
  assert.match(proxy.counts.text(), /kind="read",status="2xx"\} 1/);
});
