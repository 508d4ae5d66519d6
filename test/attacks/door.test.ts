// The HTTP door under attack: nobody passes without a token, by no header, path or method; a request that two programs could
// read differently is refused; votes that race count once.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { hashOfToken } from '../../src/doors/cli/commands/token.ts';
import { httpApp } from '../../src/doors/http/app.ts';
import { type ListeningServer, listen } from '../../src/doors/http/listen.ts';
import { CAST, setStage } from '../support/memory-gate.ts';

const PEOPLE = {
  people: CAST.people.map((one) => ({ ...one, tokens: [hashOfToken(one.id)] })),
  agents: [{ id: 'healer', owner: 'ana', rights: ['read', 'propose'] as const, tokens: [hashOfToken('healer')] }],
};

const openDoor = () => {
  const stage = setStage();
  const app = httpApp(
    { ...stage.gate, people: () => PEOPLE },
    {
      version: '1',
      ready: async () => ({ ok: true }),
      metrics: async () => '',
      streams: { perToken: 5, inAll: 5 },
      ending: stage.never,
    },
  );
  return { stage, app };
};

/** Every address behind the token, as the API describes itself. */
const addresses = async (app: ReturnType<typeof openDoor>['app']): Promise<readonly (readonly [string, string])[]> => {
  const described = (await (await app.request('/v1/openapi.json')).json()) as {
    readonly paths: { readonly [path: string]: { readonly [method: string]: unknown } };
  };
  return Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method.toUpperCase(), path.replace('{id}', 'p-1')] as const),
  );
};

describe('without a valid token', () => {
  const HEADERS: readonly Readonly<Record<string, string>>[] = [
    {},
    { authorization: '' },
    { authorization: 'Bearer' },
    { authorization: 'Bearer ' },
    { authorization: 'Bearer nobody' },
    { authorization: 'Bearer ana ben' },
    { authorization: 'Bearer ana,ben' },
    { authorization: 'bearer\tana' },
    { authorization: 'Basic YW5hOg==' },
    { authorization: 'Token ana' },
    { authorization: 'ana' },
    { authorization: `Bearer ${hashOfToken('ana')}` },
    { authorization: `Bearer ${'x'.repeat(600)}` },
    { 'x-authorization': 'Bearer ana' },
    { 'x-forwarded-user': 'ana', 'x-remote-user': 'ana', 'x-forwarded-for': '127.0.0.1' },
    { cookie: 'token=ana; authorization=Bearer ana' },
  ];

  test('every address answers 401 to every odd header, and says nothing else', async () => {
    const { app } = openDoor();
    const all = await addresses(app);
    assert.ok(all.length >= 10, `${all.length}`);
    for (const [method, path] of all)
      for (const headers of HEADERS) {
        const answer = await app.request(path, { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) });
        const where = `${method} ${path} ${JSON.stringify(headers)}`;
        assert.equal(answer.status, 401, where);
        assert.doesNotMatch(await answer.text(), /incident|digest|p-1/, where);
      }
  });

  test('no spelling of a path leads past the token', async () => {
    const { app, stage } = openDoor();
    await stage.proposeText('scale production/web 0');
    const paths = [
      '//v1/proposals',
      '/v1//proposals',
      '/v1/./proposals',
      '/v1/x/../proposals',
      '/healthz/../v1/proposals',
      '/healthz/..%2fv1/proposals',
      '/metrics/%2e%2e/v1/proposals',
      '/V1/proposals',
      '/v1/proposals/',
      '/v1/proposals;x=1',
      '/v1/proposals%00',
      '/v1%2fproposals',
      '/%76%31/proposals',
      '/v1/proposals?token=ana&access_token=ana&authorization=Bearer%20ana',
      '/v1/openapi.json/../proposals',
      'http://127.0.0.1/v1/proposals',
    ];
    for (const path of paths) {
      const answer = await app.request(path.startsWith('http') ? path : `http://127.0.0.1${path}`);
      assert.ok([401, 404].includes(answer.status), `${path}: ${answer.status}`);
      assert.doesNotMatch(await answer.text(), /INC-1/, path);
    }
  });
});

test('no header makes another method of one, and nothing lets a page of another origin in', async () => {
  const { app, stage } = openDoor();
  await stage.proposeText('scale production/web 0');
  for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
    const headers = { authorization: 'Bearer ana', [name]: 'DELETE', origin: 'https://evil.example' };
    const answer = await app.request('/v1/proposals/p-1', { headers });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
    assert.equal((await app.request('/v1/proposals/p-1?_method=DELETE', { headers })).status, 400);
  }
  const asked = {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  };
  const preflight = await app.request('/v1/proposals', asked);
  assert.equal(preflight.headers.get('access-control-allow-origin'), null);
  assert.equal((await stage.read('p-1')).state, 'awaiting-approval');
});

