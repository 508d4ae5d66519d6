// What the peers of checks answer, well or badly: passed, failed, or nothing that can be judged.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { HealthCheck } from '../../core/model/health-check.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { createHealthChecks } from './health-checks.ts';

const serving = async <T>(listener: RequestListener, use: (address: string) => Promise<T>): Promise<T> => {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    // as: it listens on TCP.
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

/** "passed 0.1", "failed 503", or the kind of the error and its words. */
const asked = async (address: string, check: HealthCheck, milliseconds = 3000): Promise<string> => {
  try {
    const answer = await createHealthChecks(() => `${address}/`).ask(check, AbortSignal.timeout(milliseconds));
    return `${answer.is} ${answer.says}`;
  } catch (error) {
    assert.ok(error instanceof AdapterError, String(error));
    return `${error.kind}: ${error.message}`;
  }
};

const vector = (...values: readonly string[]) => ({
  status: 'success',
  data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1767225600, value] })) },
});
const scalar = (value: string) => ({ status: 'success', data: { resultType: 'scalar', result: [1767225600, value] } });

for (const [what, answer, says] of [
  ['one series that holds', vector('0.01'), 'passed 0.01'],
  ['several that hold', vector('0.01', '0'), 'passed 0.01'],
  ['a scalar', scalar('0.2'), 'failed 0.2'],
  ['one of several that does not hold', vector('0.01', '0.3'), 'failed 0.3'],
  ['one that does not hold beside one that is no number', vector('NaN', '0.3'), 'failed 0.3'],
  ['an infinite one', vector('+Inf'), 'failed Infinity'],
  ['no series', vector(), 'invalid-answer: the query found no series'],
  ['no number', vector('NaN'), 'invalid-answer: the value is no number (NaN)'],
  ['one that holds beside one that is no number', vector('0', 'NaN'), 'invalid-answer: the value is no number (NaN)'],
  [
    'a matrix',
    { status: 'success', data: { resultType: 'matrix', result: [] } },
    'invalid-answer: Prometheus answered 200 with something else than its API does',
  ],
  [
    'a query that it does not understand',
    { status: 'error', errorType: 'bad_data', error: 'parse error\u001b[31m' },
    'refused: Prometheus: parse error',
  ],
] as const)
  test(`Prometheus answers ${what}`, async () => {
    const paths: string[] = [];
    await serving(
      (request, response) => {
        paths.push(request.url ?? '');
        response.end(JSON.stringify(answer));
      },
      async (address) => {
        const got = await asked(address, { promql: 'rate(x[1m]) / 2', is: '< 0.05' });
        assert.ok(got.startsWith(says), got);
        assert.ok(!got.includes('\u001b'), JSON.stringify(got));
      },
    );
    assert.deepEqual(paths, ['/api/v1/query?query=rate(x%5B1m%5D)%20%2F%202']);
  });

test('a peer of Prometheus that speaks another language, or too much', async () => {
  const check = { promql: 'up', is: '== 1' } as const;
  await serving(
    (_, response) => response.end('<html>'),
    async (address) => assert.match(await asked(address, check), /^invalid-answer: .*something else/),
  );
  await serving(
    (_, response) => response.end('x'.repeat(2 * 1024 * 1024)),
    async (address) => assert.match(await asked(address, check), /^invalid-answer: the answer is larger/),
  );
});

test('an address answers with its status, and leads nobody elsewhere', async () => {
  const seen: string[] = [];
  await serving(
    (request, response) => {
      seen.push(request.url ?? '');
      if (request.url === '/moved') response.writeHead(302, { location: '/secret' });
      else response.writeHead(request.url === '/down' ? 503 : 204);
      response.end();
    },
    async (address) => {
      assert.equal(await asked(address, { http: `${address}/up`, status: 204 }), 'passed 204');
      assert.equal(await asked(address, { http: `${address}/down`, status: 200 }), 'failed 503');
      assert.equal(await asked(address, { http: `${address}/moved`, status: 200 }), 'failed 302');
      assert.equal(await asked(address, { http: `${address}/moved`, status: 302 }), 'passed 302');
    },
  );
  assert.ok(!seen.includes('/secret'), 'a redirect was followed');
});

test('nobody there, or nobody who answers in time, is no answer', async () => {
  const check = (address: string) => ({ http: `${address}/`, status: 200 }) as const;
  const gone = await serving(
    () => {},
    async (address) => {
      assert.match(await asked(address, check(address), 100), /^no-answer: no complete answer in time/);
      return address;
    },
  );
  assert.match(await asked(gone, check(gone)), /^no-answer: no answer \(ECONNREFUSED\)/);
});

test('a policy without prometheus asks none', async () => {
  const checks = createHealthChecks(() => null);
  await assert.rejects(checks.ask({ promql: 'up', is: '== 1' }, AbortSignal.timeout(1000)), /names no prometheus/);
});

test('Prometheus gets its token as the file has it now, and no other address does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-checks-'));
  const file = join(folder, 'token');
  const seen: (string | undefined)[] = [];
  const signal = AbortSignal.timeout(3000);
  try {
    await serving(
      (request, response) => {
        seen.push(request.headers.authorization);
        response.end(JSON.stringify(vector('1')));
      },
      async (address) => {
        const checks = createHealthChecks(() => address, file);
        await assert.rejects(checks.ask({ promql: 'up', is: '== 1' }, signal), /token of Prometheus cannot be read/);
        for (const token of ['first\n', 'second']) {
          writeFileSync(file, token);
          await checks.ask({ promql: 'up', is: '== 1' }, signal);
        }
        await checks.ask({ http: `${address}/healthz`, status: 200 }, signal);
        writeFileSync(file, 'two words');
        await assert.rejects(checks.ask({ promql: 'up', is: '== 1' }, signal), /there is no token/);
      },
    );
    assert.deepEqual(seen, ['Bearer first', 'Bearer second', undefined]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a token is sent over https alone, and a Prometheus that turns it away says so', async () => {
  const signal = AbortSignal.timeout(3000);
  const plain = createHealthChecks(() => 'http://prometheus.example', '/nosuch');
  await assert.rejects(plain.ask({ promql: 'up', is: '== 1' }, signal), /over https alone/);
  await serving(
    (_, response) => {
      response.writeHead(401);
      response.end('Unauthorized');
    },
    async (address) =>
      assert.match(
        await asked(address, { promql: 'up', is: '== 1' }),
        /^refused: Prometheus answered 401: PROMETHEUS_TOKEN_FILE/,
      ),
  );
});
