// A person in a real browser, sent to a real OpenID Connect issuer and back: logs in, votes, logs out there as well.
import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { serve } from '@hono/node-server';
import type { Browser } from 'playwright-core';
import { buildConsole } from '../../scripts/build-console.ts';
import { oidcProvider } from '../../src/adapters/oidc/provider.ts';
import { Secret } from '../../src/ports/secret.ts';
import { judgingHere } from '../fakes/judging.ts';
import { openDoor } from '../support/door.ts';
import { CLIENT_ID, CLIENT_SECRET, startIssuer } from '../support/issuer.ts';
import { openBrowser, openPage, until } from '../support/watched-page.ts';

const DIST = resolve(import.meta.dirname, '../../console/dist');

let browser: Browser;
before(async () => {
  await buildConsole({ ifStale: true });
  browser = await openBrowser();
});
after(() => browser.close());

/** A port first, since issuer and gate know each other by address; what answers there comes later. */
const listen = async () => {
  let answer: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 });
  const server = await new Promise<Server>((done) => {
    // as: without options it is a server of node:http.
    const made = serve({ fetch: (request) => answer(request), hostname: '127.0.0.1', port: 0 }, () =>
      done(made),
    ) as Server;
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (by: typeof answer): void => {
      answer = by;
    },
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};

test('log in at the issuer, come back to the page that was wanted, vote, and log out at both', async () => {
  const http = await listen();
  const redirectUrl = `${http.url}/login/callback`;
  const issuer = await startIssuer(redirectUrl, { '4711': {} });
  const provider = oidcProvider({
    issuer: issuer.url,
    clientId: CLIENT_ID,
    clientSecret: new Secret(CLIENT_SECRET),
    redirectUrl,
  });
  const door = openDoor(
    undefined,
    { judging: judgingHere() },
    { links: null, oidc: { provider, redirectUrl }, folder: DIST },
  );
  door.setPeople({
    ...door.people(),
    people: door
      .people()
      .people.map((one) =>
        one.id === 'ben' ? { ...one, accounts: { oidc: `${issuer.url}#4711` } } : { ...one, accounts: {} },
      ),
  });
  http.answer((request) => door.app.fetch(request));
  const { page, troubles, close } = await openPage(browser, http.url);
  // The pages of the issuer for tests name a font elsewhere; nothing is fetched from there.
  const ofIssuer = [issuer.url, 'https://fonts.googleapis.com'];
  await page.route('https://**', (route) => route.abort());
  try {
    const command = 'kubectl scale deployment web -n production --replicas=5';
    const body = JSON.stringify({ command, incident: 'INC-1' });
    const proposed = await door.ask('healer', 'POST', '/v1/proposals', { body });
    assert.equal(proposed.status, 201, await proposed.text());

    await page.goto('/proposals/p-1');
    await page.click('[data-testid="login"] a.primary');
    await page.fill('input[name="login"]', '4711');
    await page.fill('input[name="password"]', 'any');
    await page.click('button[type="submit"]');
    // The issuer asks once whether the gate may know who it is.
    await page.click('button[type="submit"]');
    await page.waitForURL(`${http.url}/proposals/p-1`);
    await page.waitForSelector('.link-state.live');

    await page.click('[data-testid="approve"]');
    await until(async () => (await door.stage.read('p-1')).state === 'approved');
    const [vote] = (await door.stage.read('p-1')).votes;
    assert.deepEqual([vote?.person, vote?.channel], ['ben', 'oidc']);
    assert.equal(vote?.proof?.kind === 'session' && vote.proof.account, `${issuer.url}#4711`);
    await page.waitForSelector('[data-testid="votes"] :text("company login")');

    await page.click('button:has-text("Log out")');
    await page.waitForURL(`${issuer.url}/**`);
    await page.click('button[type="submit"][value="yes"], button[autofocus]');
    await page.waitForURL(`${http.url}/`);
    await page.waitForSelector('[data-testid="login"]');
    const session = (await (await page.request.get(`${http.url}/v1/session`)).json()) as { readonly person: unknown };
    assert.equal(session.person, null);
    assert.deepEqual(
      troubles.filter((trouble) => !ofIssuer.some((origin) => trouble.startsWith(`a request to ${origin}/`))),
      [],
    );
  } finally {
    door.ending.abort();
    await close();
    await Promise.all([issuer.close(), http.close()]);
  }
});
