// The whole gate, wired by its settings: one person votes over HTTP, one by a comment in the forge.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openGate } from '../../src/doors/demo/open-gate.ts';
import { startSandboxChat } from '../../src/sandbox/chat/start.ts';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { startSandboxForge } from '../../src/sandbox/forge/start.ts';

type Proposal = {
  readonly id: string;
  readonly state: string;
  readonly digest: string;
  readonly votes: readonly { readonly person: string; readonly channel: string }[];
};

test('a vote over HTTP and one by a comment carry out a dual action, and the issue is closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-comment-'));
  const [cluster, forge, chat] = [await startSandboxCluster(), await startSandboxForge(), await startSandboxChat()];
  const kubeconfigPath = join(folder, 'kubeconfig');
  writeFileSync(kubeconfigPath, cluster.kubeconfig(), { mode: 0o600 });
  forge.setState('archived');
  const gate = await openGate({ folder, kubeconfigPath, forge, chat, env: {} });
  try {
    const ask = async (as: 'healer' | 'ben', method: string, path: string, body?: object): Promise<Proposal> => {
      const response = await fetch(`${gate.url}/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${gate.tokens[as]}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = (await response.json()) as Proposal;
      assert.ok(response.ok, JSON.stringify(answer));
      return answer;
    };
    const until = async (what: string, done: () => Promise<boolean> | boolean): Promise<void> => {
      for (let tries = 0; tries < 600; tries += 1) {
        if (await done()) return;
        await new Promise((next) => setTimeout(next, 50));
      }
      assert.fail(`it never came to: ${what}`);
    };
    const logged = () => readFileSync(join(folder, 'gate.log'), 'utf8');
    await until('the start names what reviews lack', () => /review_forge_unusable.*archived/.test(logged()));
    forge.setState('as-made');
    const argv = ['kubectl', 'scale', 'deployment/api', '--replicas=0', '-n', 'production'];
    const { id, digest } = await ask('healer', 'POST', '/proposals', { incident: 'INC-7', argv });
    await until('a status comment', () => forge.comments(1).length === 1);
    await ask('ben', 'POST', `/proposals/${id}/votes`, { decision: 'approve', digest });
    forge.commentAs('mei', 1, `/approve ${digest.slice(7, 19)}`);
    await until('an end', async () => (await ask('ben', 'GET', `/proposals/${id}`)).state === 'succeeded');
    const { votes } = await ask('ben', 'GET', `/proposals/${id}`);
    assert.deepEqual(
      votes.map(({ person, channel }) => `${person} ${channel}`),
      ['ben http', 'mei gitea'],
    );
    await until('a closed issue', () => forge.issues()[0]?.state === 'closed');
    assert.equal(forge.comments(1).filter(({ author }) => author === 'blastgate').length, 1);
    assert.match(forge.comments(1)[0]?.body ?? '', /succeeded[\s\S]*2 of 2 approvals/);
  } finally {
    await gate.stop();
    await Promise.all([cluster.stop(), forge.close(), chat.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
});
