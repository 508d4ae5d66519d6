// Login by a real OpenID Connect issuer: who gets in, who does not, and what is said.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { oidcProvider } from '../../src/adapters/oidc/provider.ts';
import { ownPage } from '../../src/doors/http/login-oidc.ts';
import type { IdentityProvider } from '../../src/ports/identity-provider.ts';
import { Secret } from '../../src/ports/secret.ts';
import { type Browser, HERE, openBrowser } from '../support/browser.ts';
import { openDoor } from '../support/door.ts';
import { CLIENT_ID, CLIENT_SECRET, createPerson, startIssuer } from '../support/issuer.ts';

const BACK = `${HERE}/login/callback`;

let issuer: Awaited<ReturnType<typeof startIssuer>>;
before(async () => {
  issuer = await startIssuer(BACK, {
    '4711': { email: 'someone@else.example', email_verified: true },
    cho: { email: 'cho@example.org', email_verified: true },
    mallory: { email: 'cho@example.org', email_verified: false },
    zoe: {},
  });
});
after(() => issuer.close());

const settings = () => ({
  issuer: issuer.url,
  clientId: CLIENT_ID,
  clientSecret: new Secret(CLIENT_SECRET),
  redirectUrl: BACK,
});

/** ben is known by subject, cho by e-mail address. */
const open = (change: (provider: IdentityProvider) => IdentityProvider = (same) => same) => {
  const provider = change(oidcProvider(settings()));
  const door = openDoor(undefined, {}, { links: null, oidc: { provider, redirectUrl: BACK } });
  const people = door.people();
  const accountOf = new Map([
    ['ben', `${issuer.url}#4711`],
    ['cho', 'cho@example.org'],
  ]);
  door.setPeople({
    ...people,
    people: people.people.map((one) => ({ ...one, accounts: { oidc: accountOf.get(one.id) ?? null } })),
  });
  return door;
};

const begin = async (browser: Browser, query = ''): Promise<string> => {
  const response = await browser.get(`/login/oidc${query}`);
  assert.equal(response.status, 302);
  return response.headers.get('location') ?? '';
};

const logIn = async (browser: Browser, login: string, query = '') => {
  const back = await createPerson(login).visit(await begin(browser, query), BACK);
  return browser.get(`${back.pathname}${back.search}`);
};

const personOf = async (browser: Browser) => (await browser.json('/v1/session')) as Record<string, unknown>;

describe('a login by the issuer', () => {
  test('by subject: a page that moves on, a strict cookie, a session with the channel oidc', async () => {
    const door = open();
    const browser = openBrowser(door);
    const response = await logIn(browser, '4711', '?to=/proposals/p-1');
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('location'), null);
    assert.match(await response.text(), /http-equiv="refresh" content="0;url=\/proposals\/p-1"/);
    assert.match(response.headers.getSetCookie().join('\n'), /^blastgate=[\w-]{43}; .*SameSite=Strict$/m);
    const session = await personOf(browser);
    assert.equal((session['person'] as { id: string }).id, 'ben');
    assert.equal(session['channel'], 'oidc');
    assert.deepEqual(session['login'], { oidc: true, links: false });
  });

  test('by an e-mail address that the issuer has verified; one that it has not is nobody', async () => {
    const door = open();
    const cho = openBrowser(door);
    await logIn(cho, 'cho');
    assert.equal(((await personOf(cho))['person'] as { id: string }).id, 'cho');
    const mallory = openBrowser(door);
    const response = await logIn(mallory, 'mallory');
    assert.equal(response.status, 403);
    const text = await response.text();
    assert.match(text, /#mallory/);
    assert.doesNotMatch(text, /cho@example/);
    assert.equal((await personOf(mallory))['person'], null);
  });

  test('somebody whom people.yaml does not know is told so, and by which account', async () => {
    const response = await logIn(openBrowser(open()), 'zoe');
    assert.equal(response.status, 403);
    assert.match(await response.text(), new RegExp(`${issuer.url}#zoe, but people.yaml`));
  });

  test('the session ends when the account is taken away', async () => {
    const door = open();
    const browser = openBrowser(door);
    await logIn(browser, '4711');
    assert.equal((await browser.get('/v1/proposals')).status, 200);
    const people = door.people();
    door.setPeople({
      ...people,
      people: people.people.map((one) => (one.id === 'ben' ? { ...one, accounts: {} } : one)),
    });
    assert.equal((await browser.get('/v1/proposals')).status, 401);
  });

  test('logout names where the session at the issuer ends too', async () => {
    const browser = openBrowser(open());
    await logIn(browser, '4711');
    const response = await browser.write('POST', '/logout');
    const { next } = (await response.json()) as { next: string };
    assert.ok(next.startsWith(`${issuer.url}/session/end?`), next);
    assert.equal((await personOf(browser))['person'], null);
  });

  test('asked again, the person must say again who they are; the session knows when', async () => {
    const door = open();
    const [browser, person] = [openBrowser(door), createPerson('4711')];
    for (const [query, asked] of [
      ['', 1],
      ['', 1],
      ['?again=1', 2],
    ] as const) {
      const back = await person.visit(await begin(browser, query), BACK);
      assert.equal((await browser.get(`${back.pathname}${back.search}`)).status, 200);
      assert.equal(person.asked(), asked, query);
    }
  });
});

