// The console's screens in a real browser, against a scripted gate: what a real one does not say at will.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page, Request } from 'playwright-core';
import type { Insight, Proposal } from '../../console/src/api/types.ts';
import { CHANNELS } from '../../src/core/model/channel.ts';
import type { ObjectKey } from '../../src/core/model/object-ref.ts';
import { TIERS } from '../../src/core/model/tier.ts';
import { NOTE_NAMES } from '../../src/core/remediation/audit-line.ts';
import { EVENT_NAMES } from '../../src/core/remediation/event.ts';
import { STATES } from '../../src/core/remediation/state.ts';
import { VERDICT_CODES } from '../../src/core/remediation/verdict.ts';
import { A_SESSION, problemResponse, type ScriptedGate, scriptedGate } from '../fakes/scripted-gate.ts';
import { DIGEST } from '../support/dual-spec.ts';
import { type PageServer, startPageServer } from '../support/page-server.ts';
import { aProposal, event, hindered, sampled } from '../support/shown-proposal.ts';
import { assertAccessible, openBrowser, openPage, until, type WatchedPage } from '../support/watched-page.ts';

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

interface Stage {
  readonly gate: ScriptedGate;
  readonly server: PageServer;
  readonly open: (options?: Parameters<typeof openPage>[2]) => Promise<WatchedPage>;
}

/** A scripted gate with one proposal that waits; every page must be clean at the end but for what `allowed` names. */
const onStage = async (run: (stage: Stage) => Promise<void>, allowed = /^$/): Promise<void> => {
  const gate = scriptedGate();
  serveList(gate, () => [aProposal()]);
  const server = await startPageServer((request) => gate.answer(request));
  const pages: WatchedPage[] = [];
  try {
    await run({
      gate,
      server,
      open: async (options = {}) => {
        const opened = await openPage(browser, server.url, options);
        pages.push(opened);
        return opened;
      },
    });
    for (const { troubles } of pages)
      assert.deepEqual(
        troubles.filter((trouble) => !allowed.test(trouble)),
        [],
      );
  } finally {
    for (const { close } of pages) await close();
    await server.stop();
  }
};

const SHARE = { count: 3, succeeded: 2, rolledBack: 1 };
const INSIGHT: Insight = {
  counts: { total: 3, succeeded: 2, rolledBack: 1, failed: 0, rejected: 0 },
  by: {
    tier: TIERS.map((name) => ({ name, ...SHARE })),
    action: [{ name: 'scale', ...SHARE }],
    target: [{ name: 'shop/deployment/web', ...SHARE }],
    agent: [{ name: 'healer', ...SHARE }],
  },
  toApprove: { p50: 60, p90: 120 },
  hasty: 0,
  falseAlarms: 0,
  more: true,
  budget: { used: 4, of: 60 },
};

/** Lists by state, pages of `limit`, single ones by id; the insight of nothing. */
const serveList = (gate: ScriptedGate, all: () => readonly Proposal[]): void => {
  gate.answers.set('/v1/proposals', ({ searchParams }) => {
    const [state, incident] = [searchParams.get('state'), searchParams.get('incident')];
    const fits = all().filter(
      (one) => (state ?? one.state) === one.state && (incident ?? one.incident) === one.incident,
    );
    const [from, limit] = [Number(searchParams.get('cursor') ?? 0), Number(searchParams.get('limit') ?? 50)];
    const next = from + limit < fits.length ? String(from + limit) : null;
    return { proposals: fits.slice(from, from + limit), next };
  });
  for (const one of all().slice(0, 10)) gate.answers.set(`/v1/proposals/${one.id}`, () => one);
  gate.answers.set('/v1/outcomes', () => ({ outcomes: [], summary: [], next: null }));
  gate.answers.set('/v1/insight', () => INSIGHT);
  gate.answers.set('/v1/audit', () => ({ lines: [], next: null }));
};

const HOSTILE = '<img src=x onerror=alert(1)>"\'><script>alert(2)</script>{{7*7}}\u202Eevil\u200B javascript:alert(3)';

/** Every text of a value replaced, but those that the page reads as data. */
const KEPT =
  /^(state|tier|digest|id|at|createdAt|expiresAt|event|from|to|op|fidelity|role|decision|channel|evidence|rehearsed|ended|proposed|approved|executed|path|relation|leadsTo|direction|seen|kind|uid)$/;
const poisoned = (value: unknown, key = ''): unknown => {
  if (typeof value === 'string') return KEPT.test(key) ? value : HOSTILE;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, poisoned(inner, name)]));
  return value;
};

