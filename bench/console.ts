// The console's budgets: bytes of the first load, time until the queue is seen, and the frames while 50,000 rows are scrolled.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { buildConsole } from '../scripts/build-console.ts';
import { scriptedGate } from '../test/fakes/scripted-gate.ts';
import { openConsoleStage } from '../test/support/console-stage.ts';
import { startPageServer } from '../test/support/page-server.ts';
import { aProposal } from '../test/support/shown-proposal.ts';
import { openBrowser, openPage } from '../test/support/watched-page.ts';

const DIST = resolve(import.meta.dirname, '../console/dist');
const [FIRST_LOAD_KB, FIRST_SEEN_MS] = [200, 1_000];
const ROWS = 50_000;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** What index.html names is loaded first; the rest when a screen asks for it. */
const sizes = (): void => {
  const html = readFileSync(join(DIST, 'index.html'), 'utf8');
  const first = [
    'index.html',
    ...[...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path]) => path ?? ''),
  ];
  const all = ['index.html', ...readdirSync(join(DIST, 'assets')).map((name) => `assets/${name}`)];
  const kilobytes = (names: readonly string[], pack: (body: Buffer) => Buffer): number =>
    names.reduce((sum, name) => sum + pack(readFileSync(join(DIST, name))).length, 0) / 1000;
  say('| | gzip | brotli | raw |');
  say('|---|---|---|---|');
  for (const [what, names] of [
    [`first load (budget ${FIRST_LOAD_KB} KB)`, first],
    ['everything, with the impact picture', all],
  ] as const) {
    const raw = names.reduce((sum, name) => sum + statSync(join(DIST, name)).size, 0) / 1000;
    const [gzip, brotli] = [kilobytes(names, gzipSync), kilobytes(names, brotliCompressSync)];
    say(`| ${what} | ${gzip.toFixed(0)} KB | ${brotli.toFixed(0)} KB | ${raw.toFixed(0)} KB |`);
  }
};

/** Milliseconds from the navigation until a row of the queue is in the page, by the page's own clock. */
const seenAfter = async (page: Page): Promise<number> => {
  await page.reload({ waitUntil: 'commit' });
  await page.waitForSelector('[data-testid="queue-row"]', { state: 'attached' });
  return Number(await page.evaluate('performance.now()'));
};

const firstSeen = async (): Promise<void> => {
  const stage = await openConsoleStage();
  const browser = await openBrowser();
  try {
    await stage.propose('INC-1', ['kubectl', 'scale', 'deployment/api', '--replicas=7', '-n', 'production']);
    const { page } = await openPage(browser, stage.url);
    await page.goto(`/${await stage.link('ben')}`);
    await page.waitForSelector('[data-testid="queue-row"]');
    const times: number[] = [];
    for (let run = 0; run < 7; run += 1) times.push(await seenAfter(page));
    times.sort((one, other) => one - other);
    say(
      `first useful paint of the queue, ${times.length} loads: median ${times[3]?.toFixed(0)} ms, worst ${times.at(-1)?.toFixed(0)} ms (budget ${FIRST_SEEN_MS} ms)`,
    );
  } finally {
    await browser.close();
    await stage.stop();
  }
};

/** Evaluated in the page: scrolls to the end in 300 frames; the times between two frames, in milliseconds, sorted. */
const SCROLL = `new Promise((done) => {
  const list = document.querySelector('.virtual');
  const end = list.scrollHeight - list.clientHeight;
  let [frame, before] = [0, performance.now()];
  const times = [];
  const step = (now) => {
    times.push(now - before);
    before = now;
    if (frame === 300) return done({ times: times.sort((a, b) => a - b), nodes: document.querySelectorAll('.virtual li').length });
    list.scrollTop = (end * ++frame) / 300;
    requestAnimationFrame(step);
  };
  requestAnimationFrame((now) => { before = now; requestAnimationFrame(step); });
})`;

const scrolling = async (): Promise<void> => {
  const gate = scriptedGate();
  const model = aProposal();
  const spec = {
    ...model.spec,
    impact: { nodes: [], edges: [] },
    facts: [],
    effects: [],
    constraints: [],
    reasons: [],
  };
  const at = (id: number): string => new Date(Date.parse(model.createdAt) - id * 1000).toISOString();
  gate.answers.set('/v1/proposals', ({ searchParams }) => {
    if (searchParams.get('state') !== null) return { proposals: [], next: null };
    const [from, limit] = [Number(searchParams.get('cursor') ?? 0), 10_000];
    const ids = Array.from({ length: Math.min(limit, ROWS - from) }, (_, n) => from + n);
    const proposals = ids.map((id) => ({ ...model, spec, id: `p-${id}`, createdAt: at(id), events: [] }));
    return { proposals, next: from + limit < ROWS ? String(from + limit) : null };
  });
  const server = await startPageServer((request) => gate.answer(request));
  const browser = await openBrowser();
  try {
    const { page } = await openPage(browser, server.url);
    await page.goto('/?list=all');
    for (let rows = 10_000; rows <= ROWS; rows += 10_000) {
      await page.waitForSelector(`.virtual li[aria-setsize="${rows}"]`);
      await page.evaluate(`document.querySelector('.virtual').scrollTo({ top: 1e9 })`);
    }
    await page.evaluate(`document.querySelector('.virtual').scrollTo({ top: 0 })`);
    // as: what SCROLL answers.
    const { times, nodes } = (await page.evaluate(SCROLL)) as { times: readonly number[]; nodes: number };
    const at = (part: number): string => (times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(0);
    say(
      `${ROWS} rows scrolled from end to end in 300 frames: frames of ${at(0.5)} ms (p50), ${at(0.95)} ms (p95), ${at(1)} ms at most; ${nodes} rows in the page`,
    );
  } finally {
    await browser.close();
    await server.stop();
  }
};

export async function run(): Promise<void> {
  await buildConsole({ ifStale: true });
  sizes();
  say('');
  await firstSeen();
  await scrolling();
}
