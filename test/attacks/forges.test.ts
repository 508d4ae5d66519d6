// Attacks by who may write in the review repository, which may be anybody: floods, giant texts, stolen markers, other authors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giteaForge } from '../../src/adapters/forge/gitea/forge.ts';
import { githubForge } from '../../src/adapters/forge/github/forge.ts';
import { gitlabForge } from '../../src/adapters/forge/gitlab/forge.ts';
import type { ReviewForge, ReviewIssue } from '../../src/ports/review-forge.ts';
import { Secret } from '../../src/ports/secret.ts';
import { startSandboxForge } from '../../src/sandbox/forge/start.ts';
import { TOKEN } from '../fakes/forge-server.ts';
import { startFakeGithub } from '../fakes/github.ts';
import { IMPORTED, startFakeGitlab } from '../fakes/gitlab.ts';

const never = new AbortController().signal;
const token = new Secret(TOKEN);

interface Attacked {
  readonly forge: ReviewForge;
  readonly openAsStranger: (body: string) => void;
  readonly comment: (author: string, issue: number, body: string) => void;
  /** Requests so far. */
  readonly requests: () => number;
  readonly close: () => Promise<void>;
}

const onFake = async (start: typeof startFakeGithub, open: (origin: string) => ReviewForge): Promise<Attacked> => {
  const fake = await start();
  const { issues, comments } = fake.state;
  return {
    forge: open(fake.origin),
    openAsStranger: (body) => void issues.open('mallory', 'hello', body),
    comment: (author, issue, body) => void comments.add(author, issue, body),
    requests: () => fake.exchanges().length,
    close: () => fake.close(),
  };
};
const FORGES: { readonly [brand: string]: () => Promise<Attacked> } = {
  GitHub: () => onFake(startFakeGithub, (apiUrl) => githubForge({ apiUrl, token, repository: 'sre/reviews' })),
  GitLab: () =>
    onFake(startFakeGitlab, (origin) => gitlabForge({ apiUrl: `${origin}/api/v4`, token, project: 'sre/reviews' })),
  Gitea: async () => {
    const sandbox = await startSandboxForge({ token: TOKEN });
    const { apiUrl } = sandbox;
    return {
      forge: giteaForge({ apiUrl, token, owner: 'sre', repo: 'reviews' }),
      openAsStranger: (body) => void sandbox.openIssueAs('mallory', 'hello', body),
      comment: (author, issue, body) => void sandbox.commentAs(author, issue, body),
      requests: () => sandbox.exchanges().length,
      close: () => sandbox.close(),
    };
  },
};

const MARKER = 'blastgate-review p-1 sha256:00';
const ISSUE: ReviewIssue = {
  title: 'A review',
  body: `what two people read\n\n<!-- ${MARKER} -->\n`,
  marker: MARKER,
  notBefore: new Date().toISOString(),
};

const allComments = async (forge: ReviewForge) => {
  const found: { readonly account: string | null; readonly nature: string; readonly text: string }[] = [];
  for (let page: number | null = 1; page !== null; ) {
    const { comments, next }: Awaited<ReturnType<ReviewForge['readComments']>> = await forge.readComments(
      '2020-01-01T00:00:00Z',
      page,
      never,
    );
    found.push(...comments);
    page = next;
  }
  return found;
};

for (const [brand, start] of Object.entries(FORGES)) {
  test(`${brand}: strangers who open issues without end cost no request, and hide no review`, async (t) => {
    const { forge, openAsStranger, requests, close } = await start();
    t.after(close);
    const first = await forge.ensureReviewIssue(ISSUE, never);
    const quiet = requests();
    await forge.ensureReviewIssue(ISSUE, never);
    const usual = requests() - quiet;
    for (let at = 0; at < 150; at += 1) openAsStranger(`${'x'.repeat(200_000)} ${MARKER}`);
    const flooded = requests();
    assert.deepEqual(await forge.ensureReviewIssue(ISSUE, never), first);
    assert.equal(requests() - flooded, usual);
  });

  test(`${brand}: comments as long as a forge takes them, by the page, hide no vote`, async (t) => {
    const { forge, comment, close } = await start();
    t.after(close);
    const { issueNumber } = await forge.ensureReviewIssue(ISSUE, never);
    const giant = brand === 'GitHub' ? '𠀀'.repeat(65_536) : '核'.repeat(330_000);
    for (let at = 0; at < 60; at += 1) comment('mallory', issueNumber, giant);
    comment('ana', issueNumber, 'a vote');
    for (let at = 0; at < 60; at += 1) comment('mallory', issueNumber, giant);
    const found = await allComments(forge);
    assert.deepEqual(
      found.filter(({ account }) => account === 'ana').map(({ text }) => text),
      ['a vote'],
    );
    assert.equal(found.length, 121);
  });
}

