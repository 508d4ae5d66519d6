// The review forge's contract over the adapters that need no real server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giteaForge } from '../../src/adapters/forge/gitea/forge.ts';
import { Secret } from '../../src/ports/secret.ts';
import { startSandboxForge } from '../../src/sandbox/forge/start.ts';
import { MemoryForge } from '../fakes/review-forge.ts';
import { broken } from './gitea/exchanges.ts';
import { reviewForgeContract } from './review-forge.ts';

reviewForgeContract('memory', async () => {
  const forge = new MemoryForge();
  return {
    forge,
    anotherForge: async () => forge,
    isClosed: async (number) => forge.issues().find((issue) => issue.number === number)?.state === 'closed',
    readComments: async (issue) => forge.comments(issue).map(({ author, text }) => ({ author, body: text })),
    commentAsAnother: async (issue, body) => ({ id: forge.commentAs('mallory', issue, body), author: 'mallory' }),
    editComment: async (id, body) => forge.editAsAnother(id, body),
    readIssues: async () => forge.issues(),
    openAsAnother: async (title, body) => forge.openAsAnother(title, body),
    editIssue: async (number, body) => forge.editIssueAsAnother(number, body),
    closeIssue: (number) => forge.closeAsAnother(number),
    stop: async () => {},
  };
});

reviewForgeContract('Gitea adapter on the sandbox forge, every exchange as the API description says', async () => {
  const sandbox = await startSandboxForge();
  const { apiUrl, owner, repo } = sandbox;
  const open = () => giteaForge({ apiUrl, token: new Secret(sandbox.token), owner, repo });
  return {
    forge: open(),
    anotherForge: async () => open(),
    isClosed: async (number) => sandbox.issues().find((issue) => issue.number === number)?.state === 'closed',
    readComments: async (issue) => sandbox.comments(issue),
    commentAsAnother: async (issue, body) => {
      const { id, author } = sandbox.commentAs('mallory', issue, body);
      return { id: `${id}`, author };
    },
    editComment: async (id, body) => sandbox.editComment(Number(id), body),
    readIssues: async () => sandbox.issues(),
    openAsAnother: async (title, body) => void sandbox.openIssueAs('mallory', title, body),
    editIssue: async (number, body) => sandbox.editIssue(number, body),
    closeIssue: async (number) => {
      const answer = await fetch(`${apiUrl}/repos/${owner}/${repo}/issues/${number}`, {
        method: 'PATCH',
        headers: { authorization: `token ${sandbox.token}`, 'content-type': 'application/json' },
        body: '{"state":"closed"}',
      });
      assert.equal(answer.status, 201);
    },
    stop: async () => {
      const exchanges = sandbox.exchanges();
      await sandbox.close();
      assert.ok(exchanges.length > 100, `only ${exchanges.length} exchanges were seen`);
      assert.deepEqual(exchanges.flatMap(broken), []);
    },
  };
});

test('the check of exchanges is awake', () => {
  const url = 'http://127.0.0.1/api/v1/repos/a/b/issues';
  const post = { method: 'POST', url, body: '{"title":"x","body":"","labels":[]}', status: 404, answer: null };
  assert.deepEqual(broken(post), []);
  assert.notDeepEqual(broken({ ...post, body: '{"body":"x"}' }), []);
  assert.notDeepEqual(broken({ ...post, body: '{"title":"x","labels":["bug"]}' }), []);
  assert.notDeepEqual(broken({ ...post, body: '{"title":"x","colour":"red"}' }), []);
  assert.notDeepEqual(broken({ ...post, status: 418 }), []);
  assert.notDeepEqual(broken({ ...post, status: 201, answer: { number: '1' } }), []);
  assert.notDeepEqual(broken({ ...post, method: 'GET', url: `${url}?state=both`, status: 404 }), []);
  assert.throws(() => broken({ ...post, url: 'http://127.0.0.1/api/v1/elsewhere' }));
});
