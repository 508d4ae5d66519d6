// Logging in by a one-time link, what the session may then do, and how it ends.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeClock } from '../../../test/fakes/clock.ts';
import { type Browser, HERE, openBrowser } from '../../../test/support/browser.ts';
import { openDoor } from '../../../test/support/door.ts';

const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code: unknown }).code;
const JSON_BODY = { 'content-type': 'application/json' };

const open = (login: Parameters<typeof openDoor>[2] = {}) => {
  const clock = fakeClock();
  const door = openDoor(undefined, { clock }, login);
  const linkOf = async (who: string): Promise<string> => {
    const response = await door.ask(who, 'POST', '/v1/login-links');
    assert.equal(response.status, 201);
    return ((await response.json()) as { token: string }).token;
  };
  const spend = (browser: Browser, token: string, headers: Record<string, string> = {}) =>
    browser.send('POST', '/login/link', { body: JSON.stringify({ token }), headers: { ...JSON_BODY, ...headers } });
  const logIn = async (who: string, origin = HERE): Promise<Browser> => {
    const browser = openBrowser(door, origin);
    assert.equal((await spend(browser, await linkOf(who))).status, 204);
    return browser;
  };
  return { ...door, clock, linkOf, spend, logIn };
};
type Opened = ReturnType<typeof open>;

const notes = async (door: Opened): Promise<readonly string[]> =>
  (await door.stage.store.trail.lines(0, 99, door.stage.never)).flatMap(({ deed }) =>
    deed.kind === 'note' ? [`${deed.what} ${deed.who} ${deed.about}`] : [],
  );

describe('what the session may do with a proposal', () => {
  interface Yours {
    readonly [what: string]: {
      readonly code: string;
      readonly told: { readonly en: string; readonly 'zh-TW': string };
    } | null;
  }
  const codesOf = (yours: Yours): Record<string, string | null> =>
    Object.fromEntries(Object.entries(yours).map(([what, one]) => [what, one?.code ?? null]));

  test('a link does not break the glass where two must agree, and the gate says what it would refuse', async () => {
    const door = open();
    const rights = ['read', 'propose', 'approve', 'break-glass'] as const;
    const people = door.gate.people();
    Object.assign(door.gate, {
      people: () => ({ ...people, people: people.people.map((one) => (one.id === 'ben' ? { ...one, rights } : one)) }),
    });
    const yoursOf = async (browser: Browser, id: string): Promise<Record<string, string | null>> =>
      codesOf(((await browser.json(`/v1/proposals/${id}?view=page`)) as { readonly yours: Yours }).yours);
    const ben = await door.logIn('ben');
    const [one, dual] = [
      await door.stage.proposeText('scale production/web 5'),
      await door.stage.proposeText('scale production/api 0', 'INC-2'),
    ];
    assert.ok(one.ok && dual.ok);
    const [single, both] = [one.remediation, dual.remediation];
    const asked = { approve: null, reject: null, takeBack: 'no-own-vote' };
    assert.deepEqual(await yoursOf(ben, single.id), { ...asked, breakGlass: null });
    assert.deepEqual(await yoursOf(ben, both.id), { ...asked, breakGlass: 'wrong-channel' });
    // And so it is when they try.
    for (const [{ id, spec }, status] of [
      [both, 403],
      [single, 200],
    ] as const) {
      const body = { digest: spec.digest, reason: 'now' };
      assert.equal((await ben.write('POST', `/v1/proposals/${id}/break-glass`, body)).status, status);
    }
    const voted = await ben.write('POST', `/v1/proposals/${both.id}/votes`, {
      decision: 'approve',
      digest: both.spec.digest,
    });
    assert.equal(voted.status, 200);
    assert.deepEqual(await yoursOf(ben, both.id), {
      approve: 'already-voted',
      reject: null,
      breakGlass: 'wrong-channel',
      takeBack: null,
    });
    const over = { approve: 'not-open', reject: 'not-open', breakGlass: 'not-open', takeBack: 'no-own-vote' };
    assert.deepEqual(await yoursOf(ben, single.id), over);
    const eve = (await (await door.ask('eve', 'GET', `/v1/proposals/${both.id}?view=page`)).json()) as {
      readonly yours: Yours;
    };
    assert.equal(eve.yours['approve']?.code, 'no-right');
    assert.ok(
      /./.test(eve.yours['approve']?.told['zh-TW'] ?? '') &&
        eve.yours['approve']?.told.en !== eve.yours['approve']?.told['zh-TW'],
    );
  });
});