const RAN = aProposal({
  id: 'p-2',
  incident: 'INC-9',
  state: 'rolled-back',
  votes: [],
  review: { issueUrl: 'javascript:alert(4)', issueNumber: 3, error: null },
  refusals: [{ code: 'x', message: 'y', remedy: 'z' }],
  output: { stdout: 'out', stderr: 'err', exitCode: 1, truncated: false },
  verdict: { is: 'failing', code: 'trouble', message: 'm' },
  doubt: { en: 'w', 'zh-TW': 'w' },
  events: [
    event('write-intended', 2, { direction: 'forward' }),
    event('voted', 3, { vote: { person: 'p', channel: 'http', decision: 'approve' } }),
    sampled(4, 2, 1),
    sampled(5, 4, 2),
    sampled(6, 2, 2, 'back'),
    event('went-stale', 7, { refusal: { code: 'c', about: 'a' } }),
  ],
});

const OUTCOME = {
  key: 'declarative:INC-9',
  incident: 'INC-9',
  proposal: 'p-2',
  action: 'scale',
  target: 'deployment/web',
  namespace: 'shop',
  objects: [],
  blast_radius_score: 55,
  tier: 'dual',
  rolled_back: true,
  state: 'rolled-back',
  times: { proposed: RAN.createdAt, approved: RAN.createdAt, executed: RAN.createdAt, ended: RAN.createdAt },
};
const AUDIT_LINES = [
  { seq: 1, deed: { kind: 'note', at: RAN.createdAt, what: 'paused', who: 'ana', about: 'the gate' } },
  {
    seq: 2,
    deed: {
      kind: 'step',
      proposal: 'p-2',
      record: { at: RAN.createdAt, event: { event: 'voted', vote: { person: 'ben' } }, from: null, to: 'approved' },
    },
  },
];

/** All that the pages can show, each part filled. */
const serveAll = (gate: ScriptedGate, change: (value: unknown) => unknown = (value) => value): void => {
  // as: the same shape, other texts.
  const proposals = [aProposal(), RAN].map((one) => change(one) as Proposal);
  serveList(gate, () => proposals);
  gate.answers.set('/v1/outcomes', () => change({ outcomes: [OUTCOME], summary: [], next: null }));
  gate.answers.set('/v1/insight', () => change(INSIGHT));
  gate.answers.set('/v1/audit', () => change({ lines: AUDIT_LINES, next: null }));
  gate.answers.set('/v1/codes', () =>
    change({ codes: [{ kind: 'reasons', code: 'base', message: 'base', remedy: 'r' }] }),
  );
  gate.answers.set('/v1/policy', () => change({ digest: 'sha256:1', text: 'version: 1' }));
  gate.answers.set('/v1/score', () =>
    change({
      score: 5,
      tier: 'auto',
      reasons: [{ code: 'base', points: 5, message: 'base' }],
      refusals: [{ code: 'c', message: 'm', remedy: 'r' }],
      hardRule: { code: 'c', message: 'm' },
      runnable: { is: false, why: 'w' },
    }),
  );
};

/** Each screen, opened as a person would find it, all parts unfolded. */
const SCREENS: readonly (readonly [string, (page: WatchedPage['page']) => Promise<unknown>])[] = [
  ['/', (page) => page.waitForSelector('[data-testid="queue-row"]')],
  [
    '/proposals/p-1',
    async (page) => {
      await page.waitForSelector('[data-testid="approve"]');
      await page.click('[data-testid="impact"] button');
      await page.waitForSelector('.react-flow__node');
    },
  ],
  ['/proposals/p-2', (page) => page.waitForSelector('[data-testid="timeline"] svg')],
  ['/outcomes', (page) => page.waitForSelector('.list')],
  ['/audit', (page) => page.waitForSelector('.list')],
  [
    '/policy',
    async (page) => {
      await page.fill('.try input', 'kubectl get pods');
      await page.click('.try button');
      await page.waitForSelector('.score-big');
      await page.waitForSelector('.codes dt');
    },
  ],
];

/** Evaluated in the page: what was made of hostile words, and how they are shown. */
const SEEN = `({
  made: document.querySelectorAll('img, script:not([type="module"]), [onerror], iframe').length,
  links: [...document.querySelectorAll('a')].filter((link) => link.protocol === 'javascript:').length,
  unseen: /[\u202E\u200B]/.test(document.body.innerText),
  shown: document.body.innerText.includes('<script>alert(2)</script>'),
})`;

