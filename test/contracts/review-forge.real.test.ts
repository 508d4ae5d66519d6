// The review forge's contract over a real Gitea, and what the sandbox forge claims of it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { giteaForge } from '../../src/adapters/forge/gitea/forge.ts';
import { writeReviewIssue } from '../../src/core/text/review-issue.ts';
import { writeReviewStatus } from '../../src/core/text/review-status.ts';
import { compareHeads } from '../../src/flow/notify/compare-heads.ts';
import { Secret } from '../../src/ports/secret.ts';
import { startSandboxForge } from '../../src/sandbox/forge/start.ts';
import { memoryStore } from '../fakes/store.ts';
import { type Gitea, scopedToken, sharedGitea } from '../servers/gitea.ts';
import { HOSTILE, REQUEST, SPEC } from '../support/dual-spec.ts';
import { HEAD_PROOF, setStage } from '../support/memory-gate.ts';
import { broken } from './gitea/exchanges.ts';
import { reviewForgeContract } from './review-forge.ts';

const readAll = async ({ request, token, owner, repo }: Gitea) => {
  const issues: { readonly number: number; readonly title: string; readonly body: string }[] = [];
  for (let page = 1; ; page += 1) {
    const { body } = await request(token, 'GET', `/repos/${owner}/${repo}/issues?state=all&limit=50&page=${page}`);
    assert.ok(Array.isArray(body));
    if (body.length === 0) return issues;
    issues.push(...body);
  }
};

/** What of Gitea's answers the tests read. */
const asIssue = (body: unknown) => body as { readonly id: number; readonly state: string };

reviewForgeContract('Gitea adapter on a real Gitea', async () => {
  const gitea = await sharedGitea();
  const { apiUrl, owner, repo, token, users, request } = gitea;
  const [ana, ben] = users;
  const open = () => giteaForge({ apiUrl, token: new Secret(token), owner, repo });
  const home = `/repos/${owner}/${repo}`;
  return {
    forge: open(),
    anotherForge: async () => open(),
    isClosed: async (number) =>
      asIssue((await request(token, 'GET', `${home}/issues/${number}`)).body).state === 'closed',
    readComments: async (issue) => {
      const { body } = await request(token, 'GET', `${home}/issues/${issue}/comments`);
      assert.ok(Array.isArray(body));
      return body.map((one: { readonly user: { readonly login: string }; readonly body: string }) => ({
        author: one.user.login,
        body: one.body,
      }));
    },
    commentAsAnother: async (issue, text) => {
      const { status, body } = await request(ana.token, 'POST', `${home}/issues/${issue}/comments`, { body: text });
      assert.equal(status, 201);
      return { id: `${asIssue(body).id}`, author: ana.name };
    },
    editComment: async (id, text) => {
      await new Promise((done) => setTimeout(done, 1100));
      const { status } = await request(ben.token, 'PATCH', `${home}/issues/comments/${id}`, { body: text });
      assert.equal(status, 200, 'whoever may write in the repository edits what others wrote');
    },
    readIssues: () => readAll(gitea),
    openAsAnother: async (title, body) => {
      const { status } = await request(ana.token, 'POST', `/repos/${owner}/${repo}/issues`, { title, body });
      assert.equal(status, 201);
    },
    editIssue: async (number, body) => {
      const { status } = await request(ben.token, 'PATCH', `${home}/issues/${number}`, { body });
      assert.equal(status, 201, 'whoever may write in the repository edits what others wrote');
    },
    closeIssue: async (number) => {
      const { status } = await request(token, 'PATCH', `/repos/${owner}/${repo}/issues/${number}`, { state: 'closed' });
      assert.equal(status, 201);
    },
    stop: gitea.stop,
  };
});

