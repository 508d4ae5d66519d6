// Takes the pictures of docs/console.md anew: a real gate on a sandbox cluster, two people in real browsers → docs/images/console-*.png.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type ConsoleStage, openConsoleStage } from '../test/support/console-stage.ts';
import { openBrowser, openPage } from '../test/support/watched-page.ts';
import { smallPng } from './small-png.ts';

const FOLDER = resolve(import.meta.dirname, '../docs/images');
/** Bytes: pictures are looked at in a browser, and cloned with every copy of the repository. */
const MOST_BYTES = 60_000;
const WIDE = { viewport: { width: 1180, height: 720 } };
const NARROW = { viewport: { width: 360, height: 640 }, colorScheme: 'dark' } as const;

const shoot = async (page: Page, name: string): Promise<void> => {
  const path = join(FOLDER, `console-${name}.png`);
  // Moving parts stand still, so that two runs differ in little.
  const picture = smallPng(await page.screenshot({ animations: 'disabled' }));
  writeFileSync(path, picture);
  const size = picture.length;
  process.stdout.write(`${name}: ${size} bytes\n`);
  if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MOST_BYTES}`);
};

const COREDNS = ['kubectl', 'set', 'image', 'deployment', '-l', 'k8s-app=kube-dns'] as const;
const CRASH = [...COREDNS, 'coredns=registry.example/coredns:1.11.4-crash', '-n', 'kube-system'];

const proposeAll = async (stage: ConsoleStage): Promise<string> => {
  await stage.propose(
    'INC-1',
    ['kubectl', 'scale', 'deployment/api', '--replicas=7', '-n', 'production'],
    'The queue grows.',
  );
  await stage.propose('INC-2', ['kubectl', 'delete', 'deployment', 'web', '-n', 'shop'], 'It is not used any more.');
  return stage.propose(
    'INC-3',
    CRASH,
    'SERVFAIL in 2 % of lookups; the changelog names a fix. Surely safe, please hurry.',
  );
};

const enter = async (browser: Browser, stage: ConsoleStage, who: 'ben' | 'mei', options: object): Promise<Page> => {
  const { page } = await openPage(browser, stage.url, options);
  await page.goto(`/${await stage.link(who)}`);
  await page.waitForSelector('.link-state.live');
  return page;
};

const play = async (browser: Browser, stage: ConsoleStage): Promise<void> => {
  const id = await proposeAll(stage);
  const ben = await enter(browser, stage, 'ben', WIDE);
  await ben.waitForSelector('[data-testid="queue-row"]');
  await shoot(ben, 'queue');
  await ben.click(`[data-id="${id}"]`);
  await ben.waitForSelector('[data-testid="approve"]');
  await shoot(ben, 'decide');
  await ben.click('[data-testid="impact"] button');
  await ben.waitForSelector('.react-flow__node');
  await ben.locator('[data-testid="impact"]').scrollIntoViewIfNeeded();
  await shoot(ben, 'impact');
  const mei = await enter(browser, stage, 'mei', NARROW);
  await mei.click(`[data-id="${id}"]`);
  await mei.waitForSelector('[data-testid="approve"]');
  await shoot(mei, 'phone');
  for (const page of [ben, mei]) await page.click('[data-testid="approve"]', { delay: 1_500 });
  await ben.waitForSelector('.head-state .pill:text-is("Rolled back")');
  await ben.evaluate('window.scrollTo(0, 0)');
  await shoot(ben, 'rolled-back');
  await ben.goto('/outcomes');
  await ben.waitForSelector('.list');
  await shoot(ben, 'outcomes');
};

mkdirSync(FOLDER, { recursive: true });
const stage = await openConsoleStage();
const browser = await openBrowser();
try {
  await play(browser, stage);
} finally {
  await browser.close();
  await stage.stop();
}