test('words of others stay words on every screen, with what is unseen in them written out', async () => {
  await onStage(async ({ gate, open }) => {
    serveAll(gate, poisoned);
    const { page } = await open();
    for (const [path, ready] of SCREENS) {
      await page.goto(path);
      await ready(page);
      // as: the value of the expression.
      const found = (await page.evaluate(SEEN)) as object;
      assert.deepEqual({ path, ...found }, { path, made: 0, links: 0, unseen: false, shown: true });
    }
  });
});

for (const [name, options] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['360 pixels, in Chinese', { viewport: { width: 360, height: 740 }, locale: 'zh-TW' }],
] as const)
  test(`no screen has a serious finding of axe, or is wider than the window: ${name}`, async () => {
    await onStage(async ({ gate, open }) => {
      serveAll(gate);
      const { page } = await open(options);
      for (const [path, ready] of SCREENS) {
        await page.goto(path);
        await ready(page);
        await assertAccessible(page);
        const wider = Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'));
        assert.ok(wider <= 0, `${path} is ${wider} pixels wider than the window`);
      }
      gate.session.value = { ...A_SESSION, person: null, csrf: null };
      await page.goto('/');
      await page.waitForSelector('[data-testid="login"]');
      await assertAccessible(page);
    });
  });

test('50,000 remediations scroll to any place, and only a screenful is in the page', async () => {
  const count = 50_000;
  await onStage(async ({ gate, open }) => {
    const model = aProposal();
    serveList(gate, () => []);
    gate.answers.set('/v1/proposals', ({ searchParams }) => {
      const [from, limit] = [Number(searchParams.get('cursor') ?? 0), 10_000];
      if (searchParams.get('state') !== null) return { proposals: [], next: null };
      const ids = Array.from({ length: Math.min(limit, count - from) }, (_, at) => from + at);
      const small = {
        ...model.spec,
        impact: { nodes: [], edges: [] },
        facts: [],
        effects: [],
        constraints: [],
        reasons: [],
      };
      const createdAt = (id: number) => new Date(Date.parse(model.createdAt) - id * 1000).toISOString();
      const proposals = ids.map((id) => ({
        ...model,
        spec: small,
        id: `p-${id}`,
        incident: `INC-${id}`,
        createdAt: createdAt(id),
        events: [],
      }));
      return { proposals, next: from + limit < count ? String(from + limit) : null };
    });
    const { page } = await open();
    await page.goto('/?list=all');
    await page.waitForSelector('[data-id="p-0"]');
    for (let pages = 0; pages < count / 10_000; pages += 1) {
      const rows = (pages + 1) * 10_000;
      await page.waitForSelector(`.virtual li[aria-setsize="${rows}"]`);
      await page.evaluate(`document.querySelector('.virtual').scrollTo({ top: 1e9 })`);
    }
    await page.waitForSelector(`[data-id="p-${count - 1}"]`);
    assert.ok((await page.locator('[data-testid="queue-row"]').count()) < 60);
  });
});

test('a filter looks through all pages before it says that nothing fits', async () => {
  await onStage(async ({ gate, open }) => {
    const rows = Array.from({ length: 900 }, (_, at) =>
      aProposal({ id: `p-${at}`, tier: at === 899 ? 'human' : 'dual' }),
    );
    serveList(gate, () => rows);
    const { page } = await open();
    await page.goto('/?tier=human');
    await page.waitForSelector('[data-id="p-899"]');
    await page.goto('/?tier=auto');
    await page.waitForSelector('text=Nothing matches these filters.');
  });
});

test('a picture of 200 objects shows each that ends or breaks, and folds what only stands near', async () => {
  // as: keys of objects.
  const node = (id: string, role: 'target' | 'goes' | 'breaks' | 'near') => ({
    id: id as ObjectKey,
    uid: null,
    role,
    count: 1,
  });
  const near = Array.from({ length: 190 }, (_, at) => node(`configmaps shop/c-${at}`, 'near'));
  const grave = Array.from({ length: 9 }, (_, at) => node(`services shop/s-${at}`, 'breaks'));
  const target = node('deployments.apps shop/web', 'target');
  const edges = [...near, ...grave].map(({ id }) => ({ from: target.id, to: id, relation: 'owns' as const }));
  await onStage(async ({ gate, open }) => {
    const { spec } = aProposal();
    serveList(gate, () => [aProposal({ spec: { ...spec, impact: { nodes: [target, ...grave, ...near], edges } } })]);
    const { page } = await open();
    await page.goto('/proposals/p-1');
    await page.click('[data-testid="impact"] button');
    await page.waitForSelector('.react-flow__node');
    const names = await page.locator('.box').evaluateAll((boxes) => boxes.map((box) => box.getAttribute('title')));
    assert.equal(names.length, 11);
    assert.ok(names.includes('configmaps * × 190'));
  });
});

