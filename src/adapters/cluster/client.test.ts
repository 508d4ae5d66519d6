// What the client hears from a cluster that answers badly or not at all, and what it says of a kubeconfig.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Effect } from '../../core/model/effect.ts';
import { missingObject } from '../../core/model/facts.ts';
import { NO_NEIGHBOURS } from '../../core/model/neighbourhood.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { type ConnectedClient, getJson, openCluster } from './client.ts';
import { createClusterReader } from './reader.ts';

const TOKEN = 'a-very-secret-token';
const folder = mkdtempSync(join(tmpdir(), 'blastgate-client-'));
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const listen = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

let files = 0;
const kubeconfig = (text: string): string => {
  files += 1;
  const path = join(folder, `kubeconfig-${files}`);
  writeFileSync(path, text);
  return path;
};

const configFor = (server: string, more: { readonly cluster?: string; readonly user?: string } = {}): string =>
  kubeconfig(`apiVersion: v1
kind: Config
current-context: here
contexts: [{ name: here, context: { cluster: c, user: u, namespace: shop } }]
clusters: [{ name: c, cluster: { server: "${server}"${more.cluster ?? ''} } }]
users: [{ name: u, user: { ${more.user ?? `token: ${TOKEN}`} } }]
`);

const open = (path: string | null): Promise<ConnectedClient> => openCluster({ kubeconfig: path, serviceHost: null });
const clientOf = async (answer: RequestListener): Promise<ConnectedClient> => open(configFor(await listen(answer)));
const signal = (): AbortSignal => AbortSignal.timeout(10_000);
const failure = async (answer: RequestListener, aborted = signal()): Promise<AdapterError> => {
  const client = await clientOf(answer);
  try {
    await client.send(getJson('/api/v1/namespaces'), aborted);
  } catch (error) {
    assert.ok(error instanceof AdapterError, String(error));
    assert.ok(!error.message.includes(TOKEN));
    return error;
  }
  throw new Error('it was answered');
};
const json =
  (status: number, body: unknown, headers = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

const status = (code: number, reason: string, message: string) => ({ kind: 'Status', code, reason, message });

describe('the client', () => {
  test('sends no integer that it may have read rounded, in whatever place, and does so before it asks', async () => {
    let asked = 0;
    const client = await clientOf((_, response) => {
      asked += 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"limit":9223372036854775807}');
    });
    const read = await client.send(getJson('/apis/example.org/v1/vaults/one'), signal());
    const path = '/apis/example.org/v1/vaults';
    for (const value of [
      read,
      { spec: { quotas: [{ most: read['limit'] }] } },
      [{ op: 'add', path: '/x', value: 2 ** 60 }],
    ])
      for (const query of [{}, { dryRun: 'All' }])
        await assert.rejects(
          client.send({ method: 'POST', path, query, body: { type: 'application/json', value } }, signal()),
          (error) =>
            error instanceof AdapterError && error.kind === 'refused' && /not sent.*beyond 2\^53/.test(error.message),
        );
    assert.equal(asked, 1);
    const value = { most: Number.MAX_SAFE_INTEGER, share: 0.1, huge: 1e300, text: '9223372036854775807' };
    await client.send({ method: 'POST', path, query: {}, body: { type: 'application/json', value } }, signal());
    assert.equal(asked, 2);
  });

  test('tells nothing of a Secret that a refused write shows', async () => {
    const held = 'aHVudGVyMg==';
    const body = {
      ...status(422, 'Invalid', `"" is invalid: patch: Invalid value: "{\\"data\\":{\\"password\\":\\"${held}\\"}}"`),
      details: { causes: [{ field: 'patch', message: `Invalid value: ${held}` }] },
    };
    for (const code of [400, 422])
      for (const path of ['/api/v1/namespaces/shop/secrets/db', '/api/v1/namespaces/shop/secrets']) {
        const client = await clientOf(json(code, body));
        const request = { method: 'PATCH', path, query: { dryRun: 'All' }, body: null } as const;
        const error: unknown = await client.send(request, signal()).catch((thrown: unknown) => thrown);
        assert.ok(error instanceof AdapterError);
        assert.doesNotMatch(`${error.message} ${JSON.stringify(error.reply)}`, /aHVudGVyMg|password/);
        assert.match(error.message, /does not take this write of a Secret \(patch\)/);
      }
  });

  test('reads the clock of the server from any answer, a refusal too', async () => {
    const date = 'Thu, 26 Nov 2026 13:00:00 GMT';
    for (const code of [200, 401, 403, 500]) {
      const client = await clientOf(json(code, status(code, 'x', 'y'), { date }));
      assert.equal(await client.readClock(signal()), Date.parse(date), String(code));
    }
    const silent = await clientOf((request, response) => {
      response.sendDate = false;
      json(200, {})(request, response);
    });
    assert.equal(await silent.readClock(signal()), null);
    const odd = await clientOf(json(200, {}, { date: 'noon' }));
    assert.equal(await odd.readClock(signal()), null);
  });

  test('sends the token, says who it is, and reads the object', async () => {
    const seen: unknown[] = [];
    const client = await clientOf((request, response) => {
      seen.push(request.headers.authorization, request.headers['user-agent'], request.url);
      json(200, { kind: 'NamespaceList' })(request, response);
    });
    assert.equal(client.namespace, 'shop');
    assert.deepEqual(await client.send(getJson('/api/v1/namespaces', { labelSelector: 'a in (b,c)' }), signal()), {
      kind: 'NamespaceList',
    });
    assert.deepEqual(seen, [`Bearer ${TOKEN}`, 'blastgate', '/api/v1/namespaces?labelSelector=a+in+%28b%2Cc%29']);
  });

  const HEARD: readonly (readonly [what: string, answer: RequestListener, expected: object])[] = [
    ['a no', json(403, status(403, 'Forbidden', 'no')), { kind: 'refused', status: 403, reason: 'Forbidden' }],
    ['a conflict', json(409, status(409, 'Conflict', 'moved')), { kind: 'refused', status: 409, reason: 'Conflict' }],
    [
      'too many requests',
      json(429, status(429, 'TooManyRequests', 'later'), { 'retry-after': '7' }),
      { kind: 'refused', status: 429, retryAfterSeconds: 7 },
    ],
    [
      'an error without a Status',
      (_, r) => r.writeHead(502).end('<html>'),
      { kind: 'refused', status: 502, reason: null },
    ],
    ['an answer that is no JSON', (_, r) => r.end('<html>'), { kind: 'invalid-answer', status: 200 }],
    ['an answer that is no object', json(200, [1]), { kind: 'invalid-answer' }],
    [
      'a redirect',
      (_, r) => r.writeHead(302, { location: 'http://127.0.0.1:1' }).end(),
      { kind: 'invalid-answer', status: 302 },
    ],
    ['a cut connection', (_, r) => r.destroy(), { kind: 'no-answer', status: null }],
    [
      'half an answer',
      (_, r) => {
        r.writeHead(200, { 'content-length': '1000' }).write('{');
        r.destroy();
      },
      { kind: 'no-answer' },
    ],
  ];
  for (const [what, answer, expected] of HEARD) {
    test(`hears ${what}`, async () => {
      const { kind, status: code, reason, retryAfterSeconds } = await failure(answer);
      assert.deepEqual(
        { kind, status: code, reason, retryAfterSeconds, ...expected },
        { kind, status: code, reason, retryAfterSeconds },
      );
    });
  }

  test('asks again when a line that was kept open turns out to be dead', async () => {
    let requests = 0;
    const client = await clientOf((request, response) => {
      requests += 1;
      if (requests === 2) response.destroy();
      else json(200, { n: requests })(request, response);
    });
    await client.send(getJson('/api'), signal());
    // The line goes back to the pool a turn later.
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(await client.send(getJson('/api'), signal()), { n: 3 });
  });

  test('never sends a write twice', async () => {
    let writes = 0;
    const client = await clientOf((request, response) => {
      if (request.method === 'GET') return json(200, {})(request, response);
      writes += 1;
      response.destroy();
    });
    await client.send(getJson('/api'), signal());
    await assert.rejects(client.send({ ...getJson('/api'), method: 'DELETE' }, signal()), { kind: 'no-answer' });
    assert.equal(writes, 1);
  });

  test('ends with its signal when nothing is answered', async () => {
    const caller = new AbortController();
    const error = await failure(() => caller.abort(), caller.signal);
    assert.equal(error.kind, 'no-answer');
    assert.match(error.message, /the time was up/);
  });

  test('shows a message of the server without what steers a terminal', async () => {
    const error = await failure(json(400, status(400, 'BadRequest', 'a\u001b[2Jb')));
    assert.ok(!error.message.includes('\u001b'));
  });
});

