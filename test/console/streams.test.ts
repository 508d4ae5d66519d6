// Event streams of a session end with it: by logout, also at another gate of the same store, by time, and with the person.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClock } from '../fakes/clock.ts';
import { type Browser, openBrowser } from '../support/browser.ts';
import { openDoor } from '../support/door.ts';

const open = async () => {
  const clock = fakeClock();
  const door = openDoor(undefined, { clock });
  const { token } = (await (await door.ask('ben', 'POST', '/v1/login-links')).json()) as { token: string };
  const browser = openBrowser(door);
  assert.equal((await browser.send('POST', '/login/link', { body: JSON.stringify({ token }) })).status, 204);
  const response = await browser.get('/v1/events');
  assert.equal(response.status, 200);
  const reader = response.body?.getReader();
  assert.ok(reader);
  assert.equal((await reader.read()).done, false, 'it says that it is ready');
  const ended = (async (): Promise<true> => {
    while (!(await reader.read()).done);
    return true;
  })();
  /** Lets the stream look at its session, until it has ended. */
  const endsSoon = async (): Promise<void> => {
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    for (let turn = 0; turn < 2_000 && !isOver; turn += 1) {
      if (turn % 20 === 19) clock.pass(1);
      await new Promise((done) => setImmediate(done));
    }
    assert.ok(isOver, 'the stream is still open');
  };
  return { door, clock, browser, ended, endsSoon };
};
type Opened = Awaited<ReturnType<typeof open>>;

const ENDS: readonly (readonly [what: string, end: (opened: Opened, browser: Browser) => unknown])[] = [
  ['logout', (_, browser) => browser.write('POST', '/logout')],
  [
    'logout at another gate of the same store',
    ({ door, clock }, browser) => {
      const other = openBrowser(openDoor(undefined, { clock, store: door.gate.store }));
      other.jar.set('blastgate', browser.token());
      return other.write('POST', '/logout');
    },
  ],
  ['an hour without use', ({ clock }) => clock.pass(3600)],
  [
    'the person is gone',
    ({ door }) => {
      door.setPeople({ ...door.people(), people: door.people().people.filter(({ id }) => id !== 'ben') });
      door.gate.wakeSignal.notify();
    },
  ],
];
for (const [what, end] of ENDS)
  test(`a stream ends: ${what}`, async () => {
    const opened = await open();
    await end(opened, opened.browser);
    await opened.endsSoon();
    assert.equal((await opened.browser.get('/v1/events')).status, 401);
  });