test('a newer digest disables the decision until it is read; a hold sends the digest on the screen', async () => {
  await onStage(async ({ gate, open }) => {
    const { page } = await open();
    await page.goto('/proposals/p-1');
    const approve = page.locator('[data-testid="approve"]');
    await approve.waitFor();
    const newer = aProposal({ digest: `sha256:${'f'.repeat(64)}` });
    gate.answers.set('/v1/proposals/p-1', () => newer);
    gate.tell('decided', { proposal: 'p-1', from: 'proposed', to: 'awaiting-approval' });
    await page.waitForSelector('.decide [role="alert"]');
    assert.equal(await approve.isDisabled(), true);
    await page.click('.decide [role="alert"] button');
    gate.answers.set('POST /v1/proposals/p-1/votes', () => newer);
    await approve.click();
    assert.deepEqual(gate.sent, [], 'a tap alone decides nothing');
    await approve.click({ delay: 1_500 });
    await page.waitForSelector('.decide .good-text');
    assert.deepEqual(gate.sent, [
      {
        path: 'POST /v1/proposals/p-1/votes',
        body: { decision: 'approve', digest: newer.digest },
        csrf: 'a-csrf-token',
      },
    ]);
  });
});

test('a screen reader, which cannot hold, presses twice', async () => {
  await onStage(async ({ gate, open }) => {
    gate.answers.set('POST /v1/proposals/p-1/votes', () => aProposal());
    const { page } = await open();
    await page.goto('/proposals/p-1');
    const approve = page.locator('[data-testid="approve"]');
    await approve.waitFor();
    await approve.dispatchEvent('click');
    assert.deepEqual(gate.sent, []);
    await approve.dispatchEvent('click');
    await page.waitForSelector('.decide .good-text');
    assert.equal(gate.sent.length, 1);
  });
});

test('a rejection needs a reason, and a refusal of the gate says what to do', async () => {
  await onStage(async ({ gate, open }) => {
    gate.answers.set('POST /v1/proposals/p-1/votes', () =>
      problemResponse(409, 'expired', 'It is too late.', 'Propose it again.'),
    );
    const { page } = await open();
    await page.goto('/proposals/p-1');
    await page.waitForSelector('[data-testid="reject"]');
    await page.keyboard.press('r');
    const confirm = page.locator('[data-testid="reject-confirm"]');
    assert.equal(await confirm.isDisabled(), true);
    await page.fill('dialog textarea', 'wrong hour');
    await confirm.click();
    await page.waitForSelector('text=It is too late.');
    await page.waitForSelector('text=Propose it again.');
    assert.deepEqual(gate.sent[0]?.body, { decision: 'reject', digest: aProposal().digest, reason: 'wrong hour' });
  });
});

test('break-glass asks for a reason and a promise, of those alone who have the right', async () => {
  await onStage(async ({ gate, open }) => {
    const person = { id: 'ben', name: 'Ben', rights: ['read', 'break-glass'] };
    gate.session.value = { ...A_SESSION, person };
    const no = hindered('no-right');
    const yours = { approve: no, reject: no, breakGlass: null, takeBack: no };
    gate.answers.set('/v1/proposals/p-1', () => aProposal({ yours }));
    gate.answers.set('POST /v1/proposals/p-1/break-glass', () => aProposal({ state: 'approved' }));
    const { page } = await open();
    await page.goto('/proposals/p-1');
    await page.click('.decide .danger');
    const confirm = page.locator('[data-testid="break-glass-confirm"]');
    await page.fill('dialog textarea', 'the shop is down');
    assert.equal(await confirm.isDisabled(), true);
    await page.check('dialog input[type="checkbox"]');
    await confirm.click();
    await page.waitForSelector('.decide .good-text');
    assert.deepEqual(gate.sent[0]?.body, { digest: aProposal().digest, reason: 'the shop is down' });
  });
});

