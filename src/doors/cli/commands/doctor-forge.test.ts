// What doctor says of the review repository, and when that is a failure.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type SandboxForge, startSandboxForge } from '../../../sandbox/forge/start.ts';
import { readSettings } from '../../settings.ts';
import { forgeFindings } from './doctor-forge.ts';

describe('doctor on the forge', () => {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-forge-'));
  const strict = join(folder, 'policy.yaml');
  const people = join(folder, 'people.yaml');
  let forge: SandboxForge;
  before(async () => {
    forge = await startSandboxForge();
    const built = readFileSync('policy/default.yaml', 'utf8');
    writeFileSync(strict, built.replace('\nreview: off', '\nreview: required'));
    writeFileSync(people, 'people:\n  - { id: ana, name: Ana, rights: [approve], accounts: { gitea: Blastgate } }\n');
  });
  beforeEach(() => forge.setState('as-made'));
  after(async () => {
    await forge.close();
    rmSync(folder, { recursive: true });
  });

  const say = async (env: NodeJS.ProcessEnv = {}, withForge: 'yes' | 'no' = 'yes'): Promise<string> => {
    const { apiUrl: GITEA_API_URL, token: GITEA_API_TOKEN, owner: GITEA_REPO_OWNER, repo: GITEA_REPO_NAME } = forge;
    const named = { GITEA_API_URL, GITEA_API_TOKEN, GITEA_REPO_OWNER, GITEA_REPO_NAME };
    const read = readSettings({ ...(withForge === 'yes' ? named : {}), ...env });
    assert.ok(read.ok);
    const findings = await forgeFindings(read.settings);
    return findings
      .map(({ state, message, remedy }) => `${state} ${message}${remedy === null ? '' : ` → ${remedy}`}`)
      .join('\n');
  };

  test('all is well', async () => {
    assert.match(await say(), /^ok sre\/reviews at http\S+ as blastgate: read issues, write issues, comment, close$/);
  });

  test('a repository that is not there, without issues, or archived', async () => {
    assert.match(
      await say({ GITEA_REPO_NAME: 'nope' }),
      /^fail sre\/nope at \S+: there is no such repository.* → create/,
    );
    forge.setState('issues-off');
    assert.match(await say(), /^fail .*switched off.* → switch them on/);
    forge.setState('archived');
    assert.match(await say(), /^fail .*archived.* → unarchive/);
    assert.match(await say({ AIOPS_P5_GITOPS_PR: '0' }), /^off .*archived.*AIOPS_P5_GITOPS_PR is off/);
  });

  test('a token of one scope is enough, and a person with the account of the gate is named', async () => {
    const narrow = await startSandboxForge({ scopes: 'write-issue' });
    const found = await say({ GITEA_API_URL: narrow.apiUrl });
    await narrow.close();
    assert.match(
      found,
      /^ok .*: read issues, write issues, comment, close\nwarn .*may not say whose it is → .*read:user/,
    );
    assert.match(await say({ BLASTGATE_PEOPLE: people }), /\nwarn .*as blastgate, which people.yaml gives to ana/);
  });

  test('no forge is off, and a failure where policy asks for reviews', async () => {
    assert.match(await say({}, 'no'), /^off no forge is set.* → set GITEA_\*, GITHUB_\* or GITLAB_\*/);
    assert.match(await say({ BLASTGATE_POLICY: strict }, 'no'), /^fail the policy says review: required, and no forge/);
    assert.match(await say({ BLASTGATE_POLICY: strict, AIOPS_P5_GITOPS_PR: '0' }), /^fail .*AIOPS_P5_GITOPS_PR is off/);
    assert.match(await say({ BLASTGATE_POLICY: strict }), /^ok /);
  });
});
