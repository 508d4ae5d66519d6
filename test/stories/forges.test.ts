// A dual action reviewed on GitHub and on GitLab: one vote by a comment, one over HTTP; executed, verified, the issue closed.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import type { FakeForge } from '../fakes/forge-server.ts';
import { OWNER, REPO, startFakeGithub } from '../fakes/github.ts';
import { PROJECT, startFakeGitlab, writeNote } from '../fakes/gitlab.ts';
import { type ComposedGate, eventually, openComposedGate } from '../support/composed-gate.ts';

const SECRET = 'hook-secret';
const COMMAND = 'kubectl scale deployment api -n production --replicas=0';

interface Row {
  readonly brand: string;
  start(): Promise<FakeForge>;
  settings(fake: FakeForge): Readonly<Record<string, string>>;
  /** The account of a person in people.yaml. */
  readonly service: string;
  comment(fake: FakeForge, login: string, issue: number, text: string): void;
  readonly prefix: string;
  readonly hook: string;
  sign(body: string): Readonly<Record<string, string>>;
}

const hmac = (body: string): string => createHmac('sha256', SECRET).update(body).digest('hex');

const ROWS: readonly Row[] = [
  {
    brand: 'GitHub',
    start: startFakeGithub,
    settings: ({ origin, token }) => ({
      GITHUB_API_URL: origin,
      GITHUB_TOKEN: token,
      GITHUB_REPOSITORY: `${OWNER}/${REPO}`,
    }),
    service: 'github',
    comment: ({ state }, login, issue, text) => void state.comments.add(login, issue, text),
    prefix: '/',
    hook: '/hooks/github',
    sign: (body) => ({ 'x-hub-signature-256': `sha256=${hmac(body)}` }),
  },
  {
    brand: 'GitLab',
    start: startFakeGitlab,
    settings: ({ origin, token }) => ({
      GITLAB_API_URL: `${origin}/api/v4`,
      GITLAB_TOKEN: token,
      GITLAB_PROJECT: PROJECT,
    }),
    service: 'gitlab',
    comment: ({ state }, login, issue, text) => void writeNote(state, login, issue, text),
    prefix: '/blastgate ',
    hook: '/hooks/gitlab',
    sign: () => ({ 'x-gitlab-token': SECRET }),
  },
];