test('who may not decide is told why, and gets no button', async () => {
  await onStage(async ({ gate, open }) => {
    const { page } = await open();
    for (const [code, text] of [
      ['no-right', 'may not approve'],
      ['own-proposal', 'another person must approve'],
    ] as const) {
      const no = hindered(code);
      const yours = { approve: no, reject: no, breakGlass: no, takeBack: no };
      gate.answers.set('/v1/proposals/p-1', () => aProposal({ yours }));
      await page.goto('/proposals/p-1');
      await page.waitForSelector(`.decide :text("${text}")`);
      assert.equal(await page.locator('[data-testid="approve"], [data-testid="reject"]').count(), 0);
    }
  });
});

test('what this session cannot do is not offered: break-glass by a link where two are needed, a yes that would not count', async () => {
  await onStage(async ({ gate, open }) => {
    const person = { id: 'ben', name: 'Ben', rights: ['read', 'approve', 'break-glass'] };
    gate.session.value = { ...A_SESSION, person };
    const yours = {
      approve: hindered('wrong-channel', 'By this way it does not count.'),
      reject: null,
      breakGlass: hindered('wrong-channel'),
      takeBack: hindered('no-own-vote'),
    };
    gate.answers.set('/v1/proposals/p-1', () => aProposal({ yours }));
    const { page } = await open();
    await page.goto('/proposals/p-1');
    await page.waitForSelector('.decide :text("By this way it does not count.")');
    assert.equal(await page.locator('.decide-more button').count(), 0);
    assert.equal(await page.locator('[data-testid="approve"]').isDisabled(), true);
    assert.equal(await page.locator('[data-testid="reject"]').isDisabled(), false, 'a no counts however it comes');
  });
});

test('a slow gate shows that it loads; one that is gone shows what to do, and all comes back by itself', async () => {
  await onStage(async ({ gate, server, open }) => {
    let release = (): void => undefined;
    gate.hold = new Promise((done) => {
      release = done;
    });
    const { page } = await open();
    await page.goto('/');
    await page.waitForSelector('.loading');
    release();
    await page.waitForSelector('[data-testid="queue-row"]');
    await server.interrupt();
    await page.waitForSelector('.link-state.lost');
    await page.click('text=All');
    await page.waitForSelector('[role="alert"] :text("blastgate doctor")');
    serveList(gate, () => [aProposal({ id: 'p-7' })]);
    await server.resume();
    await page.waitForSelector('.link-state.live');
    await page.waitForSelector('[data-id="p-7"]');
  }, /ERR_CONNECTION|Failed to fetch/);
});

test('an error of the gate, nothing that fits and a wrong address each say what to do', async () => {
  await onStage(async ({ gate, open }) => {
    const { page } = await open();
    await page.goto('/?incident=INC-404');
    await page.click('text=Clear filters');
    await page.waitForSelector('[data-testid="queue-row"]');
    assert.equal(new URL(page.url()).search, '');
    await page.goto('/proposals/p-nowhere');
    await page.waitForSelector('text=There is no such proposal.');
    await page.goto('/nowhere');
    await page.waitForSelector('text=There is nothing at this address.');
    gate.answers.set('/v1/outcomes', () =>
      problemResponse(503, 'store-failed', 'The store cannot be read.', 'Look at the disk.'),
    );
    await page.goto('/outcomes');
    await page.waitForSelector('text=Look at the disk.');
    await page.waitForSelector('text=Try again');
  });
});

test('a session that has ended leads to the login, and back to the same address', async () => {
  await onStage(async ({ gate, open }) => {
    const { page } = await open();
    await page.goto('/proposals/p-1');
    await page.waitForSelector('[data-testid="approve"]');
    gate.session.value = { ...A_SESSION, person: null, csrf: null };
    gate.answers.set('/v1/proposals/p-1', () => problemResponse(401, 'unauthorized', 'Log in.'));
    gate.tell('voted', { proposal: 'p-1', from: 'awaiting-approval', to: 'awaiting-approval' });
    await page.waitForSelector('[data-testid="login"]');
    const href = await page.getAttribute('[data-testid="login"] a.primary', 'href');
    assert.equal(href, '/login/oidc?to=%2Fproposals%2Fp-1');
  });
});