describe('credentials that are replaced', () => {
  test('are read again when the old ones are refused, and the request is made once more', async () => {
    const seen: (string | undefined)[] = [];
    const server = await listen((request, response) => {
      seen.push(request.headers.authorization);
      const known = request.headers.authorization === 'Bearer fresh';
      json(known ? 200 : 401, known ? { kind: 'Fine' } : status(401, 'Unauthorized', 'Unauthorized'))(
        request,
        response,
      );
    });
    const path = configFor(server);
    const client = await open(path);
    await assert.rejects(client.send(getJson('/api'), signal()), { status: 401 });
    writeFileSync(path, readFileSync(configFor(server, { user: 'token: fresh' }), 'utf8'));
    assert.deepEqual(await client.send(getJson('/api'), signal()), { kind: 'Fine' });
    assert.deepEqual(await client.send({ ...getJson('/api'), method: 'DELETE' }, signal()), { kind: 'Fine' });
    const old = `Bearer ${TOKEN}`;
    assert.deepEqual(seen, [old, old, old, 'Bearer fresh', 'Bearer fresh']);
  });

  test('of another cluster are not taken', async () => {
    const server = await listen(json(401, {}));
    const path = configFor(server);
    const client = await open(path);
    writeFileSync(path, readFileSync(configFor(await listen(json(200, {}))), 'utf8'));
    await assert.rejects(client.send(getJson('/api'), signal()), { status: 401 });
  });
});

