// The review forge's contract over the GitHub adapter on a fake GitHub, and what is GitHub's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { githubForge } from '../../src/adapters/forge/github/forge.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { ReviewForge } from '../../src/ports/review-forge.ts';
import { Secret } from '../../src/ports/secret.ts';
import { type FakeForge, type ForgeReply, type ForgeState, TOKEN } from '../fakes/forge-server.ts';
import { BY_APP, OWNER, REPO, startFakeGithub } from '../fakes/github.ts';
import { broken } from './github/exchanges.ts';
import { reviewForgeContract } from './review-forge.ts';

const forgeOn = ({ origin, token }: FakeForge): ReviewForge =>
  githubForge({ apiUrl: origin, token: new Secret(token), repository: `${OWNER}/${REPO}` });

const never = new AbortController().signal;

reviewForgeContract('GitHub adapter on a fake GitHub, every exchange as the API description says', async () => {
  const fake = await startFakeGithub();
  const { issues, comments } = fake.state;
  return {
    forge: forgeOn(fake),
    anotherForge: async () => forgeOn(fake),
    isClosed: async (number) => issues.find(number)?.state === 'closed',
    readComments: async (issue) => comments.of(issue),
    commentAsAnother: async (issue, body) => {
      const { id, author } = comments.add('mallory', issue, body);
      return { id: `${id}`, author };
    },
    editComment: async (id, body) => {
      comments.edit(Number(id), body, (comments.find(Number(id))?.updatedAt ?? 0) + 1000);
    },
    readIssues: async () => issues.all(),
    openAsAnother: async (title, body) => void issues.open('mallory', title, body),
    editIssue: async (number, body) => void issues.edit(number, { body }),
    closeIssue: async (number) => void issues.edit(number, { state: 'closed' }),
    stop: async () => {
      const exchanges = fake.exchanges();
      await fake.close();
      assert.ok(exchanges.length > 100, `only ${exchanges.length} exchanges were seen`);
      assert.deepEqual([...new Set(exchanges.flatMap(broken))], []);
    },
  };
});

test('the check of exchanges is awake', () => {
  const url = 'http://127.0.0.1/repos/a/b/issues';
  const post = {
    method: 'POST',
    url,
    headers: {},
    body: '{"title":"x","body":""}',
    status: 410,
    answer: { message: 'no' },
  };
  assert.deepEqual(broken(post), []);
  assert.notDeepEqual(broken({ ...post, body: '{"body":"x"}' }), []);
  assert.notDeepEqual(broken({ ...post, body: '{"title":"x","colour":"red"}' }), []);
  assert.notDeepEqual(broken({ ...post, status: 418 }), []);
  assert.notDeepEqual(broken({ ...post, status: 201, answer: { number: '1' } }), []);
  assert.notDeepEqual(broken({ ...post, method: 'GET', url: `${url}?limit=3`, body: '', status: 304 }), []);
});

/** Each is sent as a client with a fault would send it: the fake must refuse it. */
const WRONG: readonly (readonly [
  what: string,
  method: string,
  path: string,
  headers: object,
  body: string | null,
  status: number,
])[] = [
  ['no User-Agent', 'GET', '/user', { 'user-agent': '' }, null, 403],
  ['an older API version', 'GET', '/user', { 'x-github-api-version': '2019-01-01' }, null, 400],
  ['no token', 'GET', '/user', { authorization: '' }, null, 401],
  ["Gitea's token", 'GET', '/user', { authorization: 'token nope' }, null, 401],
  ['no title', 'POST', '/repos/sre/reviews/issues', {}, '{"body":"x"}', 422],
  [
    'a body that is too long',
    'POST',
    '/repos/sre/reviews/issues',
    {},
    JSON.stringify({ title: 'x', body: 'x'.repeat(70_000) }),
    422,
  ],
  ['no JSON', 'POST', '/repos/sre/reviews/issues', { 'content-type': 'text/plain' }, '{"title":"x"}', 400],
  ['a comment to no issue', 'POST', '/repos/sre/reviews/issues/77/comments', {}, '{"body":"x"}', 404],
  ['an empty comment', 'POST', '/repos/sre/reviews/issues/1/comments', {}, '{"body":""}', 422],
  ['another repository', 'GET', '/repos/sre/other/issues', {}, null, 404],
  ['a time that is none', 'GET', '/repos/sre/reviews/issues?since=yesterday', {}, null, 422],
];

test('the fake refuses what GitHub refuses', async () => {
  const fake = await startFakeGithub();
  fake.state.issues.open('blastgate', 'one', 'x');
  const good = {
    'user-agent': 'test',
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    'content-type': 'application/json',
    authorization: `Bearer ${fake.token}`,
  };
  for (const [what, method, path, headers, body, status] of WRONG) {
    const answer = await fetch(`${fake.origin}${path}`, { method, headers: { ...good, ...headers }, body });
    assert.equal(answer.status, status, what);
  }
  await fake.close();
});