test('a one-time link is spent by a POST, and its token leaves the address at once', async () => {
  await onStage(async ({ gate, open }) => {
    gate.session.value = { ...A_SESSION, person: null, csrf: null };
    gate.answers.set('POST /login/link', () => {
      gate.session.value = A_SESSION;
      return new Response(null, { status: 204 });
    });
    const { page } = await open();
    await page.goto('/proposals/p-1#login=a-token_1');
    await page.waitForSelector('[data-testid="approve"]');
    assert.equal(new URL(page.url()).hash, '');
    assert.deepEqual(gate.sent, [{ path: 'POST /login/link', body: { token: 'a-token_1' }, csrf: null }]);
    gate.session.value = { ...A_SESSION, person: null, csrf: null };
    gate.answers.set('POST /login/link', () => problemResponse(403, 'link-used', 'no'));
    await page.goto('about:blank');
    await page.goto('/#login=a-token_1');
    await page.waitForSelector('text=This link does not work');
  });
});

test('what waits for the reader stands in the title and the icon, and keys lead through all screens', async () => {
  await onStage(async ({ open }) => {
    const { page } = await open({ reducedMotion: 'reduce' });
    await page.goto('/');
    await until(async () => (await page.title()) === '(1) Blastgate');
    assert.match((await page.getAttribute('link[rel="icon"]', 'href')) ?? '', /^data:image\/svg\+xml,.*%3E1%3C/);
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open] kbd');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    for (const [keys, path] of [
      ['go', '/outcomes'],
      ['ga', '/audit'],
      ['gp', '/policy'],
      ['gq', '/'],
    ] as const) {
      for (const key of keys) await page.keyboard.press(key);
      await page.waitForURL((url) => url.pathname === path);
    }
    await page.waitForSelector('[data-testid="queue-row"]');
    await page.keyboard.press('j');
    await page.waitForSelector('[data-testid="queue-row"]:focus');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/proposals/p-1');
  });
});

/** What has the focus: the id of a row, the name that tests know it by, or else its tag. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(`{
    const { activeElement: one } = document;
    one.getAttribute('data-id') ?? one.getAttribute('data-testid') ?? one.tagName;
  }`);

test('by keyboard alone: a vote, its being taken back and a dialogue leave the focus where one goes on', async () => {
  await onStage(async ({ gate, open }) => {
    const voted = aProposal({
      needed: { approvals: 2, have: 1 },
      yours: { approve: hindered('already-voted'), reject: null, breakGlass: hindered('no-right'), takeBack: null },
      votes: [
        {
          person: 'ben',
          channel: 'link',
          decision: 'approve',
          digest: DIGEST,
          at: '2026-11-26T10:00:00.000Z',
          reason: null,
        },
      ],
    });
    let shown = aProposal();
    serveList(gate, () => [
      aProposal({ id: 'p-2', incident: 'INC-2', createdAt: '2026-11-26T11:00:00.000Z' }),
      aProposal(),
    ]);
    gate.answers.set('/v1/proposals/p-1', () => shown);
    const vote = (left: Proposal) => () => {
      shown = left;
      return left;
    };
    gate.answers.set('POST /v1/proposals/p-1/votes', vote(voted));
    gate.answers.set('DELETE /v1/proposals/p-1/votes', vote(aProposal()));
    const { page } = await open({ reducedMotion: 'reduce' });
    await page.goto('/');
    await page.waitForSelector('[data-testid="queue-row"]');
    assert.equal(await focused(page), 'BODY', "the first screen has the browser's own order");
    for (const key of ['j', 'j']) await page.keyboard.press(key);
    await until(async () => (await focused(page)) === 'p-1');
    await page.keyboard.press('Enter');
    await page.waitForSelector('h1:focus');

    await page.keyboard.press('r');
    await page.waitForSelector('dialog[open]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    assert.equal(await focused(page), 'H1');
    await page.focus('[data-testid="reject"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]');
    await page.click('dialog .dialog-buttons button:not(.danger)');
    await page.waitForSelector('dialog', { state: 'detached' });
    assert.equal(await focused(page), 'reject', 'a button closes the dialogue as Escape does');

    await page.keyboard.press('a');
    await page.waitForSelector('[data-testid="approve"]:focus');
    await page.keyboard.press('Enter', { delay: 1_500 });
    await page.waitForSelector('[data-testid="votes"] :text("1 of 2")');
    await until(async () => (await focused(page)) === 'outcome');
    await page.keyboard.press('u');
    await page.waitForSelector('[data-testid="votes"] :text("0 of 2")');
    await until(async () => (await focused(page)) === 'outcome');

    gate.answers.set('POST /v1/proposals/p-1/votes', () =>
      problemResponse(409, 'digest-mismatch', 'It is another one.'),
    );
    await page.keyboard.press('a');
    await page.waitForSelector('[data-testid="approve"]:focus');
    await page.keyboard.press('Enter', { delay: 1_500 });
    await page.waitForSelector('[data-testid="outcome"] .banner');
    await until(async () => (await focused(page)) === 'outcome');

    await page.keyboard.press('Escape');
    await until(async () => (await focused(page)) === 'p-1');
    await page.keyboard.press('k');
    await until(async () => (await focused(page)) === 'p-2');
    for (const key of ['g', 'p']) await page.keyboard.press(key);
    await page.waitForSelector('h1:focus');
    for (const key of ['g', 'q']) await page.keyboard.press(key);
    await page.waitForSelector('[data-testid="queue-row"]');
    await until(async () => (await focused(page)) === 'H1');
  });
});

test('going from screen to screen throws no request away, and what happens at a time is asked for once', async () => {
  await onStage(async ({ gate, open }) => {
    gate.answers.set('/v1/policy', () => ({ digest: 'sha256:1', text: 'tiers: {}', document: {} }));
    gate.answers.set('/v1/codes', () => ({ codes: [] }));
    const { page } = await open();
    const [asked, thrownAway]: [string[], string[]] = [[], []];
    const underWay = new Set<Request>();
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      asked.push(pathname);
      if (pathname !== '/v1/events') underWay.add(request);
    });
    page.on('requestfinished', (request) => underWay.delete(request));
    page.on('requestfailed', (request) => {
      underWay.delete(request);
      thrownAway.push(request.url());
    });
    const quiet = () => until(async () => underWay.size === 0);
    await page.goto('/');
    await page.waitForSelector('[data-testid="queue-row"]');
    for (const path of ['/outcomes', '/audit', '/policy', '/']) {
      await page.click(`nav a[href="${path}"]`);
      await page.waitForSelector(`nav a[href="${path}"][aria-current]`);
      await quiet();
    }
    await page.click('[data-testid="queue-row"]');
    await page.waitForSelector('h1:focus');
    await quiet();
    const before = asked.filter((path) => path === '/v1/proposals/p-1').length;
    assert.equal(before, 1, 'a screen that opens with the stream there asks once');

    let release: () => void = () => undefined;
    gate.hold = new Promise((resolve) => {
      release = resolve;
    });
    const first = page.waitForRequest('**/v1/proposals/p-1?*');
    for (let at = 0; at < 20; at += 1)
      gate.tell('voted', { proposal: 'p-1', from: 'awaiting-approval', to: 'awaiting-approval' });
    await first;
    gate.hold = Promise.resolve();
    release();
    await quiet();
    await until(async () => asked.filter((path) => path === '/v1/proposals/p-1').length >= before + 2);
    await quiet();
    const more = asked.filter((path) => path === '/v1/proposals/p-1').length - before;
    assert.ok(
      more <= 5,
      `20 events made ${more} requests: one is under way for the page, one for all others, and the count's own`,
    );
    assert.deepEqual(thrownAway, []);
  });
});

