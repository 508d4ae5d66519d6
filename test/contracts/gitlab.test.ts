// The review forge's contract over the GitLab adapter on a fake GitLab, and what is GitLab's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitlabForge } from '../../src/adapters/forge/gitlab/forge.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { ReviewForge } from '../../src/ports/review-forge.ts';
import { Secret } from '../../src/ports/secret.ts';
import { type FakeForge, type ForgeState, TOKEN } from '../fakes/forge-server.ts';
import { PROJECT, SYSTEM, startFakeGitlab, writeNote } from '../fakes/gitlab.ts';
import { reviewForgeContract } from './review-forge.ts';

const forgeOn = ({ origin, token }: FakeForge): ReviewForge =>
  gitlabForge({ apiUrl: `${origin}/api/v4`, token: new Secret(token), project: PROJECT });

const never = new AbortController().signal;

reviewForgeContract('GitLab adapter on a fake GitLab', async () => {
  const fake = await startFakeGitlab();
  const { state } = fake;
  const { issues, comments } = state;
  const noteOf = (id: string): number => Number(id.split('/')[1]);
  return {
    forge: forgeOn(fake),
    approves: '/blastgate approve',
    anotherForge: async () => forgeOn(fake),
    isClosed: async (number) => issues.find(number)?.state === 'closed',
    readComments: async (issue) => comments.of(issue),
    commentAsAnother: async (issue, body) => {
      const note = writeNote(state, 'mallory', issue, body);
      assert.ok(note, `GitLab took all of "${body}" for its own`);
      return { id: `${issue}/${note.id}`, author: note.author };
    },
    editComment: async (id, body) => {
      const note = comments.find(noteOf(id));
      comments.edit(noteOf(id), body, (note?.updatedAt ?? 0) + 1000);
    },
    readIssues: async () => issues.all(),
    openAsAnother: async (title, body) => void issues.open('mallory', title, body),
    editIssue: async (number, body) => void issues.edit(number, { body }),
    closeIssue: async (number) => void issues.edit(number, { state: 'closed' }),
    stop: () => fake.close(),
  };
});

/** Each is sent as a client with a fault would send it: the fake must refuse it. */
const WRONG: readonly (readonly [
  what: string,
  method: string,
  path: string,
  headers: object,
  body: object | null,
  status: number,
])[] = [
  ['no token', 'GET', '/user', { 'private-token': '' }, null, 401],
  ["GitHub's token", 'GET', '/user', { 'private-token': '', authorization: `Bearer ${TOKEN}` }, null, 401],
  ['a path that is not encoded', 'GET', '/projects/sre/reviews/issues', {}, null, 404],
  ['another project', 'GET', '/projects/7/issues', {}, null, 404],
  ['no title', 'POST', '/projects/sre%2Freviews/issues', {}, { description: 'x' }, 400],
  ["GitHub's words for closing", 'PUT', '/projects/sre%2Freviews/issues/1', {}, { state: 'closed' }, 400],
  ['a note without a text', 'POST', '/projects/sre%2Freviews/issues/1/notes', {}, {}, 400],
  ['a note to no issue', 'POST', '/projects/sre%2Freviews/issues/77/notes', {}, { body: 'x' }, 404],
  ['a time that is none', 'GET', '/projects/sre%2Freviews/issues?updated_after=yesterday', {}, null, 400],
  ['a note of another issue', 'GET', '/projects/sre%2Freviews/issues/2/notes/1', {}, null, 404],
];

test('the fake refuses what GitLab refuses', async () => {
  const fake = await startFakeGitlab();
  fake.state.issues.open('blastgate', 'one', 'x');
  fake.state.issues.open('blastgate', 'two', 'x');
  fake.state.comments.add('ana', 1, 'x');
  const good = { 'content-type': 'application/json', 'private-token': fake.token };
  for (const [what, method, path, headers, body, status] of WRONG) {
    const answer = await fetch(`${fake.origin}/api/v4${path}`, {
      method,
      headers: { ...good, ...headers },
      body: body === null ? null : JSON.stringify(body),
    });
    assert.equal(answer.status, status, what);
  }
  await fake.close();
});