describe('a watch', () => {
  const watched = async (answer: RequestListener): Promise<readonly unknown[]> => {
    const client = await clientOf(answer);
    const seen: unknown[] = [];
    try {
      for await (const event of client.watch(getJson('/api/v1/pods', { watch: '1' }), signal())) seen.push(event);
      return [...seen, 'end'];
    } catch (error) {
      assert.ok(error instanceof AdapterError, String(error));
      return [...seen, error.kind, error.status];
    }
  };
  const WATCHES: readonly (readonly [what: string, answer: RequestListener, expected: readonly unknown[]])[] = [
    ['objects a line each', (_, r) => r.end('{"a":1}\n{"b":2}\n'), [{ a: 1 }, { b: 2 }, 'end']],
    [
      'a line in pieces',
      (_, r) => {
        r.write('{"a":');
        setImmediate(() => r.end('"é"}\n'));
      },
      [{ a: 'é' }, 'end'],
    ],
    ['half a line at the end', (_, r) => r.end('{"a":1}\n{"b"'), [{ a: 1 }, 'no-answer', null]],
    ['a line that is no JSON', (_, r) => r.end('{"a":1}\n<html>\n'), [{ a: 1 }, 'invalid-answer', null]],
    ['a refusal', json(410, {}), ['refused', 410]],
    ['a redirect', (_, r) => r.writeHead(302, { location: '/' }).end(), ['invalid-answer', 302]],
    [
      'a cut line',
      (_, r) => {
        r.write('{"a":1}\n', () => setImmediate(() => r.destroy()));
      },
      [{ a: 1 }, 'no-answer', null],
    ],
  ];
  for (const [what, answer, expected] of WATCHES)
    test(`hears ${what}`, async () => assert.deepEqual(await watched(answer), expected));

  test('takes no line that reads wait for', async () => {
    const client = await clientOf((request, response) => {
      if (request.url?.includes('watch') === true) response.write('{}\n');
      else json(200, {})(request, response);
    });
    const stop = new AbortController();
    const lines = Array.from({ length: 40 }, () =>
      client.watch(getJson('/api/v1/pods', { watch: '1' }), stop.signal)[Symbol.asyncIterator](),
    );
    await Promise.all(lines.map((line) => line.next()));
    assert.deepEqual(await client.send(getJson('/api'), signal()), {});
    stop.abort();
    await Promise.allSettled(lines.map((line) => line.next()));
  });
});

