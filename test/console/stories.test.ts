// Two people decide through the page of a real gate, in real browsers, and see live what becomes of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { fillHistory } from '../../bench/load-history.ts';
import type { PersonName } from '../../src/doors/demo/story.ts';
import { type ConsoleStage, openConsoleStage } from '../support/console-stage.ts';
import { openBrowser, openPage, until, type WatchedPage } from '../support/watched-page.ts';

let browser: Browser;
let stage: ConsoleStage;
const opened: WatchedPage[] = [];
before(async () => {
  stage = await openConsoleStage();
  browser = await openBrowser();
});
after(async () => {
  for (const { close } of opened) await close();
  await browser.close();
  await stage.stop();
});

/** A browser of a person, logged in by a one-time link; it stands at the queue. */
const enter = async (person: PersonName, options: Parameters<typeof openPage>[2] = {}): Promise<Page> => {
  const watched = await openPage(browser, stage.url, options);
  opened.push(watched);
  await watched.page.goto(`/${await stage.link(person)}`);
  await watched.page.waitForSelector('.link-state.live');
  return watched.page;
};

/** Violations of the policy, errors and requests elsewhere, of all browsers so far. */
const troubles = (): readonly string[] => opened.flatMap((watched) => watched.troubles);

const seen = (page: Page, state: string): Promise<unknown> =>
  page.waitForSelector(`.head-state .pill:text-is("${state}")`);

const COREDNS = ['kubectl', 'set', 'image', 'deployment', '-l', 'k8s-app=kube-dns'] as const;

test('two people approve a dual remediation, one by mouse and one by keyboard alone; both see it succeed', async () => {
  const [ben, mei] = [await enter('ben'), await enter('mei')];
  await ben.waitForSelector('.notice-title');
  const id = await stage.propose('INC-1', [...COREDNS, 'coredns=registry.example/coredns:1.12.1', '-n', 'kube-system']);
  for (const page of [ben, mei]) {
    await page.waitForSelector(`[data-testid="queue-row"][data-id="${id}"]`);
    await until(async () => (await page.title()) === '(1) Blastgate');
  }
  await ben.click(`[data-id="${id}"]`);
  assert.equal(await ben.textContent('[data-testid="score"]'), '55');
  assert.equal(await ben.locator('[data-testid="diff"] .added').count(), 1);
  await ben.click('[data-testid="approve"]', { delay: 1_500 });
  await ben.waitForSelector('[data-testid="votes"] :text("1 of 2")');

  await mei.waitForSelector('.row-needed:has-text("1 of 2")');
  await mei.keyboard.press('j');
  await mei.waitForSelector('[data-testid="queue-row"]:focus');
  await mei.keyboard.press('Enter');
  await mei.waitForSelector('[data-testid="approve"]:not([disabled])');
  await mei.keyboard.press('a');
  await mei.waitForSelector('[data-testid="approve"]:focus');
  await mei.keyboard.press('Enter', { delay: 1_500 });

  for (const page of [ben, mei]) {
    await seen(page, 'Succeeded');
    await page.waitForSelector('[data-testid="timeline"] svg');
  }
  assert.equal(await stage.state(id), 'succeeded');
  assert.deepEqual(troubles(), []);
});

test('a vote is taken back with one key while nothing has run, and may be given again', async () => {
  const [ben, mei] = [await enter('ben'), await enter('mei')];
  const id = await stage.propose('INC-5', [...COREDNS, 'coredns=registry.example/coredns:1.12.2', '-n', 'kube-system']);
  for (const page of [ben, mei]) await page.goto(`/proposals/${id}`);
  await ben.click('[data-testid="approve"]', { delay: 1_500 });
  await mei.waitForSelector('[data-testid="votes"] :text("1 of 2")');
  await ben.waitForSelector('.decide-more button');
  await ben.keyboard.press('u');
  await mei.waitForSelector('[data-testid="votes"] :text("0 of 2")');
  await mei.waitForSelector('.timeline :text("Vote taken back")');
  await ben.waitForSelector('[data-testid="approve"]:not([disabled])');
  assert.deepEqual(troubles(), []);
});

test('what goes wrong is rolled back before the eyes of both, on a phone and in Chinese too', async () => {
  const ben = await enter('ben', { viewport: { width: 360, height: 740 }, hasTouch: true });
  const mei = await enter('mei', { locale: 'zh-TW', colorScheme: 'dark' });
  const image = 'coredns=registry.example/coredns:1.11.4-crash';
  const id = await stage.propose('INC-2', [...COREDNS, image, '-n', 'kube-system'], 'Surely safe, please hurry.');
  for (const page of [ben, mei]) {
    await page.click(`[data-id="${id}"]`);
    await page.click('[data-testid="approve"]', { delay: 1_500 });
    await page.waitForSelector('.decide .good-text, .columns [data-testid="timeline"] svg');
  }
  await seen(ben, 'Rolled back');
  await seen(mei, '已回復');
  await ben.waitForSelector('.chart .bad-text:text("CrashLoopBackOff")');
  assert.equal(await stage.state(id), 'rolled-back');
  assert.deepEqual(troubles(), []);
});