/** The same request to both: a difference is the sandbox's bug. */
describe('the sandbox forge answers as a real Gitea does', () => {
  let gitea: Gitea;
  let sandbox: Awaited<ReturnType<typeof startSandboxForge>>;
  before(async () => {
    gitea = await sharedGitea();
    sandbox = await startSandboxForge({ token: gitea.token, owner: gitea.owner, repo: gitea.repo });
  });
  after(async () => {
    await gitea?.stop();
    await sandbox?.close();
  });

  const exchange = async (apiUrl: string, token: string | null, method: string, path: string, body: string | null) => {
    const url = `${apiUrl}${path}`;
    const response = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `token ${token}` }) },
      ...(body === null ? {} : { body }),
    });
    const answer: unknown = await response.json();
    return { method, url, body: body ?? '', status: response.status, answer };
  };

  const CASES: readonly (readonly [
    name: string,
    token: 'own' | 'wrong' | 'none',
    method: string,
    path: string,
    body: string | null,
  ])[] = [
    ['an issue', 'own', 'POST', '/issues', '{"title":"one","body":"x","labels":[]}'],
    ['a wide title', 'own', 'POST', '/issues', JSON.stringify({ title: '高'.repeat(100), body: '' })],
    ['no title', 'own', 'POST', '/issues', '{"body":"x"}'],
    ['an empty title', 'own', 'POST', '/issues', '{"title":""}'],
    ['a title of another type', 'own', 'POST', '/issues', '{"title":5}'],
    ['labels by name', 'own', 'POST', '/issues', '{"title":"x","labels":["bug"]}'],
    ['a list as body', 'own', 'POST', '/issues', '[]'],
    ['no JSON', 'own', 'POST', '/issues', '{"title":'],
    ['a wrong token', 'wrong', 'POST', '/issues', '{"title":"x"}'],
    ['no token', 'none', 'POST', '/issues', '{"title":"x"}'],
    ['a list', 'own', 'GET', '/issues?state=all&type=issues&page=1&limit=20', null],
    ['a list of nothing', 'own', 'GET', '/issues?state=closed', null],
    ['a list behind the end', 'own', 'GET', '/issues?state=all&page=99', null],
    ['a list since a time that is none', 'own', 'GET', '/issues?since=yesterday', null],
    ['a list with a wrong token', 'wrong', 'GET', '/issues', null],
    ['one issue', 'own', 'GET', '/issues/1', null],
    ['an issue that is not there', 'own', 'GET', '/issues/999', null],
    ['an edit', 'own', 'PATCH', '/issues/1', '{"state":"closed"}'],
    ['the repository', 'own', 'GET', '', null],
    ['a comment', 'own', 'POST', '/issues/1/comments', '{"body":"hello"}'],
    ['an empty comment', 'own', 'POST', '/issues/1/comments', '{"body":""}'],
    ['a comment of another type', 'own', 'POST', '/issues/1/comments', '{"body":5}'],
    ['a comment to no issue', 'own', 'POST', '/issues/999/comments', '{"body":"x"}'],
    ['the comments of an issue', 'own', 'GET', '/issues/1/comments', null],
    ['the comments of no issue', 'own', 'GET', '/issues/999/comments', null],
    ['all comments', 'own', 'GET', '/issues/comments?since=2020-01-01T00:00:00Z&page=1&limit=50', null],
    ['all comments behind the end', 'own', 'GET', '/issues/comments?page=99', null],
    ['all comments since a time that is none', 'own', 'GET', '/issues/comments?since=yesterday', null],
    ['one comment that is not there', 'own', 'GET', '/issues/comments/99999', null],
    ['an edit of a comment that is not there', 'own', 'PATCH', '/issues/comments/99999', '{"body":"x"}'],
    ['a comment with a wrong token', 'wrong', 'POST', '/issues/1/comments', '{"body":"x"}'],
  ];
  for (const [name, as, method, path, body] of CASES) {
    test(name, async () => {
      const token = as === 'own' ? gitea.token : as === 'wrong' ? '0'.repeat(40) : null;
      const home = `/repos/${gitea.owner}/${gitea.repo}`;
      const real = await exchange(gitea.apiUrl, token, method, `${home}${path}`, body);
      const ours = await exchange(sandbox.apiUrl, token, method, `${home}${path}`, body);
      assert.equal(ours.status, real.status, JSON.stringify(real.answer));
      assert.deepEqual(shapeOf(ours.answer), shapeOf(real.answer));
      if (method === 'POST' && real.status === 201) assert.deepEqual(titleOf(ours.answer), titleOf(real.answer));
      if (real.status < 300) assert.deepEqual(broken(ours), []);
    });
  }

  test('another repository is not found', async () => {
    const real = await exchange(gitea.apiUrl, gitea.token, 'POST', '/repos/nobody/nothing/issues', '{"title":"x"}');
    const ours = await exchange(sandbox.apiUrl, gitea.token, 'POST', '/repos/nobody/nothing/issues', '{"title":"x"}');
    assert.equal(ours.status, real.status);
    assert.deepEqual(shapeOf(ours.answer), shapeOf(real.answer));
  });
});