describe('requests that two programs could read differently', () => {
  const { stage, app } = openDoor();
  let server: ListeningServer;
  before(async () => {
    server = await listen(app, { host: '127.0.0.1', port: 0 });
  });
  after(() => {
    server.server.closeAllConnections();
    server.server.close();
  });

  /** All that comes back for these bytes, until the connection ends or stands still. */
  const send = (bytes: string): Promise<string> =>
    new Promise((done) => {
      let said = '';
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.end(bytes));
      socket.on('data', (chunk: Buffer) => {
        said += chunk.toString('latin1');
      });
      socket.on('error', () => done(said));
      socket.on('close', () => done(said));
    });

  const hidden =
    'DELETE /v1/proposals/p-1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ana\r\nContent-Length: 0\r\n\r\n';
  const head = 'Host: x\r\nAuthorization: Bearer eve\r\nConnection: close\r\n';
  const CASES: readonly (readonly [what: string, bytes: string])[] = [
    [
      'two lengths',
      `POST /v1/score HTTP/1.1\r\n${head}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    ],
    [
      'length and chunks',
      `POST /v1/score HTTP/1.1\r\n${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    ],
    [
      'a space before the colon',
      `POST /v1/score HTTP/1.1\r\n${head}Content-Length : ${hidden.length}\r\n\r\n${hidden}`,
    ],
    ['chunked, spelled oddly', `POST /v1/score HTTP/1.1\r\n${head}Transfer-Encoding: xchunked\r\n\r\n${hidden}`],
    ['a negative length', `POST /v1/score HTTP/1.1\r\n${head}Content-Length: -1\r\n\r\n${hidden}`],
    ['a folded header', `POST /v1/score HTTP/1.1\r\n${head}Content-Length: 0\r\n X: ${hidden.length}\r\n\r\n${hidden}`],
    [
      'a header with a line feed alone',
      `POST /v1/score HTTP/1.1\r\n${head}X: a\nAuthorization: Bearer ana\r\nContent-Length: 0\r\n\r\n`,
    ],
    ['garbage', '\u0016\u0003\u0001\u0002 TLS, it seems\r\n\r\n'],
    ['a header of 100 KB', `GET /v1/proposals HTTP/1.1\r\n${head}X: ${'x'.repeat(100_000)}\r\n\r\n`],
  ];
  for (const [what, bytes] of CASES)
    test(what, async () => {
      await stage.proposeText('scale production/web 0');
      const said = await send(bytes);
      assert.doesNotMatch(said, /^HTTP\/1\.1 2/m, said);
      const waiting = { state: 'awaiting-approval', incident: null } as const;
      const open = await stage.store.remediations.page(waiting, { limit: 200, before: null }, stage.never);
      assert.equal(open.remediations.length, 1, 'a hidden request was carried out');
    });
});

describe('in a race', () => {
  const vote = async (app: ReturnType<typeof openDoor>['app'], who: string, decision: string, digest: string) =>
    await app.request('/v1/proposals/p-1/votes', {
      method: 'POST',
      headers: { authorization: `Bearer ${who}`, 'content-type': 'application/json' },
      body: JSON.stringify({ decision, digest, ...(decision === 'reject' ? { reason: 'no' } : {}) }),
    });

  test('a hundred votes of one person at once are one', async () => {
    const { app, stage } = openDoor();
    await stage.proposeText('scale production/web 0');
    const { digest } = (await stage.read('p-1')).spec;
    const answers = await Promise.all(Array.from({ length: 100 }, () => vote(app, 'ben', 'approve', digest)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    const { votes, state } = await stage.read('p-1');
    assert.deepEqual([votes.length, state], [1, 'awaiting-approval']);
  });

  test('of approvals, a rejection and a cancellation one ends it, and all say the same afterwards', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { app, stage } = openDoor();
      await stage.proposeText('scale production/web 0');
      const { digest } = (await stage.read('p-1')).spec;
      await Promise.all([
        vote(app, 'ben', 'approve', digest),
        vote(app, 'cho', 'approve', digest),
        vote(app, 'dee', 'reject', digest),
        app.request('/v1/proposals/p-1', { method: 'DELETE', headers: { authorization: 'Bearer ana' } }),
      ]);
      const events = await stage.store.trail.eventsOf('p-1', stage.never);
      const ends = events.filter(({ from, to }) => from !== to && from === 'awaiting-approval');
      assert.equal(ends.length, 1, JSON.stringify(ends));
      assert.equal((await stage.read('p-1')).state, ends[0]?.to);
    }
  });
});
