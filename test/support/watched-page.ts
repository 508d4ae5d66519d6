// A browser for tests: one Chromium for a file, and pages that tell what a person would not see (violations, errors, origins).
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';

/** Milliseconds that a test waits for something to be seen: the machine may be slow, and nothing is said of its speed. */
export const PATIENCE_MS = 30_000;

/** Only these two: the other arguments that the package offers are for a place without threads. */
const ARGS = ['--no-sandbox', '--disable-gpu'];

/** Named by what is in it: another version has another folder. */
const UNPACKED = join(tmpdir(), 'blastgate-chromium-153.0.0');

/**
 * The package unpacks 200 MB where os.tmpdir() says, in place: of two test files that begin at a time the second would start
 * half a program. So each unpacks into a folder of its own, and the first that is done gives it its name.
 */
const unpacked = async (): Promise<string> => {
  if (!existsSync(UNPACKED)) {
    const own = mkdtempSync(join(tmpdir(), 'blastgate-chromium-'));
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = own;
    try {
      await chromium.executablePath();
      renameSync(own, UNPACKED);
    } catch (error) {
      rmSync(own, { recursive: true, force: true });
      if (!existsSync(UNPACKED)) throw error;
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  }
  return join(UNPACKED, 'chromium');
};

export async function openBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await unpacked(), args: ARGS, headless: true });
}

export interface WatchedPage {
  readonly page: Page;
  /** What went wrong unseen since it was opened: errors, violations of the policy, requests to another origin. */
  readonly troubles: readonly string[];
  readonly close: () => Promise<void>;
}

/** A page in a context of its own: another person, another size, another colour. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: origin, locale: 'en-GB', ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A failed request is said by the page itself, and is what some tests are about.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      troubles.push(message.text());
  });
  page.on('dialog', (dialog) => {
    troubles.push(`a script has opened a dialogue: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('data:')) troubles.push(`a request to ${url}`);
  });
  await page.addInitScript({
    content: `document.addEventListener('securitypolicyviolation', (event) =>
      console.error('violates ' + event.violatedDirective + ': ' + event.blockedURI + ' ' + event.sample))`,
  });
  return { page, troubles, close: () => context.close() };
}

/** Resolves once it holds; throws after PATIENCE_MS. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it does not come to hold');
    await new Promise((done) => setTimeout(done, 50));
  }
}

interface AxeFinding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Fails where axe finds something serious or critical on the page as it is shown. */
export async function assertAccessible(page: Page): Promise<void> {
  // Evaluated by the debugger, not by a script element: the content security policy stays as it is.
  const found = (await page.evaluate(`${axe.source}; axe.run(document, { resultTypes: ['violations'] })`)) as {
    readonly violations: readonly AxeFinding[];
  };
  const grave = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(
    grave.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('\n')}`,
    ),
    [],
  );
}