const limited = (status: number, headers: Readonly<Record<string, string>>, message = 'no'): ForgeReply => ({
  status,
  headers,
  json: { message },
});
const reset = Math.floor(Date.now() / 1000) + 90;
const LIMITS: readonly (readonly [what: string, reply: ForgeReply, seconds: (pause: number) => boolean])[] = [
  [
    'primary, as 403',
    limited(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${reset}` }),
    (s) => s > 60 && s <= 91,
  ],
  [
    'primary, as 429',
    limited(429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${reset}` }),
    (s) => s > 60 && s <= 91,
  ],
  ['secondary, with a pause', limited(403, { 'retry-after': '17' }), (s) => s === 17],
  ['secondary, in words alone', limited(403, {}, 'You have exceeded a secondary rate limit.'), (s) => s === 60],
  ['429 without anything', limited(429, {}), (s) => s === 60],
  ['a reset that is over', limited(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }), (s) => s === 1],
];
for (const [what, reply, fits] of LIMITS)
  test(`a limit on requests is a pause: ${what}`, async () => {
    const fake = await startFakeGithub();
    fake.plan(/^GET .*\/issues$/, reply);
    const asked = { marker: 'm', notBefore: '2026-01-01T00:00:00Z' };
    await assert.rejects(forgeOn(fake).findReviewIssue(asked, never), (error) => {
      assert.ok(error instanceof AdapterError);
      assert.equal(error.status, 429);
      assert.ok(fits(error.retryAfterSeconds ?? -1), `${error.retryAfterSeconds}`);
      return true;
    });
    await fake.close();
  });

test('a refusal that is no limit has no pause, and says what to do', async () => {
  const fake = await startFakeGithub();
  fake.state.scope = 'read';
  const issue = { title: 't', body: 'b', marker: 'm', notBefore: '2026-01-01T00:00:00Z' };
  await assert.rejects(forgeOn(fake).ensureReviewIssue(issue, never), (error) => {
    assert.ok(error instanceof AdapterError);
    assert.deepEqual([error.status, error.retryAfterSeconds], [403, null]);
    assert.match(error.message, /Issues: read and write/);
    return true;
  });
  await fake.close();
});

test('bots, apps in the name of a person and deleted accounts are no people', async () => {
  const fake = await startFakeGithub();
  const { issues, comments, programs } = fake.state;
  const { number } = issues.open('blastgate', 'one', 'x');
  programs.add('dependabot[bot]');
  comments.add('dependabot[bot]', number, '/approve 0123456789ab');
  comments.add('ana', number, `/approve 0123456789ab\n\n${BY_APP}`);
  comments.add('ana', number, '/approve 0123456789ab');
  const { comments: read } = await forgeOn(fake).readComments('2020-01-01T00:00:00Z', 1, never);
  assert.deepEqual(
    read.map(({ account, nature }) => `${account} ${nature}`),
    ['dependabot[bot] bot', 'ana bot', 'ana comment'],
  );
  await fake.close();
});

const ALL = ['read issues', 'write issues', 'comment', 'close'];
const LACKING: readonly (readonly [
  what: string,
  change: Partial<ForgeState>,
  code: string,
  rights: readonly string[],
])[] = [
  ['all is there', {}, '', ALL],
  ['an app, which may not say whose it is', { accounts: new Map([[TOKEN, { login: 'app', program: true }]]) }, '', ALL],
  ['no repository', { repository: 'gone' }, 'no-repository', []],
  ['issues off', { repository: 'issues-off' }, 'issues-off', []],
  ['archived', { repository: 'archived' }, 'archived', []],
  ['a token that may only read', { scope: 'read' }, 'may-not-write', ['read issues']],
  ['a token that is wrong', { accounts: new Map() }, 'unclear', []],
];
for (const [what, change, code, rights] of LACKING)
  test(`what a review lacks is named: ${what}`, async () => {
    const fake = await startFakeGithub();
    Object.assign(fake.state, change);
    const found = await forgeOn(fake).checkAccess(never);
    assert.deepEqual([found.problems.map((problem) => problem.code).join(), found.rights], [code, rights]);
    for (const { remedy } of found.problems) assert.match(remedy, /GITHUB_|unarchive|switch/);
    assert.deepEqual(fake.state.issues.all(), []);
    await fake.close();
  });

test('wrong settings are named', () => {
  const apiUrl = 'https://api.github.com';
  const token = new Secret('x');
  assert.throws(() => githubForge({ apiUrl, token, repository: 'reviews' }), /GITHUB_REPOSITORY/);
  assert.throws(() => githubForge({ apiUrl, token, repository: 'sre/..' }), /GITHUB_REPOSITORY/);
  assert.throws(() => githubForge({ apiUrl, token, repository: 'a/b/c' }), /GITHUB_REPOSITORY/);
  assert.throws(() => githubForge({ apiUrl, token: new Secret('two words'), repository: 'a/b' }), /GITHUB_TOKEN/);
  assert.throws(() => githubForge({ apiUrl: 'http://api.github.com', token, repository: 'a/b' }), /GITHUB_API_URL/);
});