test('the sums of outcomes are those of the gate: the list beside them waits for none, and their failure stands in their place', async () => {
  await onStage(async ({ gate, open }) => {
    gate.answers.set('/v1/outcomes', () => ({ outcomes: [OUTCOME], summary: [], next: null }));
    let broken = true;
    gate.answers.set('/v1/insight', () =>
      broken ? problemResponse(503, 'store-failed', 'The store does not answer.', 'Try again.') : INSIGHT,
    );
    const { page } = await open();
    await page.goto('/outcomes');
    await page.waitForSelector('.list tbody tr');
    await page.waitForSelector(':text("The store does not answer.")');
    assert.equal(await page.locator('.figures').count(), 0, 'nothing is summed up by the page');
    broken = false;
    await page.click('button:has-text("Try again")');
    await page.waitForSelector('.figures :text("67 %")');
    await page.waitForSelector(':text("Older ones are not counted here.")');
    assert.equal(await page.locator('.list tbody tr').count(), 1);
  });
});

/** Words by which the gate's programs name things; what is a brand, or is meant to be copied, is none of them. */
const REGISTRY = [
  ...STATES,
  ...TIERS,
  ...EVENT_NAMES,
  ...NOTE_NAMES,
  ...VERDICT_CODES,
  ...['exact', 'partial', 'none', 'written', 'unheard', 'link', 'oidc'],
];

/** Every text that can be seen, but what is quoted or is to be copied: commands, codes, words of others. */
const shownTexts = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`{
    const kept = 'code, pre, kbd, q, blockquote, script, style, .claims, .code, .row-target, .row-by';
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walk.nextNode()) if (!walk.currentNode.parentElement.closest(kept)) texts.push(walk.currentNode.textContent);
    texts;
  }`);