/** Nothing but a running Gitea can say in which order it checks what. */
describe('what a real Gitea lacks for reviews is named, and nothing is made by asking', () => {
  let gitea: Gitea;
  before(async () => {
    gitea = await sharedGitea();
  });
  after(() => gitea?.stop());

  const problemsWith = async (change: { readonly token?: string; readonly repo?: string }) => {
    const { apiUrl, token, owner, repo } = gitea;
    const settings = { apiUrl, owner, repo: change.repo ?? repo, token: new Secret(change.token ?? token) };
    const { problems, rights } = await giteaForge(settings).checkAccess(AbortSignal.timeout(20_000));
    return [problems.map(({ code }) => code).join(), rights.join()];
  };
  const change = async (body: object): Promise<void> => {
    const { status } = await gitea.request(gitea.token, 'PATCH', `/repos/${gitea.owner}/${gitea.repo}`, body);
    assert.equal(status, 200);
  };
  const ALL = 'read issues,write issues,comment,close';

  test('tokens by their scopes', async () => {
    for (const [scopes, problems, rights] of [
      ['all', '', ALL],
      ['write:issue,read:repository,read:user', '', ALL],
      ['write:issue', '', ALL],
      ['read:issue,read:repository', 'may-not-write', 'read issues'],
      ['read:issue', 'may-not-write', 'read issues'],
      ['read:repository', 'may-not-read', ''],
    ] as const)
      assert.deepEqual(await problemsWith({ token: await scopedToken(gitea, scopes) }), [problems, rights], scopes);
    assert.equal((await problemsWith({ token: '0'.repeat(40) }))[0], 'unclear');
  });

  test('a repository that is not there, archived, or without issues, also to a token of one scope', async () => {
    const token = await scopedToken(gitea, 'write:issue');
    assert.deepEqual(await problemsWith({ repo: 'nothing' }), ['no-repository', '']);
    assert.deepEqual(await problemsWith({ repo: 'nothing', token }), ['no-repository', '']);
    await change({ has_issues: false });
    assert.deepEqual(await problemsWith({}), ['issues-off', '']);
    assert.deepEqual(await problemsWith({ token }), ['no-repository', '']);
    await change({ has_issues: true });
    await change({ archived: true });
    assert.deepEqual(await problemsWith({}), ['archived', '']);
    assert.deepEqual(await problemsWith({ token }), ['archived', 'read issues']);
    await change({ archived: false });
    assert.deepEqual(await problemsWith({}), ['', ALL]);
    const { body } = await gitea.request(gitea.token, 'GET', `/repos/${gitea.owner}/${gitea.repo}/issues?state=all`);
    assert.deepEqual(body, []);
  });

  test('a token of one scope does all that a review needs', async () => {
    const { apiUrl, owner, repo } = gitea;
    const forge = giteaForge({ apiUrl, owner, repo, token: new Secret(await scopedToken(gitea, 'write:issue')) });
    const signal = AbortSignal.timeout(60_000);
    const issue = { ...writeReviewIssue(REQUEST), notBefore: new Date().toISOString() };
    const { issueNumber } = await forge.ensureReviewIssue(issue, signal);
    const status = { issueNumber, marker: 'blastgate-status s', body: 'x <!-- blastgate-status s -->' };
    await forge.ensureStatusComment(status, signal);
    await forge.ensureStatusComment({ ...status, body: 'y <!-- blastgate-status s -->' }, signal);
    const { comments } = await forge.readComments(issue.notBefore, 1, signal);
    assert.deepEqual(
      comments.map(({ nature, text }) => [nature, text]),
      [['own', 'y <!-- blastgate-status s -->']],
    );
    await forge.closeIssue(issueNumber, signal);
    assert.equal((await forge.readIssue(issueNumber, signal))?.state, 'closed');
  });
});

