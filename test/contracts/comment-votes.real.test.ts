// A dual action reviewed in a real Gitea: one status comment, votes by comments, an edited one that does not count, the end.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { giteaForge } from '../../src/adapters/forge/gitea/forge.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { describeReview } from '../../src/core/text/review-notice.ts';
import { forgeFindings } from '../../src/doors/cli/commands/doctor-forge.ts';
import { readSettings } from '../../src/doors/settings.ts';
import { createCommentMemory, pollComments } from '../../src/flow/notify/listen-to-comments.ts';
import { Secret } from '../../src/ports/secret.ts';
import { fakeClock } from '../fakes/clock.ts';
import { memoryCluster } from '../fakes/cluster.ts';
import { memoryStore } from '../fakes/store.ts';
import { type Gitea, sharedGitea } from '../servers/gitea.ts';
import { CAST, setStage } from '../support/memory-gate.ts';

describe('a review in a real Gitea', () => {
  let gitea: Gitea;
  before(async () => {
    gitea = await sharedGitea();
  });
  after(() => gitea?.stop());

  /** ben and cho have the accounts of the two people that this Gitea has. */
  const setRealStage = (repo: string = gitea.repo) => {
    const { apiUrl, token, owner, users, request } = gitea;
    const world = { clock: fakeClock(Date.now()), cluster: memoryCluster({ 'production/web': 3 }) };
    const stage = setStage(memoryStore(), world);
    Object.assign(stage.gate, { forge: giteaForge({ apiUrl, token: new Secret(token), owner, repo }) });
    const accounts = new Map([
      ['ben', users[0].name],
      ['cho', users[1].name],
    ]);
    const people = CAST.people.map((one) => ({
      ...one,
      accounts: { telegram: null, gitea: accounts.get(one.id) ?? null },
    }));
    stage.setPeople({ ...CAST, people });
    const memory = createCommentMemory();
    const { forge } = stage.gate;
    assert.ok(forge !== null);
    const poll = async () => {
      await pollComments(stage.gate, forge, memory, stage.never);
      await stage.tell();
    };
    const home = `/repos/${owner}/${repo}`;
    const comment = async (by: 0 | 1, issue: number, body: string): Promise<number> => {
      const answer = await request(users[by].token, 'POST', `${home}/issues/${issue}/comments`, { body });
      assert.equal(answer.status, 201);
      return (answer.body as { readonly id: number }).id;
    };
    const edit = (by: 0 | 1, id: number, body: string) =>
      request(users[by].token, 'PATCH', `${home}/issues/comments/${id}`, { body });
    const own = async (issue: number): Promise<readonly string[]> => {
      const { body } = await request(token, 'GET', `${home}/issues/${issue}/comments`);
      const all = body as readonly { readonly body: string; readonly user: { readonly login: string } }[];
      return all.filter(({ user }) => user.login === 'blastgate').map((one) => one.body);
    };
    const stateOf = async (issue: number) =>
      ((await request(token, 'GET', `${home}/issues/${issue}`)).body as { readonly state: string }).state;
    return { ...stage, poll, comment, edit, own, stateOf };
  };

  test('one vote over HTTP, one by a comment; the issue follows and is closed with the outcome', async () => {
    const stage = setRealStage();
    await stage.proposeText('scale production/web 0');
    await stage.tell();
    const { review, spec } = await stage.read('p-1');
    const issue = review?.issueNumber ?? 0;
    assert.match((await stage.own(issue)).join('§'), /^\*\*⏳ waits for approval\*\*[^§]*0 of 2 approvals[^§]*$/);
    await stage.vote('p-1', 'ben');
    await stage.comment(1, issue, `> /approve ${spec.digest}\n\nI think so too.`);
    await stage.poll();
    assert.equal((await stage.read('p-1')).votes.length, 1);
    const id = await stage.comment(1, issue, `Read it twice.\n\n/approve ${spec.digest.slice(7, 19)}`);
    await stage.poll();
    const { votes, state } = await stage.read('p-1');
    assert.equal(state, 'approved');
    assert.deepEqual([votes[1]?.person, votes[1]?.channel], ['cho', 'gitea']);
    const { accountId, ...proof } = (votes[1]?.proof ?? {}) as { accountId?: string };
    assert.match(accountId ?? '', /^\d+$/);
    assert.deepEqual(proof, { kind: 'account', account: gitea.users[1].name, message: `${id}` });
    await stage.pass(30);
    await stage.tell();
    assert.equal((await stage.read('p-1')).state, 'succeeded');
    assert.match((await stage.own(issue)).join('§'), /^\*\*✅ succeeded\*\*[^§]*2 of 2 approvals[^§]*$/);
    assert.equal(await stage.stateOf(issue), 'closed');
  });

  test('a comment that another writer edited is no vote; a rejection by comment ends it', async () => {
    const stage = setRealStage();
    await stage.proposeText('scale production/web 0', 'INC-2');
    await stage.tell();
    const { review, spec } = await stage.read('p-1');
    const issue = review?.issueNumber ?? 0;
    const talk = await stage.comment(0, issue, 'looks good');
    // Gitea's times count seconds.
    await new Promise((done) => setTimeout(done, 1100));
    assert.equal((await stage.edit(1, talk, `/approve ${spec.digest}`)).status, 200);
    await stage.poll();
    assert.deepEqual((await stage.read('p-1')).votes, []);
    assert.match((await stage.own(issue)).join('§'), /An edited comment does not count[^§]*$/);
    await stage.comment(0, issue, `/reject ${spec.digest.slice(7, 15)} the sale is on`);
    await stage.poll();
    assert.equal((await stage.read('p-1')).state, 'rejected');
    assert.match((await stage.own(issue)).join('§'), /^\*\*👎 rejected\*\*[^§]*the sale is on[^§]*$/);
    assert.equal(await stage.stateOf(issue), 'closed');
  });

  test('without the repository a dual action says so and runs; with review: required it waits until there is an issue', async () => {
    const { apiUrl, owner, token, request } = gitea;
    const repo = `missing-${Date.now()}`;
    const named = { GITEA_API_URL: apiUrl, GITEA_API_TOKEN: token, GITEA_REPO_OWNER: owner, GITEA_REPO_NAME: repo };
    const read = readSettings(named);
    assert.ok(read.ok);
    const [finding] = await forgeFindings(read.settings);
    assert.equal(finding?.state, 'fail');
    assert.match(`${finding?.message} ${finding?.remedy}`, /there is no such repository.*create the repository/);

    const free = setRealStage(repo);
    await free.proposeText('scale production/web 0');
    await free.tell();
    const notice = describeReview(await free.read('p-1'), 'off', 'en') ?? '';
    assert.match(notice, /^There is no review issue\. Gitea refused \w+ with 404.*GITEA_REPO_NAME/);
    for (const person of ['ben', 'cho']) await free.vote('p-1', person);
    await free.pass(30);
    assert.equal((await free.read('p-1')).state, 'succeeded');

    const held = setRealStage(repo);
    const document = { ...DEFAULT_POLICY.document, review: 'required' } as const;
    Object.assign(held.gate, { policy: { ...DEFAULT_POLICY, document } });
    await held.proposeText('scale production/web 0', 'INC-9');
    await held.tell();
    const refused = await held.vote('p-1', 'ben');
    assert.ok(!refused.ok && refused.refusal.code === 'review-missing');
    assert.equal((await request(token, 'POST', '/user/repos', { name: repo, auto_init: false })).status, 201);
    for (let seconds = 0; seconds < 60; seconds += 10) {
      await held.pass(10);
      await held.tell();
    }
    for (const person of ['ben', 'cho']) assert.ok((await held.vote('p-1', person)).ok);
    await held.pass(30);
    await held.tell();
    const { state, review } = await held.read('p-1');
    assert.equal(state, 'succeeded');
    assert.equal(await held.stateOf(review?.issueNumber ?? 0), 'closed');
  });

  test('a person who closes the issue decides nothing; one whose repository is deleted is told, and votes elsewhere', async () => {
    const stage = setRealStage();
    await stage.proposeText('scale production/web 0', 'INC-3');
    await stage.tell();
    const { review, spec } = await stage.read('p-1');
    const issue = review?.issueNumber ?? 0;
    const { owner, repo, token, users, request } = gitea;
    await request(users[0].token, 'PATCH', `/repos/${owner}/${repo}/issues/${issue}`, { state: 'closed' });
    await stage.comment(0, issue, `/approve ${spec.digest}`);
    await stage.poll();
    assert.match((await stage.own(issue)).join('§'), /1 of 2 approvals[^§]*closed by hand/);
    await request(token, 'DELETE', `/repos/${owner}/${repo}`);
    await assert.rejects(stage.poll(), /no such repository/);
    await stage.vote('p-1', 'dee');
    await stage.tell();
    const { state, review: lost } = await stage.read('p-1');
    assert.equal(state, 'approved');
    assert.equal(lost?.success, false);
    assert.ok(stage.chat.said().some(({ text }) => text.includes('no review issue')));
  });
});
