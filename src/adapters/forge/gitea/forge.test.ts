// Attacks and faults of a forge: what the adapter says, what it never says, and that no second issue comes of it.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { AdapterError, type AdapterErrorKind } from '../../../ports/adapter-error.ts';
import type { ReviewForge, ReviewIssue } from '../../../ports/review-forge.ts';
import { Secret } from '../../../ports/secret.ts';
import type { ForgeFault } from '../../../sandbox/forge/faults.ts';
import { type SandboxForge, startSandboxForge } from '../../../sandbox/forge/start.ts';
import { giteaForge } from './forge.ts';

const TOKEN = 'f00dfeedf00dfeedf00dfeedf00dfeedf00dfeed';
const ISSUE: ReviewIssue = {
  title: '[AI-Repair] High-risk remediation review (Blast=55) — INC-3',
  body: 'text\n\n<!-- blastgate-review p1 sha256:00 -->\n',
  marker: 'blastgate-review p1 sha256:00',
  notBefore: new Date().toISOString(),
};

let sandbox: SandboxForge;
const forgeAt = (change: Partial<Parameters<typeof giteaForge>[0]> = {}): ReviewForge =>
  giteaForge({
    apiUrl: sandbox.apiUrl,
    token: new Secret(TOKEN),
    owner: 'sre',
    repo: 'reviews',
    limitMs: 10_000,
    ...change,
  });

const troubleOf = async (forge: ReviewForge, signal = new AbortController().signal): Promise<AdapterError> => {
  try {
    await forge.ensureReviewIssue(ISSUE, signal);
  } catch (thrown) {
    assert.ok(thrown instanceof AdapterError, String(thrown));
    assert.ok(
      !`${thrown.message} ${thrown.stack} ${inspect(thrown, { depth: 9 })} ${JSON.stringify(thrown)}`.includes(TOKEN),
      'the token was told',
    );
    return thrown;
  }
  assert.fail('there was no trouble');
};

describe('a forge in trouble', () => {
  beforeEach(async () => {
    sandbox = await startSandboxForge({ token: TOKEN });
  });
  afterEach(() => sandbox.close());

  const STATUSES: readonly (readonly [status: number, heard: AdapterErrorKind, says: RegExp])[] = [
    [401, 'refused', /401 \("no way"\).*GITEA_API_TOKEN/],
    [403, 'refused', /403.*scope write:issue/],
    [404, 'refused', /404.*GITEA_REPO_OWNER/],
    [410, 'refused', /410.*switched off/],
    [422, 'refused', /422 \("no way"\)/],
    [423, 'refused', /423.*archived/],
    [429, 'refused', /429/],
    [500, 'invalid-answer', /failed with status 500 \("no way"\)/],
    [502, 'invalid-answer', /failed with status 502/],
  ];
  for (const on of ['list', 'create'] as const) {
    for (const [status, heard, says] of STATUSES) {
      test(`${status} to ${on} is told with what to set right`, async () => {
        sandbox.plan({ on, times: 1, fault: { how: 'status', status, message: 'no way' } });
        const trouble = await troubleOf(forgeAt());
        assert.equal(trouble.kind, heard);
        assert.equal(trouble.status, status);
        assert.match(trouble.message, says);
      });
    }
  }

  const UNREADABLE: readonly (readonly [fault: ForgeFault, says: RegExp])[] = [
    [{ how: 'html' }, /a web page.*GITEA_API_URL/],
    [{ how: 'other-json' }, /something else.*GITEA_API_URL/],
    [{ how: 'flood' }, /larger than/],
  ];
  for (const [fault, says] of UNREADABLE) {
    test(`${fault.how} instead of an answer is garbage`, async () => {
      for (const on of ['list', 'create'] as const) {
        // Smaller pages are asked for where one is too large, until that helps in nothing.
        sandbox.plan({ on, times: on === 'list' && fault.how === 'flood' ? 16 : 1, fault });
        const trouble = await troubleOf(forgeAt());
        assert.equal(trouble.kind, 'invalid-answer');
        assert.match(trouble.message, says);
      }
      assert.deepEqual(sandbox.issues(), []);
    });
  }

  test('a hang ends at the limit, with headers or without, and nothing was heard', async () => {
    for (const after of ['nothing', 'headers'] as const) {
      for (const on of ['list', 'create'] as const) {
        sandbox.plan({ on, times: 1, fault: { how: 'hang', after } });
        const trouble = await troubleOf(forgeAt({ limitMs: 60 }));
        assert.equal(trouble.kind, 'no-answer');
        assert.match(trouble.message, /no complete answer to (GET|POST) .* in time/);
      }
    }
  });

  test('a caller who stops has heard nothing', async () => {
    sandbox.plan({ on: 'list', times: 1, fault: { how: 'hang', after: 'nothing' } });
    const stop = new AbortController();
    const trouble = troubleOf(forgeAt(), stop.signal);
    stop.abort();
    assert.match((await trouble).message, /was stopped/);
  });

  test('a connection that drops after acceptance leaves one issue, which the next call finds', async () => {
    sandbox.plan({ on: 'create', times: 1, fault: { how: 'drop', done: 'yes' } });
    const forge = forgeAt();
    const trouble = await troubleOf(forge);
    assert.equal(trouble.kind, 'no-answer');
    assert.match(trouble.message, /connection for POST .* failed \(\w+\)/);
    assert.equal(sandbox.issues().length, 1);
    const found = await forge.ensureReviewIssue(ISSUE, new AbortController().signal);
    assert.equal(found.issueNumber, 1);
    assert.equal(sandbox.issues().length, 1);
  });

  test('a connection that drops before acceptance leaves none, and the next call makes one', async () => {
    sandbox.plan({ on: 'create', times: 1, fault: { how: 'drop', done: 'no' } });
    const forge = forgeAt();
    assert.equal((await troubleOf(forge)).kind, 'no-answer');
    await forge.ensureReviewIssue(ISSUE, new AbortController().signal);
    assert.equal(sandbox.issues().length, 1);
  });

  test('a search that fails creates nothing', async () => {
    sandbox.plan({ on: 'list', times: 1, fault: { how: 'status', status: 500, message: '' } });
    await troubleOf(forgeAt());
    assert.ok(sandbox.exchanges().every(({ method }) => method === 'GET'));
  });

  test('a forge that is not there was not heard', async () => {
    await sandbox.close();
    const trouble = await troubleOf(forgeAt());
    assert.equal(trouble.kind, 'no-answer');
    assert.match(trouble.message, /ECONNREFUSED/);
  });

  test('a forge that repeats the token or tries to steer the terminal is quoted harmlessly', async () => {
    sandbox.plan({
      on: 'list',
      times: 1,
      fault: { how: 'status', status: 403, message: `${TOKEN} \u001b[2J${'x'.repeat(5000)}` },
    });
    const { message } = await troubleOf(forgeAt());
    assert.match(message, /"\*\*\* \\u\{1B\}\[2Jx+…"/);
    assert.ok(message.length < 600);
  });
});