test('GitLab takes /approve for a quick action of its own and keeps nothing of it; /blastgate approve it keeps', async () => {
  const fake = await startFakeGitlab();
  const { number } = fake.state.issues.open('blastgate', 'one', 'x');
  assert.equal(writeNote(fake.state, 'ana', number, '/approve 0123456789ab'), null);
  writeNote(fake.state, 'ana', number, '/blastgate approve 0123456789ab');
  const { comments } = await forgeOn(fake).readComments('2020-01-01T00:00:00Z', 1, never);
  assert.deepEqual(
    comments.map(({ text }) => text),
    ['/blastgate approve 0123456789ab'],
  );
  await fake.close();
});

test('bots, tokens of projects and notes of GitLab itself are no people', async () => {
  const fake = await startFakeGitlab();
  const { issues, comments } = fake.state;
  const { number } = issues.open('blastgate', 'one', 'x');
  for (const login of ['project_5_bot_0a1b2c', 'group_7_bot3', 'service_account_ci', 'ghost', 'ana', 'project_bot'])
    comments.add(login, number, '/blastgate approve 0123456789ab');
  comments.add('ana', number, SYSTEM);
  const { comments: read } = await forgeOn(fake).readComments('2020-01-01T00:00:00Z', 1, never);
  assert.deepEqual(
    read.map(({ account, nature }) => `${account} ${nature}`),
    [
      'project_5_bot_0a1b2c bot',
      'group_7_bot3 bot',
      'service_account_ci bot',
      'ghost bot',
      'ana comment',
      'project_bot comment',
    ],
  );
  await fake.close();
});

test('a limit on requests is a pause, as long as GitLab says', async () => {
  const fake = await startFakeGitlab();
  for (const [headers, seconds] of [
    [{ 'retry-after': '34' }, 34],
    [{}, 60],
  ] as const) {
    fake.plan(/\/issues$/, { status: 429, headers, json: { message: 'Retry later' } });
    await assert.rejects(
      forgeOn(fake).findReviewIssue({ marker: 'm', notBefore: '2026-01-01T00:00:00Z' }, never),
      (error) => error instanceof AdapterError && error.status === 429 && error.retryAfterSeconds === seconds,
    );
  }
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
  ['a token that tells no scopes', { accounts: new Map([[TOKEN, { login: 'job', program: true }]]) }, '', ALL],
  ['no project', { repository: 'gone' }, 'no-repository', []],
  ['issues off', { repository: 'issues-off' }, 'issues-off', []],
  ['archived', { repository: 'archived' }, 'archived', []],
  ['a token that may only read', { scope: 'read' }, 'may-not-write', ['read issues']],
  ['a token that is wrong', { accounts: new Map() }, 'unclear', []],
];
for (const [what, change, code, rights] of LACKING)
  test(`what a review lacks is named: ${what}`, async () => {
    const fake = await startFakeGitlab();
    Object.assign(fake.state, change);
    const found = await forgeOn(fake).checkAccess(never);
    assert.deepEqual([found.problems.map((problem) => problem.code).join(), found.rights], [code, rights]);
    for (const { remedy } of found.problems) assert.match(remedy, /GITLAB_|unarchive|switch/);
    assert.deepEqual(fake.state.issues.all(), []);
    await fake.close();
  });

test('wrong settings are named', () => {
  const apiUrl = 'https://gitlab.example/api/v4';
  const token = new Secret('x');
  assert.throws(() => gitlabForge({ apiUrl, token, project: 'reviews' }), /GITLAB_PROJECT/);
  assert.throws(() => gitlabForge({ apiUrl, token, project: 'sre/..' }), /GITLAB_PROJECT/);
  assert.throws(() => gitlabForge({ apiUrl, token, project: '0' }), /GITLAB_PROJECT/);
  assert.throws(() => gitlabForge({ apiUrl, token: new Secret('two words'), project: 'a/b' }), /GITLAB_TOKEN/);
  assert.throws(() => gitlabForge({ apiUrl: 'https://gitlab.example', token, project: 'a/b' }), /GITLAB_API_URL/);
});
