// What a hostile web page can make a browser send to the gate, and what it may not achieve.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { csrfToken } from '../../src/doors/login-token.ts';
import { fakeClock } from '../fakes/clock.ts';
import { HERE, openBrowser } from '../support/browser.ts';
import { openDoor } from '../support/door.ts';

const folder = mkdtempSync(join(tmpdir(), 'blastgate-console-'));
mkdirSync(join(folder, 'assets'));
writeFileSync(
  join(folder, 'index.html'),
  '<script nonce="__NONCE__" src="/assets/app-1a2b.js"></script><i nonce="__NONCE__">',
);
writeFileSync(join(folder, 'assets', 'app-1a2b.js'), 'console.log("hello")');
writeFileSync(join(folder, 'secret.txt'), 'not an asset');
after(() => rmSync(folder, { recursive: true, force: true }));

const open = async (who = 'ben', origin = HERE) => {
  const door = openDoor(undefined, { clock: fakeClock() }, { folder });
  const { token } = (await (await door.ask(who, 'POST', '/v1/login-links')).json()) as { token: string };
  const browser = openBrowser(door, origin);
  const body = JSON.stringify({ token });
  assert.equal((await browser.send('POST', '/login/link', { body })).status, 204);
  return { door, browser };
};

const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code: unknown }).code;

describe('a write that a browser sends for somebody else', () => {
  const FORGED: readonly (readonly [headers: Record<string, string>, code: string])[] = [
    [{ origin: 'https://evil.example' }, 'wrong-origin'],
    [{ origin: 'null' }, 'wrong-origin'],
    [{ origin: 'http://127.0.0.1:9999' }, 'wrong-origin'],
    [{ origin: 'https://gate.example.org.evil.example' }, 'wrong-origin'],
    [{ origin: 'https://evil.example', host: 'evil.example' }, 'wrong-host'],
    [{ 'x-blastgate-csrf': '' }, 'no-csrf-token'],
    [{ 'x-blastgate-csrf': 'x'.repeat(43) }, 'no-csrf-token'],
    [{ 'content-type': 'text/plain', 'x-blastgate-csrf': '' }, 'no-csrf-token'],
  ];
  for (const [headers, code] of FORGED)
    test(`${JSON.stringify(headers)} is turned away: ${code}`, async () => {
      const { door, browser } = await open('ben', 'https://gate.example.org');
      const proposed = await door.stage.proposeText('scale production/web 5');
      assert.ok(proposed.ok);
      const { id, spec } = proposed.remediation;
      for (const [method, path, body] of [
        ['POST', `/v1/proposals/${id}/votes`, { decision: 'approve', digest: spec.digest }],
        ['DELETE', `/v1/proposals/${id}`, {}],
        ['POST', '/v1/pause', {}],
        ['POST', '/logout', {}],
      ] as const) {
        const forged = { 'x-blastgate-csrf': csrfToken(browser.token()), ...headers };
        const init = method === 'DELETE' ? {} : { body: JSON.stringify(body) };
        // The cookie of a name that was rebound is not sent by any browser; it is put here all the same.
        const response = await browser.send(method, path, { ...init, headers: forged });
        assert.equal(response.status, 403, `${method} ${path}`);
        assert.equal(await codeOf(response), code);
      }
      assert.deepEqual((await door.stage.read(id)).votes, []);
      assert.equal((await browser.get('/v1/proposals')).status, 200, 'the session stands');
    });

  test('without an Origin it does not count: every browser sends one with a write', async () => {
    const { door, browser } = await open();
    const headers = {
      cookie: `blastgate=${browser.token()}`,
      host: '127.0.0.1:8448',
      'x-blastgate-csrf': csrfToken(browser.token()),
    };
    const response = await door.app.request('/v1/pause', { method: 'POST', headers });
    assert.equal(await codeOf(response), 'wrong-origin');
  });

  test('logging in somebody else is refused from another site', async () => {
    const { door } = await open();
    const { token } = (await (await door.ask('cho', 'POST', '/v1/login-links')).json()) as { token: string };
    const response = await openBrowser(door).send('POST', '/login/link', {
      body: JSON.stringify({ token }),
      headers: { origin: 'https://evil.example' },
    });
    assert.equal(await codeOf(response), 'wrong-origin');
  });
});

test('a name that was made to mean this machine reads nothing (DNS rebinding)', async () => {
  const { browser } = await open();
  for (const path of ['/', '/v1/session', '/v1/proposals', '/v1/events', '/proposals/p-1']) {
    const response = await browser.send('GET', path, { headers: { host: 'evil.example:8448' } });
    // The plain cookie does not count under another name, so that a list answers 401 first.
    assert.ok([401, 403].includes(response.status), `${path}: ${response.status}`);
  }
});