/** A proposal as a Chinese reader is told of it: what the gate says is Chinese already. */
const inChinese = (fields: Partial<Proposal>): Proposal => {
  const told = {
    effect: '部署將有 0 個副本',
    reasons: [{ code: 'base', points: 55, message: '基本分數' }],
    constraints: ['寫入前再次檢查'],
    rollback: { command: null, none: null, loses: ['建立時間'] },
    refusals: [],
    hardRule: null,
    next: '等待核准。',
    why: '原因',
    verdict: '健康。',
    rollbackVerdict: '與之前相同。',
    needed: '',
    runnable: null,
    reviewNotice: null,
  };
  return aProposal({ ...fields, told: { en: told, 'zh-TW': told } });
};

const EVERY_EVENT = [
  ...EVENT_NAMES.map((name, seq) => event(name, seq, { direction: 'forward' })),
  ...VERDICT_CODES.map((code, at) => ({
    ...event('sampled', 100 + at, {
      direction: at % 2 === 0 ? 'forward' : 'back',
      verdict: { is: 'moving', code, subject: null },
      look: { at, samples: [] },
    }),
    told: { en: 'said', 'zh-TW': '說明' },
  })),
  ...['written', 'stale', 'refused', 'unheard'].map((outcome, at) =>
    event('write-answered', 200 + at, { direction: 'forward', answer: { outcome } }),
  ),
  ...['all', 'some', 'none', 'unknown'].map((found, at) => event('looked', 300 + at, { found })),
  ...CHANNELS.map((channel, at) => event('voted', 400 + at, { vote: { person: 'p', channel, decision: 'approve' } })),
];

test('a Chinese reader sees no word of the registry in English, on any screen', async () => {
  await onStage(async ({ gate, open }) => {
    const votes = CHANNELS.map((channel, at) => ({
      ...{ person: `p${at}`, channel, decision: 'approve', digest: DIGEST, reason: null },
      at: `2026-11-26T10:00:0${at}.000Z`,
    })) as Proposal['votes'];
    const { spec } = aProposal();
    const proposals = STATES.map((state, at): Proposal => {
      const fidelity = (['exact', 'partial', 'none'] as const)[at % 3] ?? 'exact';
      const tier = TIERS[at % TIERS.length] ?? 'dual';
      const rollbackPlan = { ...spec.rollbackPlan, fidelity };
      const own = { state, tier, votes, events: EVERY_EVENT, spec: { ...spec, tier, rollbackPlan } };
      return inChinese({ id: `p-${at}`, incident: `INC-${at}`, ...own });
    });
    serveList(gate, () => proposals);
    gate.answers.set('/v1/outcomes', () => ({
      outcomes: STATES.map((state, at) => ({ ...OUTCOME, key: String(at), state, tier: TIERS[at % TIERS.length] })),
      summary: [],
      next: null,
    }));
    const steps = EVENT_NAMES.map((name) => ({
      kind: 'step',
      proposal: 'p-1',
      record: { at: RAN.createdAt, event: { event: name }, from: 'proposed', to: 'refused' },
    }));
    const notes = NOTE_NAMES.map((what) => ({ kind: 'note', at: RAN.createdAt, what, who: 'ana', about: '' }));
    gate.answers.set('/v1/audit', () => ({
      lines: [...steps, ...notes].map((deed, seq) => ({ seq, deed })),
      next: null,
    }));
    const { page } = await open({ locale: 'zh-TW' });
    const found: string[] = [];
    for (const [path, ready] of [
      ['/?list=all', '[data-testid="queue-row"]'],
      ['/proposals/p-0', '[data-testid="rollback"]'],
      ['/proposals/p-1', '[data-testid="rollback"]'],
      ['/proposals/p-2', '[data-testid="rollback"]'],
      ['/proposals/p-3', '[data-testid="rollback"]'],
      ['/outcomes', '.figures'],
      ['/audit', '.list'],
    ] as const) {
      await page.goto(path);
      await page.waitForSelector(ready);
      const texts = await shownTexts(page);
      assert.ok(
        texts.some((text) => /\p{Script=Han}/u.test(text)),
        `${path}: nothing was looked at`,
      );
      for (const word of REGISTRY)
        for (const text of texts)
          if (new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text)) found.push(`${path}: ${word} in "${text}"`);
    }
    assert.deepEqual(found, []);
  });
});
