// What a repository or a token lacks for reviews is named with its remedy, and asking changes nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForgeAccess } from '../../../ports/review-forge.ts';
import { Secret } from '../../../ports/secret.ts';
import type { PlannedFault } from '../../../sandbox/forge/faults.ts';
import { type SandboxForge, type SandboxForgeOptions, startSandboxForge } from '../../../sandbox/forge/start.ts';
import { giteaForge } from './forge.ts';

const access = async (
  options: SandboxForgeOptions,
  prepare: (sandbox: SandboxForge) => void,
  repo = 'reviews',
): Promise<ForgeAccess> => {
  const sandbox = await startSandboxForge(options);
  prepare(sandbox);
  const { apiUrl, token, owner } = sandbox;
  const forge = giteaForge({ apiUrl, token: new Secret(token), owner, repo, limitMs: 2000 });
  const found = await forge.checkAccess(new AbortController().signal);
  assert.deepEqual(sandbox.issues(), [], 'asking made an issue');
  await sandbox.close();
  return found;
};
const none = () => {};
const ALL = ['read issues', 'write issues', 'comment', 'close'];

const ROWS: readonly (readonly [
  says: string,
  found: () => Promise<ForgeAccess>,
  code: string,
  remedy: RegExp,
  rights: readonly string[],
])[] = [
  ['all is there', () => access({}, none), '', /^$/, ALL],
  ['a token of one scope', () => access({ scopes: 'write-issue' }, none), '', /^$/, ALL],
  ['no such repository', () => access({}, none, 'nope'), 'no-repository', /GITEA_REPO_OWNER and GITEA_REPO_NAME/, []],
  ['deleted', () => access({}, (s) => s.setState('deleted')), 'no-repository', /create the repository/, []],
  ['issues off', () => access({}, (s) => s.setState('issues-off')), 'issues-off', /Settings, Advanced, Issues/, []],
  ['archived', () => access({}, (s) => s.setState('archived')), 'archived', /unarchive/, []],
  [
    'archived, for a token of one scope',
    () => access({ scopes: 'write-issue' }, (s) => s.setState('archived')),
    'archived',
    /unarchive/,
    ['read issues'],
  ],
  ['a read-only token', () => access({ scopes: 'read-issue' }, none), 'may-not-write', /write:issue/, ['read issues']],
  ['a token that is wrong', () => access({}, (s) => s.plan(refusing('repository', 401))), 'unclear', /TOKEN/, []],
  [
    'no right to read',
    () => access({}, (s) => s.plan(refusing('list', 403))),
    'may-not-read',
    /scopes write:issue/,
    [],
  ],
  ['a server in trouble', () => access({}, (s) => s.plan(refusing('list', 502))), 'unclear', /GITEA_API_URL/, []],
  [
    'a forge that hangs',
    () => access({}, (s) => s.plan({ on: 'repository', times: 1, fault: { how: 'hang', after: 'nothing' } })),
    'no-answer',
    /the network/,
    [],
  ],
];

const refusing = (on: PlannedFault['on'], status: number): PlannedFault => ({
  on,
  times: 1,
  fault: { how: 'status', status, message: 'no' },
});

for (const [says, find, code, remedy, rights] of ROWS)
  test(`${says}: ${code === '' ? 'no problem' : code}`, async () => {
    const found = await find();
    assert.deepEqual([found.problems.map((problem) => problem.code).join(), found.rights], [code, rights]);
    for (const problem of found.problems) assert.match(problem.remedy, remedy);
    assert.match(found.repository, /^sre\/\w+ at http/);
  });

test('whose token it is, is asked once, whether or not it may say', async () => {
  for (const scopes of ['all', 'write-issue'] as const) {
    const sandbox = await startSandboxForge({ scopes });
    const { apiUrl, token, owner, repo } = sandbox;
    const forge = giteaForge({ apiUrl, token: new Secret(token), owner, repo });
    for (let polls = 0; polls < 5; polls += 1)
      await forge.readComments('2020-01-01T00:00:00Z', 1, new AbortController().signal);
    assert.equal(sandbox.exchanges().filter(({ url }) => url.endsWith('/user')).length, 1, scopes);
    await sandbox.close();
  }
});