test('the cookie is nothing at /mcp and /metrics, and a token beside it speaks alone', async () => {
  const { door, browser } = await open('ana');
  const withCookie = { cookie: `blastgate=${browser.token()}`, host: '127.0.0.1:8448' };
  assert.equal((await door.app.request('/metrics', { headers: withCookie })).status, 200);
  assert.equal((await door.app.request('/metrics')).status, 200);
  // eve may only read: that ana's cookie comes along gives her nothing.
  const both = await door.ask('eve', 'POST', '/v1/pause', { headers: withCookie });
  assert.equal(both.status, 403);
  const wrong = await door.ask('nobody', 'GET', '/v1/proposals', { headers: withCookie });
  assert.equal(wrong.status, 401);
});

test('a vote for an old digest does not count, nor one on what is not there', async () => {
  const { door, browser } = await open();
  const proposed = await door.stage.proposeText('scale production/web 5');
  assert.ok(proposed.ok);
  const { id } = proposed.remediation;
  const digest = `sha256:${'0'.repeat(64)}`;
  const old = await browser.write('POST', `/v1/proposals/${id}/votes`, { decision: 'approve', digest });
  assert.equal(await codeOf(old), 'wrong-digest');
  const other = await browser.write('POST', '/v1/proposals/p-99/votes', { decision: 'approve', digest });
  assert.equal(await codeOf(other), 'no-such-proposal');
  assert.equal((await door.stage.read(id)).state, 'awaiting-approval');
});

test('a session ends nobody else, and votes for nobody else (IDOR)', async () => {
  const { door, browser } = await open('eve');
  const proposed = await door.stage.proposeText('scale production/web 5');
  assert.ok(proposed.ok);
  const { id, spec } = proposed.remediation;
  const vote = { decision: 'approve', digest: spec.digest, person: 'ben' };
  assert.equal((await browser.write('POST', `/v1/proposals/${id}/votes`, vote)).status, 403);
  assert.equal((await browser.write('DELETE', `/v1/proposals/${id}`)).status, 403);
  assert.equal((await browser.write('POST', '/v1/pause')).status, 403);
});

describe('the page', () => {
  test('is framed by nobody, runs nothing but its own, and is kept by no cache', async () => {
    const { browser } = await open();
    const nonces = new Set<string>();
    for (const path of ['/', '/proposals/p-1', '/outcomes', '/audit', '/policy', '/']) {
      const response = await browser.get(path);
      assert.equal(response.status, 200);
      const policy = response.headers.get('content-security-policy') ?? '';
      const nonce = /script-src 'self' 'nonce-([\w-]{22})'/.exec(policy)?.[1] ?? '';
      assert.equal(
        await response.text(),
        `<script nonce="${nonce}" src="/assets/app-1a2b.js"></script><i nonce="${nonce}">`,
      );
      nonces.add(nonce);
      assert.match(policy, /^default-src 'none'; /);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.match(policy, /base-uri 'none'/);
      assert.doesNotMatch(policy, /unsafe|\*|https?:/);
      assert.equal(response.headers.get('x-frame-options'), 'DENY');
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    }
    assert.equal(nonces.size, 6);
  });

  test('tells nothing to who is nobody', async () => {
    const { door } = await open();
    const proposed = await door.stage.proposeText('scale production/web 5');
    assert.ok(proposed.ok);
    const page = await (await openBrowser(door).get(`/proposals/${proposed.remediation.id}`)).text();
    assert.doesNotMatch(page, /scale|production|ben/);
    assert.equal((await openBrowser(door).get(`/v1/proposals/${proposed.remediation.id}`)).status, 401);
  });

  test('its assets are kept for ever by their exact name; any other name is a 404 that nobody keeps', async () => {
    const { browser } = await open();
    const plain = await browser.get('/assets/app-1a2b.js');
    assert.equal(plain.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(plain.headers.get('content-type'), 'text/javascript; charset=utf-8');
    assert.equal(plain.headers.get('vary'), 'accept-encoding');
    assert.deepEqual(plain.headers.getSetCookie(), []);
    const packed = await browser.send('GET', '/assets/app-1a2b.js', {
      headers: { 'accept-encoding': 'gzip;q=1.0, br;q=0' },
    });
    assert.equal(packed.headers.get('content-encoding'), 'gzip');
    for (const name of [
      'app-9999.js',
      '..%2fsecret.txt',
      '..%2f..%2fpackage.json',
      '%2e%2e/secret.txt',
      'app-1a2b.js%00',
      '',
    ]) {
      const response = await browser.get(`/assets/${name}`);
      assert.equal(response.status, 404, name);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.doesNotMatch(await response.text(), /not an asset|<script/);
    }
    // Whatever else a request says, the answer under this name is this.
    const poisoned = await browser.send('GET', '/assets/app-1a2b.js?x=%3Cscript%3E', {
      headers: { 'x-forwarded-host': 'evil.example', 'x-original-url': '/v1/session' },
    });
    assert.equal(await poisoned.text(), 'console.log("hello")');
  });

  test('a console that is not built says what to do', async () => {
    const door = openDoor(undefined, {}, { folder: join(folder, 'nothing') });
    const response = await openBrowser(door).get('/');
    assert.equal(response.status, 503);
    assert.match(await response.text(), /npm run console/);
  });
});
