// A gate that is started on a backup older than its review issues: it pauses itself, once, and says which line it lacks, in log, trail,
// metrics and doctor.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { startSandboxForge } from '../../src/sandbox/forge/start.ts';
import { openGate } from '../evidence/doors.ts';
import { memoryLog } from '../fakes/log.ts';

test('a backup that is older than what the review issues prove pauses the gate until a person has looked', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-lost-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [cluster, forge] = [await startSandboxCluster({ port: 0 }), await startSandboxForge()];
  t.after(() => Promise.all([cluster.stop(), forge.close()]));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfig(), { mode: 0o600 });
  const { apiUrl, token, owner, repo } = forge;
  const env = { GITEA_API_URL: apiUrl, GITEA_API_TOKEN: token, GITEA_REPO_OWNER: owner, GITEA_REPO_NAME: repo };
  const [first, restored] = [join(folder, 'first'), join(folder, 'restored')];
  const open = async (data: string) => {
    const log = memoryLog();
    const gate = await openGate(data, kubeconfig, {}, { env, log });
    return {
      ...gate,
      log,
      events: () => log.lines.map(({ event }) => event),
      isPaused: async () => {
        const text = await (await fetch(`${gate.url}/metrics`)).text();
        return { isPaused: /^blastgate_paused 1$/m.test(text), text };
      },
    };
  };
  const until = async (what: string, done: () => Promise<boolean> | boolean): Promise<void> => {
    for (let tries = 0; tries < 600; tries += 1) {
      if (await done()) return;
      await pause(50);
    }
    assert.fail(`it never came to: ${what}`);
  };
  const propose = async (gate: Awaited<ReturnType<typeof open>>, incident: string, issues: number) => {
    const argv = ['kubectl', 'scale', 'deployment/api', '--replicas=0', '-n', 'production'];
    const { status } = await gate.call('healer', 'POST', '/proposals', { incident, argv });
    assert.equal(status, 201);
    await until('an issue with its status', () => forge.comments(issues).length === 1);
  };

  const gate = await open(first);
  await propose(gate, 'INC-1', 1);
  await until('heads compared', () => gate.events().includes('heads_compared'));
  mkdirSync(restored, { mode: 0o700 });
  execFileSync('sqlite3', [join(first, 'blastgate.db'), `.backup ${join(restored, 'blastgate.db')}`]);
  for (const name of ['hidden.key', 'ca'])
    if (existsSync(join(first, name))) cpSync(join(first, name), join(restored, name), { recursive: true });
  await propose(gate, 'INC-2', 2);
  const { isPaused, text } = await gate.isPaused();
  assert.equal(isPaused, false);
  assert.match(text, /^blastgate_audit_last_line \d+$/m);
  assert.match(text, /^blastgate_audit_chain 1$/m);
  assert.match(text, /^blastgate_poll_leading\{peer="forge gitea"\} 1$/m);
  assert.ok(gate.events().includes('audit_head'));
  await gate.stop();

  const again = await open(restored);
  await until('a pause', async () => (await again.isPaused()).isPaused);
  const [lost] = again.log.lines.filter(({ event }) => event === 'history_lost');
  assert.match(JSON.stringify(lost?.fields), /"shown_by":"issue #\d"/);
  assert.equal((await again.call('ana', 'POST', '/resume')).status, 200);
  await until('heads compared', () => again.events().includes('heads_compared'));
  await again.stop();

  const third = await open(restored);
  t.after(() => third.stop());
  await until('heads compared', () => third.events().includes('heads_compared'));
  assert.equal(await third.gate.store.controls.paused(null, AbortSignal.timeout(5000)), false, 'a person has looked');
  assert.ok(!third.events().includes('history_lost'));
});