test('a redirect is not followed: the token goes nowhere else', async () => {
  let visits = 0;
  const trap = createServer((_, response) => {
    visits += 1;
    response.end('[]');
  });
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  const { port } = trap.address() as AddressInfo;
  sandbox = await startSandboxForge({ token: TOKEN });
  for (const on of ['list', 'create'] as const) {
    sandbox.plan({ on, times: 1, fault: { how: 'redirect', to: `http://127.0.0.1:${port}/api/v1/steal?x=1` } });
    const trouble = await troubleOf(forgeAt());
    assert.equal(trouble.kind, 'refused');
    assert.match(trouble.message, new RegExp(`redirects to http://127.0.0.1:${port}, where the token is not sent`));
  }
  assert.equal(visits, 0);
  await sandbox.close();
  await new Promise((resolve) => trap.close(resolve));
});

describe('the request', () => {
  before(async () => {
    sandbox = await startSandboxForge({ token: TOKEN });
  });
  after(() => sandbox.close());

  test('searches first, then creates with the token in the header and exactly three fields', async () => {
    await forgeAt().ensureReviewIssue(ISSUE, new AbortController().signal);
    const [who, search, create, ...more] = sandbox.exchanges();
    assert.deepEqual(more, []);
    assert.match(who?.url ?? '', /\/api\/v1\/user$/);
    assert.equal(search?.method, 'GET');
    assert.match(
      search?.url ?? '',
      /\/api\/v1\/repos\/sre\/reviews\/issues\?state=all&type=issues&since=[^&]+&created_by=blastgate&/,
    );
    assert.equal(create?.method, 'POST');
    assert.match(create?.url ?? '', /\/api\/v1\/repos\/sre\/reviews\/issues$/);
    assert.equal(create?.headers['authorization'], `token ${TOKEN}`);
    assert.deepEqual(JSON.parse(create?.body ?? ''), { title: ISSUE.title, body: ISSUE.body, labels: [] });
    assert.ok(!`${search?.url}${create?.url}`.includes(TOKEN));
  });
});

test('wrong settings are named', async () => {
  sandbox = await startSandboxForge({ token: TOKEN });
  const wrong: readonly (readonly [change: Parameters<typeof forgeAt>[0], says: RegExp])[] = [
    [{ apiUrl: 'http://forge.example/api/v1' }, /GITEA_API_URL must begin with https/],
    [{ apiUrl: 'https://forge.example' }, /GITEA_API_URL must end in \/api\/v1/],
    [{ token: new Secret('two words') }, /GITEA_API_TOKEN/],
    [{ token: new Secret('x\r\nevil: 1') }, /GITEA_API_TOKEN/],
    [{ token: new Secret('') }, /GITEA_API_TOKEN/],
    [{ owner: '../admin' }, /GITEA_REPO_OWNER/],
    [{ owner: '' }, /GITEA_REPO_OWNER/],
    [{ repo: '..' }, /GITEA_REPO_NAME/],
    [{ repo: 'a b' }, /GITEA_REPO_NAME/],
  ];
  for (const [change, says] of wrong) assert.throws(() => forgeAt(change), says);
  await sandbox.close();
});