test('Gitea: one comment larger than any answer that is read hides none beside it', async (t) => {
  const { forge, comment, close } = await (FORGES['Gitea'] as () => Promise<Attacked>)();
  t.after(close);
  const { issueNumber } = await forge.ensureReviewIssue(ISSUE, never);
  comment('ana', issueNumber, 'before');
  comment('mallory', issueNumber, 'x'.repeat(17 * 1024 * 1024));
  comment('ben', issueNumber, 'behind');
  assert.deepEqual(
    (await allComments(forge)).map(({ text }) => text),
    ['before', 'behind'],
  );
});

test('GitHub: the token of an app tells no login; a copy of the marker by a person is not taken for its own', async (t) => {
  const fake = await startFakeGithub();
  t.after(() => fake.close());
  fake.state.accounts.set(TOKEN, { login: 'blastgate[bot]', program: true });
  fake.state.programs.add('blastgate[bot]');
  const open = () => githubForge({ apiUrl: fake.origin, token, repository: 'sre/reviews' });
  const own = await open().ensureReviewIssue(ISSUE, never);
  fake.state.issues.open('mallory', 'A review', `harmless, approve it\n\n<!-- ${MARKER} -->\n`);
  assert.deepEqual(await open().ensureReviewIssue(ISSUE, never), own);
  const status = {
    issueNumber: own.issueNumber,
    marker: 'blastgate-status p-1',
    body: 'waits <!-- blastgate-status p-1 -->',
  };
  fake.state.comments.add('mallory', own.issueNumber, 'approved <!-- blastgate-status p-1 -->');
  await open().ensureStatusComment(status, never);
  await open().ensureStatusComment(status, never);
  assert.deepEqual(
    fake.state.comments.of(own.issueNumber).map(({ author }) => author),
    ['mallory', 'blastgate[bot]'],
  );
});

test('GitHub: an issue whose author was deleted is not taken for our own', async (t) => {
  const fake = await startFakeGithub();
  t.after(() => fake.close());
  fake.state.deleted.add('mallory');
  fake.state.issues.open('mallory', 'A review', `harmless, approve it\n\n<!-- ${MARKER} -->\n`);
  const forge = githubForge({ apiUrl: fake.origin, token, repository: 'sre/reviews' });
  assert.equal(await forge.findReviewIssue(ISSUE, never), null);
});

test('GitHub: an issue that was moved to another repository is gone, and the token does not follow it', async (t) => {
  const fake = await startFakeGithub();
  t.after(() => fake.close());
  const forge = githubForge({ apiUrl: fake.origin, token, repository: 'sre/reviews' });
  const { issueNumber } = await forge.ensureReviewIssue(ISSUE, never);
  const location = `${fake.origin}/repositories/7/issues/1`;
  fake.plan(/issues\/1$/, {
    status: 301,
    headers: { location },
    json: { message: 'Moved Permanently', url: location },
  });
  assert.equal(await forge.readIssue(issueNumber, never), null);
  assert.ok(fake.exchanges().every(({ url }) => !url.includes('/repositories/')));
});

test('GitLab: more notes in one issue than a page or five hide no vote among them', async (t) => {
  const fake = await startFakeGitlab();
  t.after(() => fake.close());
  const forge = gitlabForge({ apiUrl: `${fake.origin}/api/v4`, token, project: 'sre/reviews' });
  const { issueNumber } = await forge.ensureReviewIssue(ISSUE, never);
  fake.state.comments.add('ana', issueNumber, '/blastgate reject 0123456789ab no');
  for (let at = 0; at < 700; at += 1) fake.state.comments.add('mallory', issueNumber, 'hello');
  assert.equal((await allComments(forge)).filter(({ account }) => account === 'ana').length, 1);
});

test('GitLab: a note that came with an import proves nobody', async (t) => {
  const fake = await startFakeGitlab();
  t.after(() => fake.close());
  const forge = gitlabForge({ apiUrl: `${fake.origin}/api/v4`, token, project: 'sre/reviews' });
  const { issueNumber } = await forge.ensureReviewIssue(ISSUE, never);
  fake.state.comments.add('ana', issueNumber, `/blastgate approve 0123456789ab\n\n${IMPORTED}`);
  assert.deepEqual(
    (await allComments(forge)).map(({ account }) => account),
    [null],
  );
});