test('who answers for the agent may not approve its proposal; a rejection ends it, and the history has all', async () => {
  const [ana, ben] = [await enter('ana'), await enter('ben')];
  const id = await stage.propose('INC-3', ['kubectl', 'scale', 'deployment/api', '--replicas=7', '-n', 'production']);
  await ana.goto(`/proposals/${id}`);
  await ana.waitForSelector('.decide :text("another person must approve")');
  assert.equal(await ana.locator('[data-testid="approve"]').count(), 0);
  await ben.goto(`/proposals/${id}`);
  await ben.waitForSelector('[data-testid="reject"]');
  await ben.keyboard.press('r');
  await ben.keyboard.type('not in the evening');
  await ben.keyboard.press('Tab');
  await ben.keyboard.press('Tab');
  await ben.keyboard.press('Enter');
  await seen(ana, 'Rejected');
  await ana.waitForSelector('[data-testid="votes"] q:text("not in the evening")');
  await ana.goto('/outcomes');
  await ana.waitForSelector('.list a:text("INC-2")');
  await ana.goto('/audit?incident=INC-3');
  await ana.waitForSelector('.list td:text("ben")');
  await ana.goto('/audit');
  await ana.waitForSelector('.list td:text("Logged in")');
  await ana.goto('/policy');
  await ana.waitForSelector('pre:has-text("tiers")');
  await ana.fill('[type="search"]', 'no-way-back');
  await ana.waitForSelector('.codes dt:has-text("no-way-back")');
  await ana.fill('.try input', 'kubectl delete namespace shop');
  await ana.keyboard.press('Enter');
  await ana.waitForSelector('.score-big.tier-blocked');
  assert.deepEqual(troubles(), []);
});

test('a gate that is started anew is waited for; the session holds, and what happened meanwhile is there', async () => {
  const mei = await enter('mei');
  const id = await stage.propose('INC-4', ['kubectl', 'scale', 'deployment/api', '--replicas=8', '-n', 'production']);
  await mei.goto(`/proposals/${id}`);
  await mei.waitForSelector('[data-testid="approve"]');
  const from = troubles().length;
  await stage.restart(async () => {
    await mei.waitForSelector('.link-state.lost');
    await mei.waitForSelector('.decide .warn-text');
  });
  await mei.waitForSelector('.link-state.live');
  await mei.click('[data-testid="approve"]');
  await seen(mei, 'Succeeded');
  assert.deepEqual(
    troubles()
      .slice(from)
      .filter((trouble) => !trouble.includes('ERR_CONNECTION')),
    [],
  );
});

test('among 10,000 stored remediations one is found by its incident, and each can be scrolled to', async () => {
  await stage.propose('INC-6', ['kubectl', 'scale', 'deployment/api', '--replicas=9', '-n', 'production']);
  await stage.restart((dataDir) => fillHistory(dataDir, 0, 10_000));
  const mei = await enter('mei');
  await mei.goto('/?list=ended');
  await mei.waitForSelector('[data-testid="queue-row"]');
  await until(async () => {
    await mei.evaluate(`document.querySelector('.virtual').scrollTo({ top: 1e9 })`);
    return Number(await mei.getAttribute('.virtual li', 'aria-setsize')) > 1_000;
  });
  await mei.keyboard.press('/');
  await mei.waitForSelector('input:focus');
  await mei.keyboard.type('INC-H7777');
  await mei.keyboard.press('Enter');
  await mei.waitForSelector('[data-testid="queue-row"]:has-text("INC-H7777")');
  assert.equal(await mei.locator('[data-testid="queue-row"]').count(), 1);
});

test('logging out ends the session for every page of it, and its link opens nothing twice', async () => {
  const fragment = await stage.link('ben');
  const { page } = await openPage(browser, stage.url);
  await page.goto(`/${fragment}`);
  await page.waitForSelector('.link-state.live');
  const beside = await page.context().newPage();
  await beside.goto('/audit');
  await beside.waitForSelector('.list');
  await page.click('.me button');
  await page.waitForSelector('[data-testid="login"]');
  await beside.waitForSelector('[data-testid="login"]');
  await page.goto('about:blank');
  await page.goto(`/${fragment}`);
  await page.waitForSelector('[data-testid="login"] [role="alert"]');
  await page.context().close();
});