describe('a one-time link', () => {
  test('logs in its person, who reads and votes as themselves', async () => {
    const door = open();
    const nobody = await openBrowser(door).json('/v1/session');
    assert.deepEqual(nobody, {
      person: null,
      channel: null,
      csrf: null,
      expiresAt: null,
      login: { oidc: false, links: true },
      version: '1.2.3',
      demo: false,
      cluster: null,
    });
    const ben = await door.logIn('ben');
    const session = (await ben.json('/v1/session')) as Record<string, unknown>;
    assert.deepEqual(session['person'], { id: 'ben', name: 'ben', rights: ['read', 'approve'], teams: [], agents: [] });
    assert.equal(session['channel'], 'link');
    const proposed = await door.stage.proposeText('scale production/web 5');
    assert.ok(proposed.ok);
    const { id, spec } = proposed.remediation;
    const voted = await ben.write('POST', `/v1/proposals/${id}/votes`, { decision: 'approve', digest: spec.digest });
    assert.equal(voted.status, 200);
    const [vote] = (await door.stage.read(id)).votes;
    assert.equal(vote?.person, 'ben');
    assert.equal(vote?.channel, 'link');
    assert.equal(vote?.proof?.kind, 'session');
    assert.deepEqual(await notes(door), ['link-made ben token', 'logged-in ben link']);
  });

  test('is spent once, also when many use it at the same moment', async () => {
    const door = open();
    const token = await door.linkOf('ben');
    const answers = await Promise.all(Array.from({ length: 8 }, () => door.spend(openBrowser(door), token)));
    assert.deepEqual(answers.map(({ status }) => `${status}`).toSorted(), ['204', ...Array(7).fill('403')]);
    const late = await door.spend(openBrowser(door), token);
    assert.equal(await codeOf(late), 'link-unusable');
  });

  test('used, too old, made up, of somebody who is gone: one answer, from which nothing is learned', async () => {
    const door = open();
    const used = await door.linkOf('ben');
    await door.spend(openBrowser(door), used);
    const old = await door.linkOf('cho');
    door.clock.pass(300);
    const gone = await door.linkOf('dee');
    door.setPeople({ ...door.people(), people: door.people().people.filter(({ id }) => id !== 'dee') });
    const bodies = await Promise.all(
      [used, old, gone, 'x'.repeat(43), 'x', ''].map(async (token) => {
        const browser = openBrowser(door);
        const response = await door.spend(browser, token);
        assert.equal(response.status, 403, token);
        assert.equal(browser.jar.size, 0);
        return response.text();
      }),
    );
    assert.equal(new Set(bodies).size, 1);
  });

  test('is not spent by who only opens its address', async () => {
    const door = open();
    const token = await door.linkOf('ben');
    for (const path of ['/', `/login/link?token=${token}`, `/#login=${token}`]) await openBrowser(door).get(path);
    assert.equal((await openBrowser(door).send('HEAD', `/login/link?token=${token}`)).status, 404 + 1);
    assert.equal((await door.spend(openBrowser(door), token)).status, 204);
  });

  test('is made by nobody for somebody else: not by an agent, not by a session', async () => {
    const door = open();
    assert.equal(await codeOf(await door.ask('healer', 'POST', '/v1/login-links')), 'no-right');
    const ben = await door.logIn('ben');
    assert.equal(await codeOf(await ben.write('POST', '/v1/login-links')), 'no-right');
    assert.equal((await openBrowser(door).send('POST', '/v1/login-links')).status, 401);
  });

  test('made in the data folder counts too, though never longer than five minutes', async () => {
    const door = open();
    const links = door.links;
    const { loginId } = await import('../login-token.ts');
    const [soon, late] = ['a'.repeat(43), 'b'.repeat(43)];
    const at = (seconds: number): string => new Date(door.clock.now() + seconds * 1000).toISOString();
    await links.keep({ id: loginId(soon), person: 'ben', ends: at(300) }, at(0));
    await links.keep({ id: loginId(late), person: 'ben', ends: at(3600) }, at(0));
    assert.equal((await door.spend(openBrowser(door), soon)).status, 204);
    assert.equal((await door.spend(openBrowser(door), late)).status, 403);
  });

  test('where links are off there is none', async () => {
    const door = open({ links: null });
    assert.equal(await codeOf(await door.ask('ben', 'POST', '/v1/login-links')), 'links-off');
    assert.equal((await door.spend(openBrowser(door), 'x'.repeat(43))).status, 403);
  });
});