const send = (gate: ComposedGate, path: string, headers: Readonly<Record<string, string>>, body: string) =>
  fetch(`${gate.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

for (const row of ROWS)
  test(`${row.brand}: a comment and a vote over HTTP carry out a dual action, and the issue ends with it`, async () => {
    const fake = await row.start();
    const accounts = Object.fromEntries(['ana', 'ben', 'mei'].map((id) => [id, `${row.service}: ${id}`]));
    const gate = await openComposedGate({ ...row.settings(fake), BLASTGATE_HOOK_SECRET: SECRET }, accounts);
    const { issues, comments } = fake.state;
    const votes = async (id: string) => {
      const { body } = await gate.call('ana', 'GET', `/proposals/${id}`);
      return body['votes'] as readonly { readonly person: string; readonly channel: string }[];
    };
    try {
      const proposed = await gate.call('healer', 'POST', '/proposals', { incident: 'INC-1', command: COMMAND });
      assert.equal(proposed.status, 201, JSON.stringify(proposed.body));
      assert.equal(proposed.body['tier'], 'dual');
      const id = String(proposed.body['id']);
      const { digest } = proposed.body['spec'] as { readonly digest: string };
      const short = digest.slice(7, 19);
      await eventually('the issue stands', () => issues.all().length === 1 && comments.of(1).length === 1);
      assert.ok(issues.find(1)?.body.includes(`${row.prefix}approve ${short}`), 'it says how to answer here');

      // What does not count: a stranger, the proposer's owner, a quote, another digest, a bot, an edit.
      row.comment(fake, 'mallory', 1, `${row.prefix}approve ${short}`);
      row.comment(fake, 'ana', 1, `${row.prefix}approve ${short}`);
      row.comment(fake, 'mei', 1, `> ${row.prefix}approve ${short}\n\nlooks good`);
      row.comment(fake, 'mei', 1, `${row.prefix}approve ${'0'.repeat(12)}`);
      row.comment(fake, 'bеn', 1, `${row.prefix}approve ${short}`); // a Cyrillic е
      const own = comments.add('ben', 1, 'looks good');
      comments.edit(own.id, `${row.prefix}approve ${short}`, own.createdAt + 1000);

      row.comment(fake, 'ben', 1, `Read it.\n\n${row.prefix}approve ${short}`);
      const forged = await send(
        gate,
        row.hook,
        { ...row.sign('x'), 'x-gitlab-token': 'wrong' },
        '{"action":"created"}',
      );
      assert.equal(forged.status, 401);
      const hint = '{"action":"created"}';
      for (let again = 0; again < 3; again += 1)
        assert.equal((await send(gate, row.hook, row.sign(hint), hint)).status, 204, 'a replay is harmless');
      for (let tries = 0; tries < 300 && (await votes(id)).length === 0; tries += 1)
        await new Promise((done) => setTimeout(done, 100));
      assert.deepEqual(
        (await votes(id)).map(({ person, channel }) => `${person} ${channel}`),
        [`ben ${row.service}`],
      );
      const voted = await gate.call('mei', 'POST', `/proposals/${id}/votes`, { decision: 'approve', digest });
      assert.equal(voted.status, 200, JSON.stringify(voted.body));
      const { body } = await gate.until(id, ['succeeded', 'rolled-back', 'failed', 'stale', 'handed-over']);
      assert.equal(body['state'], 'succeeded');
      assert.equal(gate.cluster.writes().filter(({ dryRun, path }) => !dryRun && /api\/scale$/.test(path)).length, 1);
      await eventually('the issue is closed', () => issues.find(1)?.state === 'closed');
      const ours = comments.of(1).filter(({ author }) => author === 'blastgate');
      assert.equal(ours.length, 1, 'one status comment, edited');
      assert.match(ours[0]?.body ?? '', /succeeded[\s\S]*2 of 2 approvals/);
      assert.equal(issues.all().length, 1);
    } finally {
      await gate.close();
      await fake.close();
    }
  });

for (const row of ROWS)
  test(`${row.brand}: a comment with the digest of a superseded proposal counts for neither; two at once on the newer one are two`, async () => {
    const fake = await row.start();
    const accounts = Object.fromEntries(['ana', 'ben', 'mei'].map((id) => [id, `${row.service}: ${id}`]));
    const gate = await openComposedGate({ ...row.settings(fake), BLASTGATE_HOOK_SECRET: SECRET }, accounts);
    const { issues, comments } = fake.state;
    const propose = async (command: string) => {
      const { status, body } = await gate.call('healer', 'POST', '/proposals', { incident: 'INC-1', command });
      assert.equal(status, 201, JSON.stringify(body));
      return { id: String(body['id']), digest: (body['spec'] as { readonly digest: string }).digest };
    };
    const votesOf = async (id: string) =>
      (
        (await gate.call('ana', 'GET', `/proposals/${id}`)).body['votes'] as readonly {
          person: string;
          channel: string;
        }[]
      ).map(({ person, channel }) => `${person} ${channel}`);
    /** The digits that a comment gives for a digest. */
    const yes = ({ digest }: { readonly digest: string }): string => `${row.prefix}approve ${digest.slice(7, 19)}`;
    const hint = async (): Promise<void> => {
      const body = '{"action":"created"}';
      assert.equal((await send(gate, row.hook, row.sign(body), body)).status, 204);
    };
    const statusOf = (issue: number): string =>
      comments.of(issue).find(({ author }) => author === 'blastgate')?.body ?? '';
    try {
      const old = await propose(COMMAND);
      await eventually('the first issue stands', () => issues.all().length === 1 && statusOf(1) !== '');
      const newer = await propose('kubectl -n production scale deployment api --replicas=0');
      await eventually('the second issue stands', () => issues.all().length === 2 && statusOf(2) !== '');
      await eventually('the first issue is closed', () => issues.find(1)?.state === 'closed');

      row.comment(fake, 'ben', 1, yes(old));
      row.comment(fake, 'ben', 2, yes(old));
      await hint();
      await eventually('the second issue says that it did not count', () =>
        /ben/.test(statusOf(2).split('that did not count')[1] ?? ''),
      );
      for (const { id } of [old, newer]) assert.deepEqual(await votesOf(id), []);

      row.comment(fake, 'ben', 2, yes(newer));
      const [, voted] = await Promise.all([
        hint(),
        gate.call('mei', 'POST', `/proposals/${newer.id}/votes`, { decision: 'approve', digest: newer.digest }),
      ]);
      assert.equal(voted.status, 200, JSON.stringify(voted.body));
      const { body } = await gate.until(newer.id, ['succeeded', 'rolled-back', 'failed', 'stale', 'handed-over']);
      assert.equal(body['state'], 'succeeded');
      assert.deepEqual((await votesOf(newer.id)).toSorted(), [`ben ${row.service}`, 'mei http']);
      assert.equal(gate.cluster.writes().filter(({ dryRun, path }) => !dryRun && /api\/scale$/.test(path)).length, 1);
      await eventually(
        'the second issue ends with it',
        () => issues.find(2)?.state === 'closed' && /2 of 2 approvals/.test(statusOf(2)),
      );
      assert.deepEqual([await votesOf(old.id), issues.all().length], [[], 2]);
      for (const issue of [1, 2])
        assert.equal(comments.of(issue).filter(({ author }) => author === 'blastgate').length, 1, 'one status comment');
    } finally {
      await gate.close();
      await fake.close();
    }
  });

test('without a secret nothing is heard at /hooks', async () => {
  const fake = await startFakeGithub();
  const gate = await openComposedGate(ROWS[0]?.settings(fake) ?? {}, {});
  assert.equal((await send(gate, '/hooks/github', { 'x-hub-signature-256': 'sha256=00' }, '{}')).status, 404);
  await gate.close();
  await fake.close();
});

test('what is too large is not read', async () => {
  const fake = await startFakeGithub();
  const gate = await openComposedGate({ ...(ROWS[0]?.settings(fake) ?? {}), BLASTGATE_HOOK_SECRET: SECRET }, {});
  const large = 'x'.repeat(2 * 1024 * 1024);
  assert.equal(
    (await send(gate, '/hooks/github', { 'x-hub-signature-256': `sha256=${hmac(large)}` }, large)).status,
    413,
  );
  await gate.close();
  await fake.close();
});