describe('what is no login', () => {
  test('a callback without its beginning in this browser', async () => {
    const door = open();
    const back = await createPerson('4711').visit(await begin(openBrowser(door)), BACK);
    const victim = openBrowser(door);
    const response = await victim.get(`${back.pathname}${back.search}`);
    assert.equal(response.status, 400);
    assert.equal(victim.jar.size, 0);
  });

  test('the same callback a second time, and with the cookie put back', async () => {
    const door = open();
    const browser = openBrowser(door);
    const start = await begin(browser);
    const cookie = `blastgate-login=${browser.jar.get('blastgate-login')}`;
    const back = await createPerson('4711').visit(start, BACK);
    const path = `${back.pathname}${back.search}`;
    assert.equal((await browser.get(path)).status, 200);
    assert.equal((await browser.get(path)).status, 400, 'the attempt is over');
    const replay = await browser.send('GET', path, { headers: { cookie } });
    assert.equal(replay.status, 403, 'the code counts once');
  });

  const TAMPERED: readonly (readonly [what: string, change: (query: URLSearchParams) => void])[] = [
    ['another state', (query) => query.set('state', 'x'.repeat(43))],
    ['no state', (query) => query.delete('state')],
    ['another code', (query) => query.set('code', 'x'.repeat(43))],
    ['the name of another issuer', (query) => query.set('iss', 'https://evil.example')],
  ];
  for (const [what, change] of TAMPERED)
    test(what, async () => {
      const browser = openBrowser(open());
      const back = await createPerson('4711').visit(await begin(browser), BACK);
      change(back.searchParams);
      const response = await browser.get(`${back.pathname}${back.search}`);
      assert.equal(response.status, 403);
      assert.deepEqual(
        response.headers.getSetCookie().filter((text) => text.startsWith('blastgate=')),
        [],
      );
    });

  test('a token for another nonce, or fetched with another verifier', async () => {
    for (const part of ['nonce', 'verifier'] as const) {
      const provider = oidcProvider(settings());
      const { url, attempt } = await provider.begin(false);
      const back = await createPerson('4711').visit(url, BACK);
      await assert.rejects(provider.finish(back.search, { ...attempt, [part]: 'x'.repeat(43) }, false), {
        name: 'AdapterError',
      });
    }
  });

  test('a token that was made for another client', async () => {
    const provider = oidcProvider({ ...settings(), clientId: 'another' });
    const mine = oidcProvider(settings());
    const { url, attempt } = await mine.begin(false);
    const back = await createPerson('4711').visit(url, BACK);
    await assert.rejects(provider.finish(back.search, attempt, false), { name: 'AdapterError', kind: 'refused' });
  });

  test('the issuer says no: its word is shown', async () => {
    const browser = openBrowser(open());
    const state = new URL(await begin(browser)).searchParams.get('state');
    const response = await browser.get(
      `/login/callback?error=access_denied&state=${state}&iss=${encodeURIComponent(issuer.url)}`,
    );
    assert.equal(response.status, 403);
    assert.match(await response.text(), /refused the login \(access_denied\)/);
  });

  test('an issuer that is down says so, and is asked anew when it is back', async () => {
    const door = open();
    const browser = openBrowser(door);
    issuer.setDown(true);
    const response = await browser.get('/login/oidc');
    issuer.setDown(false);
    assert.equal(response.status, 502);
    assert.match(await response.text(), /does not answer/);
    assert.equal((await logIn(browser, '4711')).status, 200);
    const start = await begin(browser);
    const back = await createPerson('4711').visit(start, BACK);
    issuer.setDown(true);
    const later = await browser.get(`${back.pathname}${back.search}`);
    issuer.setDown(false);
    assert.equal(later.status, 502);
  });
});

test('a login leads to pages of this gate alone (open redirect)', () => {
  const OWN = [
    '/',
    '/proposals/INC-1001',
    '/proposals?state=approved&incident=INC-1',
    '/outcomes',
    '/audit',
    '/policy',
  ];
  for (const page of OWN) assert.equal(ownPage(page), page);
  const FOREIGN = [
    undefined,
    '',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/proposals/../../evil',
    '/proposals//evil.example',
    'javascript:alert(1)',
    '/?x="><script>',
    '/logout',
    '/v1/pause',
    '/%2f%2fevil.example',
    '/\t/evil.example',
    '/proposals\r\nset-cookie: x=y',
  ];
  for (const page of FOREIGN) assert.equal(ownPage(page), '/', page);
});

test('the cookie of a login goes to the callback alone, and comes along from the page of the issuer', async () => {
  const response = await openBrowser(open()).get('/login/oidc');
  const [cookie = ''] = response.headers.getSetCookie();
  assert.match(cookie, /^blastgate-login=[\w-]+; Max-Age=600; Path=\/login\/callback; HttpOnly; SameSite=Lax$/);
});