describe('a dead cluster', () => {
  const scale: Effect = {
    verb: 'patch',
    group: 'apps',
    resource: 'deployments',
    subresource: 'scale',
    namespace: 'shop',
    name: 'web',
    selector: null,
    kind: 'scale',
    known: 'built-in',
    dryRun: false,
    traits: [],
    change: { to: 'replicas', replicas: 2 },
    labelKeys: [],
    annotationKeys: [],
    templateKeys: [],
    desired: null,
    subjects: [],
  };

  test('is an answer: every fact is missing, every sample saw nothing', async () => {
    const reader = createClusterReader(await clientOf((_, response) => response.destroy()));
    const facts = await reader.readFacts([scale], signal());
    assert.deepEqual(facts, {
      cluster: null,
      targets: [],
      neighbourhood: NO_NEIGHBOURS,
      missing: [
        missingObject({ group: '', resource: 'namespaces', namespace: null, name: 'kube-system' }, 'unreachable'),
        missingObject(scale, 'unreachable'),
      ],
    });
    const target = { ...scale, kind: 'Deployment', name: 'web', uid: 'u', preImage: {}, revision: null, revisions: [] };
    const samples = await reader.sample(
      {
        effects: [scale],
        targets: [{ ...target, replicas: 1, controller: null, protected: false }],
        changes: [],
        made: { digest: '', effects: [] },
        isWritten: true,
      },
      signal(),
    );
    assert.deepEqual(
      samples.map(({ seen }) => seen),
      ['nothing'],
    );
  });

  test('that forbids or garbles says which', async () => {
    const why = async (answer: RequestListener): Promise<string | undefined> =>
      (await createClusterReader(await clientOf(answer)).readFacts([scale], signal())).missing[0]?.why;
    assert.equal(await why(json(403, {})), 'forbidden');
    assert.equal(await why(json(401, {})), 'forbidden');
    assert.equal(await why((_, response) => response.end('x')), 'garbled');
    assert.equal(await why(json(503, {})), 'unreachable');
    assert.equal(await why(json(410, {})), 'too-old');
  });

  test('reads of a command that only reads ask nothing about objects', async () => {
    const reader = createClusterReader(await clientOf(json(200, { metadata: { uid: 'kube' } })));
    const facts = await reader.readFacts([{ ...scale, verb: 'get', kind: 'read' }], signal());
    assert.deepEqual(facts, { cluster: 'kube', targets: [], neighbourhood: NO_NEIGHBOURS, missing: [] });
  });
});

describe('a kubeconfig', () => {
  const BAD: readonly (readonly [what: string, path: () => string, says: RegExp])[] = [
    ['that is not there', () => join(folder, 'nowhere'), /kubeconfig .*nowhere cannot be read: ENOENT.*Check the path/],
    ['that is no YAML', () => kubeconfig('a: [b'), /cannot be read: .*Check/],
    ['that is empty', () => kubeconfig(''), /cannot be read|no usable current context/],
    [
      'without a current context',
      () => kubeconfig('apiVersion: v1\ncontexts: []\nclusters: []\nusers: []\n'),
      /use-context/,
    ],
    ['that sends its token in the clear', () => configFor('http://cluster.example:8080'), /https/],
    ['with a server that is no URL', () => configFor('not a url'), /is not a URL/],
  ];
  for (const [what, path, says] of BAD) {
    test(`${what} is refused with what to do`, async () => {
      await assert.rejects(open(path()), (error: Error) => {
        assert.match(error.message, says);
        assert.ok(!error.message.includes(TOKEN));
        return true;
      });
    });
  }

  test('warns of TLS that is not verified and of programs that give credentials', async () => {
    const lax = await open(configFor('https://127.0.0.1:1', { cluster: ', insecure-skip-tls-verify: true' }));
    assert.match(lax.warnings[0] ?? '', /insecure-skip-tls-verify/);
    const exec = 'exec: { apiVersion: client.authentication.k8s.io/v1, command: get-token }';
    assert.match((await open(configFor('https://127.0.0.1:1', { user: exec }))).warnings[0] ?? '', /get-token/);
    assert.deepEqual((await open(configFor('https://127.0.0.1:1'))).warnings, []);
  });
});