describe('the cookie', () => {
  test('is for https of this host alone, or for plain http on loopback', async () => {
    const door = open();
    const token = await door.linkOf('ben');
    const response = await door.spend(openBrowser(door), token);
    assert.match(
      response.headers.getSetCookie().join(),
      /^blastgate=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const secure = await door.spend(openBrowser(door, 'https://gate.example.org'), await door.linkOf('ben'));
    assert.match(
      secure.headers.getSetCookie().join(),
      /^__Host-blastgate=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
    const plain = await door.spend(openBrowser(door, 'http://gate.example.org'), await door.linkOf('ben'));
    assert.equal(await codeOf(plain), 'https-needed');
    assert.deepEqual(plain.headers.getSetCookie(), []);
  });

  test('of plain http counts on loopback alone', async () => {
    const door = open();
    const ben = await door.logIn('ben');
    const cookie = `blastgate=${ben.token()}`;
    const elsewhere = openBrowser(door, 'https://gate.example.org');
    assert.equal((await elsewhere.send('GET', '/v1/proposals', { headers: { cookie } })).status, 401);
    assert.equal((await ben.get('/v1/proposals')).status, 200);
  });

  test('a token that somebody else set before the login names no session afterwards (fixation)', async () => {
    const door = open();
    const ben = openBrowser(door);
    const planted = 'p'.repeat(43);
    ben.jar.set('blastgate', planted);
    await door.spend(ben, await door.linkOf('ben'));
    assert.notEqual(ben.token(), planted);
    const attacker = openBrowser(door);
    attacker.jar.set('blastgate', planted);
    assert.equal((await attacker.get('/v1/proposals')).status, 401);
  });

  test('a second login of a browser ends its first session', async () => {
    const door = open();
    const ben = await door.logIn('ben');
    const first = ben.token();
    await door.spend(ben, await door.linkOf('cho'));
    const old = openBrowser(door);
    old.jar.set('blastgate', first);
    assert.equal((await old.get('/v1/proposals')).status, 401);
    assert.equal(((await ben.json('/v1/session')) as { person: { id: string } }).person.id, 'cho');
  });
});

describe('a session', () => {
  const END: readonly (readonly [what: string, end: (door: Opened, ben: Browser) => unknown])[] = [
    ['an hour without use', ({ clock }) => clock.pass(3600)],
    [
      'twelve hours, however busy',
      async ({ clock }, ben) => {
        for (let passed = 0; passed < 12 * 3600; passed += 1800) {
          assert.equal((await ben.get('/v1/proposals')).status, 200);
          clock.pass(1800);
        }
      },
    ],
    [
      'the person leaves people.yaml',
      (door) => door.setPeople({ ...door.people(), people: door.people().people.filter(({ id }) => id !== 'ben') }),
    ],
    ['logout', async (_, ben) => assert.equal((await ben.write('POST', '/logout')).status, 204)],
  ];
  for (const [what, end] of END)
    test(`ends: ${what}`, async () => {
      const door = open();
      const ben = await door.logIn('ben');
      const token = ben.token();
      assert.equal((await ben.get('/v1/proposals')).status, 200);
      await end(door, ben);
      const after = openBrowser(door);
      after.jar.set('blastgate', token);
      assert.equal((await after.get('/v1/proposals')).status, 401);
      assert.equal(((await after.json('/v1/session')) as { person: unknown }).person, null);
    });

  test('has the rights that its person has now', async () => {
    const door = open();
    const ben = await door.logIn('ben');
    const people = door.people();
    door.setPeople({
      ...people,
      people: people.people.map((one) => (one.id === 'ben' ? { ...one, rights: ['read'] as const } : one)),
    });
    const answer = await ben.write('POST', '/v1/proposals/p-1/votes', { decision: 'reject', digest: 'a'.repeat(12) });
    assert.equal(await codeOf(answer), 'no-right');
  });

  test('outlives the process: another door on the same store knows it', async () => {
    const door = open();
    const ben = await door.logIn('ben');
    const next = openDoor(undefined, { clock: door.clock, store: door.gate.store });
    const again = openBrowser(next);
    again.jar.set('blastgate', ben.token());
    assert.equal((await again.get('/v1/proposals')).status, 200);
  });

  test('the store holds no token, neither of a session nor of a link', async () => {
    const door = open();
    const kept: string[] = [];
    const { sessions } = door.gate.store;
    const watched = { ...sessions };
    sessions.begin = (session, signal) => {
      kept.push(JSON.stringify(session));
      return watched.begin(session, signal);
    };
    sessions.keepLink = (link, now, signal) => {
      kept.push(JSON.stringify(link));
      return watched.keepLink(link, now, signal);
    };
    const link = await door.linkOf('ben');
    const ben = openBrowser(door);
    await door.spend(ben, link);
    assert.equal(kept.length, 2);
    for (const text of kept) assert.ok(!text.includes(link) && !text.includes(ben.token()), text);
  });
});
