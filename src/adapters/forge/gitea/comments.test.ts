// Comments and closing on a forge in trouble: what the adapter says, that the token is told nobody, and that nothing is doubled.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { ReviewForge } from '../../../ports/review-forge.ts';
import { Secret } from '../../../ports/secret.ts';
import type { ForgeFault, PlannedFault } from '../../../sandbox/forge/faults.ts';
import { type SandboxForge, startSandboxForge } from '../../../sandbox/forge/start.ts';
import { giteaForge } from './forge.ts';

const TOKEN = 'f00dfeedf00dfeedf00dfeedf00dfeedf00dfeed';
const STATUS = { issueNumber: 1, marker: 'blastgate-status p1', body: 'waits\n\n<!-- blastgate-status p1 -->\n' };
const signal = new AbortController().signal;

describe('a forge in trouble', () => {
  let sandbox: SandboxForge;
  let forge: ReviewForge;
  const open = (limitMs: number): ReviewForge => {
    const { apiUrl, owner, repo } = sandbox;
    return giteaForge({ apiUrl, token: new Secret(TOKEN), owner, repo, limitMs });
  };
  beforeEach(async () => {
    sandbox = await startSandboxForge({ token: TOKEN });
    sandbox.openIssueAs('blastgate', 'a review', 'x');
    forge = open(10_000);
  });
  afterEach(() => sandbox.close());

  const troubleOf = async (call: Promise<unknown>): Promise<AdapterError> => {
    try {
      await call;
    } catch (thrown) {
      assert.ok(thrown instanceof AdapterError, String(thrown));
      assert.ok(!`${inspect(thrown, { depth: 9 })} ${JSON.stringify(thrown)}`.includes(TOKEN), 'the token was told');
      return thrown;
    }
    assert.fail('there was no trouble');
  };

  const CALLS: readonly (readonly [on: PlannedFault['on'], call: (forge: ReviewForge) => Promise<unknown>])[] = [
    ['comment', (one) => one.ensureStatusComment(STATUS, signal)],
    ['comments', (one) => one.ensureStatusComment(STATUS, signal)],
    ['comments', (one) => one.readComments('2020-01-01T00:00:00Z', 1, signal)],
    ['read-issue', (one) => one.readIssue(1, signal)],
    ['close', (one) => one.rewriteIssue(1, 'a review', signal)],
    ['read-issue', (one) => one.closeIssue(1, signal)],
    ['close', (one) => one.closeIssue(1, signal)],
  ];
  for (const [on, call] of CALLS)
    for (const [fault, kind, says] of [
      [{ how: 'status', status: 401, message: 'no' }, 'refused', /401 \("no"\).*GITEA_API_TOKEN/],
      [{ how: 'status', status: 403, message: TOKEN }, 'refused', /403 \("\*\*\*"\).*write:issue/],
      [{ how: 'status', status: 423, message: 'no' }, 'refused', /423.*archived/],
      [{ how: 'status', status: 429, message: 'no' }, 'refused', /429/],
      [{ how: 'status', status: 500, message: '' }, 'invalid-answer', /failed with status 500/],
      [{ how: 'html' }, 'invalid-answer', /a web page/],
      [{ how: 'flood' }, 'invalid-answer', /larger than/],
      [{ how: 'drop', done: 'no' }, 'no-answer', /connection for/],
      [{ how: 'redirect', to: 'http://127.0.0.1:1/x' }, 'refused', /redirects/],
    ] as const satisfies readonly (readonly [ForgeFault, AdapterError['kind'], RegExp])[])
      test(`${fault.how} ${'status' in fault ? fault.status : ''} to ${on} (${call.toString().match(/one\.(\w+)/)?.[1]})`, async () => {
        // Smaller pages are asked for where one is too large, until that helps in nothing.
        sandbox.plan({ on, times: fault.how === 'flood' && call.toString().includes('readComments') ? 13 : 1, fault });
        const trouble = await troubleOf(call(forge));
        assert.equal(trouble.kind, kind);
        assert.match(trouble.message, says);
        await call(forge);
      });

  test('a hang ends at the limit', async () => {
    for (const [on, call] of CALLS) {
      sandbox.plan({ on, times: 1, fault: { how: 'hang', after: 'headers' } });
      assert.equal((await troubleOf(call(open(60)))).kind, 'no-answer', on);
    }
  });

  test('a comment whose answer was lost is found by the next call, of this process or another', async () => {
    for (const next of [forge, open(10_000)]) {
      sandbox.plan({ on: 'comment', times: 1, fault: { how: 'drop', done: 'yes' } });
      if (sandbox.comments(1).length === 0) await troubleOf(forge.ensureStatusComment(STATUS, signal));
      await next.ensureStatusComment({ ...STATUS, body: `${next === forge} ${STATUS.body}` }, signal);
      assert.equal(sandbox.comments(1).length, 1);
    }
    assert.match(sandbox.comments(1)[0]?.body ?? '', /^false/);
  });

  test('a status comment that somebody deleted is made again; an issue that is gone is said to be', async () => {
    await forge.ensureStatusComment(STATUS, signal);
    sandbox.setState('deleted');
    assert.equal(await forge.readIssue(1, signal), null);
    await forge.closeIssue(1, signal);
    sandbox.setState('as-made');
    sandbox.openIssueAs('blastgate', 'a review', 'x');
    await forge.ensureStatusComment(STATUS, signal);
    assert.equal(sandbox.comments(1).length, 1);
  });

  test('a comment that cannot be read hides none of the others', async () => {
    sandbox.commentAs('ben', 1, 'one');
    const answer = { id: 'seven', body: 5 };
    const good = { id: 9, issue_url: 'http://x/sre/reviews/issues/1', body: 'two', user: { id: 3, login: 'cho' } };
    const times = { created_at: '2026-11-26T13:47:34Z', updated_at: '2026-11-26T13:47:34Z' };
    const program = { ...good, ...times, id: 10, user: { id: -2, login: 'gitea-actions' } };
    const imported = { ...good, ...times, id: 11, original_author: 'old-ben', user: { id: 4, login: 'ben' } };
    const ofPull = { ...good, ...times, id: 12, issue_url: '' };
    const badTime = { ...good, ...times, id: 13, updated_at: 'x' };
    const rows = [answer, null, { ...good, ...times }, program, imported, ofPull, badTime];
    sandbox.plan({ on: 'comments', times: 1, fault: { how: 'answer', json: rows } });
    const { comments, next } = await forge.readComments('2020-01-01T00:00:00Z', 1, signal);
    assert.deepEqual(
      comments.map(({ id, account, nature }) => [id, account, nature]),
      [
        ['9', 'cho', 'comment'],
        ['10', 'gitea-actions', 'bot'],
        ['11', null, 'comment'],
      ],
    );
    assert.equal(next, null);
  });
});