describe('hostile words in a review issue mean nothing to a real Gitea', () => {
  let gitea: Gitea;
  before(async () => {
    gitea = await sharedGitea();
  });
  after(() => gitea?.stop());

  /** Tags that do something, in what Gitea makes of a text. */
  const activeTags = async (text: string): Promise<readonly string[]> => {
    const { token, owner, repo, apiUrl } = gitea;
    const response = await fetch(`${apiUrl}/markdown`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `token ${token}` },
      body: JSON.stringify({ Text: text, Mode: 'comment', Context: `${owner}/${repo}`, Wiki: false }),
    });
    assert.equal(response.status, 200);
    const html = await response.text();
    return [
      ...html.matchAll(
        /<(a|img|input|script|table|video|iframe|form|g-emoji|span class="emoji")\b(?![^>]*class="anchor")[^>]*>/g,
      ),
    ].map(([tag]) => tag);
  };

  /** A dual proposal that somebody rejected in these words. */
  const rejectedFor = async (words: string) => {
    const stage = setStage();
    await stage.proposeText('scale production/web 0');
    const remediation = await stage.read('p-1');
    const { digest } = remediation.spec;
    const vote = { person: words, channel: 'gitea', decision: 'reject', digest, at: words, reason: words } as const;
    return { ...remediation, state: 'rejected', votes: [vote] } as const;
  };

  test('its rendering has no link, mention, reference, picture or form', async () => {
    const { owner, repo, token, request } = gitea;
    await request(token, 'POST', `/repos/${owner}/${repo}/issues`, { title: 'the first', body: '' });
    const raw = (await activeTags(HOSTILE.join('\n\n'))).join('');
    for (const sign of [/\/ana"/, /ref-issue/, /<img/, /checkbox/, /evil/]) assert.match(raw, sign);
    for (const [at, words] of HOSTILE.entries()) {
      const spec = {
        ...SPEC,
        command: words,
        namespace: words,
        target: words,
        rollbackPlan: { ...SPEC.rollbackPlan, command: words },
      };
      const reasons = [{ code: 'floor', points: 55, subject: words }] as const;
      const { body } = writeReviewIssue({
        ...REQUEST,
        proposal: `p${at}`,
        incident: words,
        diagnosis: words,
        spec: { ...spec, reasons },
      });
      assert.deepEqual(await activeTags(body), [], words);
      const status = writeReviewStatus({
        remediation: await rejectedFor(words),
        approvers: [],
        doors: REQUEST.doors,
        notCounted: [{ account: words, why: { kind: 'nature', code: 'edited' } }],
        issue: 'open',
        lang: 'en',
      });
      assert.deepEqual(await activeTags(status.body), [], words);
    }
  });
});

const titleOf = (answer: unknown): unknown =>
  typeof answer === 'object' && answer !== null && 'title' in answer ? answer.title : undefined;

/** Names of the fields, sorted; of a list, those of its first element. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  return typeof value === 'object' && value !== null ? Object.keys(value).sort() : typeof value;
};

describe('the heads in the issues of a real Gitea', () => {
  let gitea: Gitea;
  before(async () => {
    gitea = await sharedGitea();
  });
  after(() => gitea?.stop());

  test('a head that an editor changed in an issue proves nothing and raises no alarm; one that is proven and lacking does', async () => {
    const { apiUrl, owner, repo, token, users, request } = gitea;
    const forge = giteaForge({ apiUrl, owner, repo, token: new Secret(token) });
    const signal = AbortSignal.timeout(60_000);
    const stage = setStage();
    Object.assign(stage.gate, { forge });
    for (const incident of ['INC-1', 'INC-2']) {
      assert.ok((await stage.proposeText('scale production/web 0', incident)).ok);
      await stage.tell();
    }
    const compared = async (trail = stage.store.trail) => {
      const { there, missing, doubtful } = await compareHeads({ trail, forge, proof: HEAD_PROOF }, signal);
      return [there, missing, doubtful].map((heads) => heads.map(({ issueNumber }) => issueNumber));
    };
    const [newest, first] = (await forge.readOwnIssues(2, signal)).map(({ issueNumber }) => issueNumber);
    assert.deepEqual(
      await compared(),
      [[first, first, newest, newest], [], []],
      'each by its text and its status comment',
    );
    assert.deepEqual(await compared(memoryStore().trail), [[], [first, first, newest, newest], []]);
    const path = `/repos/${owner}/${repo}/issues/${newest}`;
    const body = (await forge.readOwnIssues(1, signal))[0]?.body.replace(/head \d+:/, 'head 9999:');
    assert.equal((await request(users[1].token, 'PATCH', path, { body })).status, 201);
    assert.deepEqual(await compared(), [[first, first, newest], [], [newest]]);
  });
});
